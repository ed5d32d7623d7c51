using EasyIsp.Core;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Emulators.Daraja;
using EasyIsp.Emulators.Forwarding;
using EasyIsp.Emulators.Routers;
using EasyIsp.Emulators.Sms;
using Microsoft.Extensions.Options;

namespace EasyIsp.Emulators.Demonstration;

/// <summary>The product's own services, as the seed and the set-up of the emulators need them.</summary>
internal static class DemoServices
{
    /// <summary>Founds the demonstration.</summary>
    /// <returns>Its sign-ins, told this once.</returns>
    public static async Task<IReadOnlyList<DemoSignIn>> SeedAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        var addresses = DemoAddresses.Read(configuration);
        var clock = new SeedClock();
        var provider = new PaperProvider(clock);
        var services = new ServiceCollection()
            .AddLogging(logging => logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning))
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton<IDarajaClient>(provider)
            .AddSingleton(configuration)
            .AddSingleton(Options.Create(new PaymentsOptions { PublicUrl = addresses.Portal.AbsoluteUri }));
        services.AddCore(configuration).AddSecrets(configuration, makesKeys: false);
        services.AddStaff();
        services.AddSingleton<PromptSender>().AddSingleton<CallbackQueue>().AddSingleton<DemoNetwork>();
        services.AddSingleton<IDarajaOperations>(provider);
        services.AddSingleton<IDarajaClient>(provider); // the last one registered is the one that counts

        await using var built = services.BuildServiceProvider();
        return await new DemoSeed(built, provider, clock, addresses).RunAsync(cancellationToken);
    }

    /// <summary>Reads from the product's database whom and what the emulators stand for.</summary>
    /// <returns>Who pays by himself, and the phone that the owner's SMS come to.</returns>
    public static async Task<(List<HomePayer> Homes, OwnersPhoneOptions Phone)> ReadAsync(
        IConfiguration configuration, DarajaEmulatorOptions daraja, SmsEmulatorOptions sms, EmulatedRoutersOptions network)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton(configuration);
        services.AddPersistence(configuration).AddSecrets(configuration, makesKeys: false).AddSingleton<DemoNetwork>();
        await using var built = services.BuildServiceProvider();
        var demonstration = built.GetRequiredService<DemoNetwork>();
        await demonstration.SetUpAsync(daraja, sms, network, DemoAddresses.Read(configuration), CancellationToken.None);
        return (
            await demonstration.PayersAsync(CancellationToken.None),
            await demonstration.OwnersPhoneAsync(DemoAddresses.Read(configuration).Portal, CancellationToken.None));
    }
}
