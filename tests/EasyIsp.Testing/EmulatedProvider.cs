using EasyIsp.Emulators.Daraja;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Testing;

/// <summary>The emulated Safaricom on an address of its own, by the machine's clock.</summary>
public sealed class EmulatedProvider : IAsyncDisposable
{
    private readonly WebApplication _server;

    private EmulatedProvider(WebApplication server) => _server = server;

    /// <summary>What an account's own address is set to.</summary>
    public Uri Address => new($"{_server.Urls.Single()}/daraja");

    public DarajaEmulator Daraja => _server.Services.GetRequiredService<DarajaEmulator>();

    /// <summary>Customers who pay from their phone's menu.</summary>
    public DarajaC2b Menu => _server.Services.GetRequiredService<DarajaC2b>();

    public static async Task<EmulatedProvider> StartAsync(DarajaEmulatorOptions options, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddDarajaEmulator(options);
        var server = builder.Build();
        server.MapDarajaEmulator();
        await server.StartAsync(cancellationToken);
        return new EmulatedProvider(server);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
