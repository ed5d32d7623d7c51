using System.Diagnostics;
using System.Net.Sockets;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Sms;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Core.Shared;
using EasyIsp.Emulators.Daraja;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EasyIsp.Testing.Chaos;

/// <summary>
/// A company with a Paybill, later a till, a drawer and a bank account: PostgreSQL, Portal and Web as processes of their
/// own, which may be killed, and the emulated Safaricom, which may not.
/// </summary>
internal sealed class ChaosTown : IAsyncDisposable
{
    public const string Paybill = "600111";
    public const string TillStore = "600222";
    public const string TillNumber = "555666";
    public const decimal Price = 50;
    public const int PhonesOfAccount = 4;

    private const int HomeCount = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Stack<IAsyncDisposable> _made;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private ChaosTown(
        Stack<IAsyncDisposable> made, PostgresCluster cluster, World world, EmulatedProvider provider, ProductProcess portal, ProductProcess web)
        => (_made, Cluster, World, Provider, Portal, Web) = (made, cluster, world, provider, portal, web);

    public PostgresCluster Cluster { get; }
    public World World { get; }
    public EmulatedProvider Provider { get; }
    public ProductProcess Portal { get; }
    public ProductProcess Web { get; }
    public Guid PackageId { get; private set; }
    public Guid PaybillId { get; private set; }
    public Guid? TillId { get; private set; }
    public Guid DrawerId { get; private set; }
    public Guid BankId { get; private set; }

    /// <summary>Customers who pay by themselves, with the number that they type at the Paybill.</summary>
    public IReadOnlyList<(Guid Id, long Number)> Homes { get; private set; } = [];

    /// <summary>By the short code that they tell of.</summary>
    public Dictionary<string, IReadOnlyList<ForwardingApp>> Phones { get; } = [];

    public static async Task<ChaosTown> FoundAsync(CancellationToken cancellationToken)
    {
        var made = new Stack<IAsyncDisposable>();
        try
        {
            var cluster = Keep(await PostgresCluster.StartNewAsync(cancellationToken));
            var server = Keep(PostgresServer.At(cluster.Admin));
            await server.InitializeAsync();
            var world = Keep(await World.OpenAsync(server, services => services.AddSingleton(TimeProvider.System)));
            var provider = Keep(await EmulatedProvider.StartAsync(OptionsOfSafaricom(), cancellationToken));
            var environment = world.ProcessEnvironment(await world.WriteKeyRingCertificateAsync(cancellationToken));
            var address = new Uri($"http://127.0.0.1:{ProductProcess.FreePort()}");
            environment["Portal__PublicUrl"] = address.GetLeftPart(UriPartial.Authority);
            var portal = Keep(await ProductProcess.StartAsync("EasyIsp.Portal", environment, cancellationToken, address));
            var web = Keep(await ProductProcess.StartAsync("EasyIsp.Web", environment, cancellationToken));
            var town = new ChaosTown(made, cluster, world, provider, portal, web);
            await town.SetUpAsync(cancellationToken);
            return town;
        }
        catch
        {
            await DisposeAsync(made);
            throw;
        }

        T Keep<T>(T thing) where T : IAsyncDisposable
        {
            made.Push(thing);
            return thing;
        }
    }

    /// <summary>From now on prompts are the till's: the newest account is the one in use.</summary>
    public async Task OpenTillAsync(CancellationToken cancellationToken)
        => TillId = await OpenAsync(new NewPaymentAccount("Till", Provider.Address.AbsoluteUri, TillStore, TillNumber, "till-key", "till-secret", "till-passkey"), cancellationToken);

    /// <summary>
    /// As people do it: what the database's absence spoilt is done once more, until patience ends. So each such deed has to
    /// bear that.
    /// </summary>
    public async Task<T> InsistAsync<TService, T>(Func<TService, Task<T>> work, CancellationToken cancellationToken) where TService : notnull
    {
        var insisting = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await World.AsTenantAsync(work);
            }
            catch (Exception exception) when (
                !cancellationToken.IsCancellationRequested && insisting.Elapsed < Patience && IsDatabaseAway(exception))
            {
                await Task.Delay(200, cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await DisposeAsync(_made);
    }

    /// <summary>The newest first, and each of them whatever becomes of the others.</summary>
    private static async Task DisposeAsync(Stack<IAsyncDisposable> made)
    {
        if (!made.TryPop(out var newest))
            return;
        try
        {
            await newest.DisposeAsync();
        }
        catch (Exception exception) when (IsDatabaseAway(exception))
        {
            // It was killed and is not back. What was to be dropped goes with its cluster.
        }
        finally
        {
            await DisposeAsync(made);
        }
    }

    private static bool IsDatabaseAway(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is NpgsqlException { IsTransient: true } or PostgresException { SqlState: "57P01" or "57P02" or "57P03" } or IOException or SocketException)
                return true;
        }

        return false;
    }

    private async Task SetUpAsync(CancellationToken cancellationToken)
    {
        PaybillId = await OpenAsync(new NewPaymentAccount("Paybill", Provider.Address.AbsoluteUri, Paybill, null, "key", "secret", "passkey"), cancellationToken);
        await World.AsTenantAsync<ForwardingDesk, bool>(desk => desk.LetBookAsync(PaybillId, Enum.GetValues<MoneySmsFamily>(), cancellationToken));
        DrawerId = await OpenCounterAsync("Drawer", Rail.Cash, cancellationToken);
        BankId = await OpenCounterAsync("Bank", Rail.Bank, cancellationToken);
        PackageId = await World.PackageAsync("Day", Price, days: 1, AccessType.Hotspot);
        for (var home = 1; home <= HomeCount; home++)
            await World.CustomerAsync($"Home {home}");
        Homes = await World.ReadAsync(async db => (await db.Customers.Select(c => new { c.Id, c.Number }).ToListAsync(cancellationToken)).ConvertAll(c => (c.Id, c.Number)));
    }

    /// <summary>Opened, registered for what people pay by themselves, pulled, and with a phone that gets its SMS.</summary>
    private async Task<Guid> OpenAsync(NewPaymentAccount account, CancellationToken cancellationToken)
    {
        var opened = await InsistAsync<PaymentAccounts, Guid>(accounts => OpenOnceAsync(accounts, account, cancellationToken), cancellationToken);
        await InsistAsync<C2bRegistrations, object?>(
            async registrations => await registrations.RegisterAsync(opened, Portal.Address, cancellationToken), cancellationToken);
        await InsistAsync<PullDesk, object?>(
            async desk => await desk.RegisterAsync(opened, "0722000000", Portal.Address, cancellationToken), cancellationToken);
        List<ForwardingApp> phones = [];
        while (phones.Count < PhonesOfAccount)
        {
            var draft = new ForwardingPhoneDraft($"Phone {phones.Count + 1} of {account.Name}", opened, Signs: true);
            var phone = (AddPhoneOutcome.Added)await InsistAsync<ForwardingDesk, AddPhoneOutcome>(
                desk => desk.AddAsync(draft, cancellationToken), cancellationToken);
            phones.Add(new ForwardingApp(_http, new Uri(Portal.Address, phone.Path), phone.Key!));
        }

        Phones[account.ShortCode] = phones;
        return opened;
    }

    /// <summary>An answer that was lost may have been that it is open.</summary>
    private static async Task<Guid> OpenOnceAsync(PaymentAccounts accounts, NewPaymentAccount account, CancellationToken cancellationToken)
    {
        if ((await accounts.ListAsync(cancellationToken)).FirstOrDefault(known => known.ShortCode == account.ShortCode) is { } open)
            return open.Id;
        return await accounts.OpenAsync(account, cancellationToken) is OpenAccountOutcome.Opened opened
            ? opened.AccountId
            : throw new InvalidOperationException($"{account.Name} could not be opened.");
    }

    private async Task<Guid> OpenCounterAsync(string name, Rail rail, CancellationToken cancellationToken)
        => (await World.AsTenantAsync<CounterAccounts, Guid?>(accounts => accounts.OpenAsync(new NewCounterAccount(name, rail), cancellationToken)))!.Value;

    private static DarajaEmulatorOptions OptionsOfSafaricom() => new()
    {
        Merchants =
        [
            new DarajaMerchant { ConsumerKey = "key", ConsumerSecret = "secret", ShortCode = Paybill, Passkey = "passkey" },
            new DarajaMerchant { ConsumerKey = "till-key", ConsumerSecret = "till-secret", ShortCode = TillStore, Passkey = "till-passkey", Till = TillNumber },
        ],
    };
}
