using System.Net;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Replies;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Routers.RadSec;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Radius.RadSec;
using EasyIsp.Radius.Routers;
using EasyIsp.Radius.Tests.RadSec;
using EasyIsp.Core.Tenancy;
using EasyIsp.Radius.Policy;
using EasyIsp.Radius.Subscribers;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>The whole worker on a database of its own, with a tenant, and the means to give it customers and routers.</summary>
public sealed class Isp : IAsyncDisposable
{
    public const string Secret = "testing123";
    public const string Mac = "BC:24:11:EB:56:4D";

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    private static volatile byte[]? _authority;

    private readonly TestWorker _worker;

    private Isp(World world, TestWorker worker) => (World, _worker) = (world, worker);

    public World World { get; }

    internal T Worker<T>() where T : notnull => _worker.Get<T>();

    internal IPEndPoint Auth => _worker.Auth;
    internal IPEndPoint Acct => _worker.Acct;
    internal IPEndPoint RadSec => Worker<RadSecPort>().Endpoints.Single();

    /// <param name="rejectDelay">Runs on the world's clock; none unless a test is about it.</param>
    /// <param name="spoolPath">None: what the database does not take is not answered.</param>
    internal static async Task<Isp> OpenAsync(
        PostgresServer server, TimeSpan rejectDelay = default, string? spoolPath = null, Action<RadiusOptions>? configure = null)
    {
        var world = await World.OpenAsync(server);
        return new Isp(world, await TestWorker.StartAsync(
            world, rejectDelay, spoolPath, services => services.PostConfigure<RadiusOptions>(options => configure?.Invoke(options))));
    }

    /// <summary>One that takes RadSec connections too.</summary>
    /// <param name="now">For peers that have a clock of their own.</param>
    internal static async Task<Isp> OpenRadSecAsync(
        PostgresServer server, Action<RadSecOptions>? radSec = null, DateTimeOffset? now = null)
    {
        var world = await World.OpenAsync(server);
        world.Clock.SetUtcNow(now ?? world.Clock.GetUtcNow());
        await FoundAuthorityAsync(world);
        var worker = await TestWorker.StartAsync(world, configure: services => services.PostConfigure<RadSecOptions>(options =>
        {
            options.Port = 0;
            radSec?.Invoke(options);
        }));
        await EventuallyAsync(() => Task.FromResult(worker.Get<ServerCertificate>().Context is not null));
        return new Isp(world, worker);
    }

    /// <summary>Its key takes seconds to make: all worlds have the same.</summary>
    private static async Task FoundAuthorityAsync(World world)
    {
        var keys = world.Services.GetRequiredService<NamedKeys>();
        if (_authority is { } made)
            await keys.EnsureAsync(CertificateAuthority.KeyName, () => made, CancellationToken);
        else
            await world.Services.GetRequiredService<CertificateAuthority>().EnsureAsync(CancellationToken);
        _authority = keys.Read(CertificateAuthority.KeyName);
    }

    /// <summary>A second worker on the same database.</summary>
    internal Task<TestWorker> JoinAsync() => TestWorker.StartAsync(World);

    /// <summary>Adds a router and waits until the worker knows it.</summary>
    internal async Task<TestNas> AddRouterAsync(string address = "127.0.1.1", string secret = Secret, int coaPort = 3799, Guid? tenantId = null)
    {
        var tenant = tenantId ?? World.TenantId;
        var router = Router.Add(
            tenant, $"Router {address}", IPAddress.Parse(address), Protect(tenant, secret), World.Clock.GetUtcNow());
        router.Change(router.Name, router.Address, coaPort, MessageAuthenticatorRule.Auto);
        await World.WriteAsync(tenant, db =>
        {
            db.Routers.Add(router);
            return Task.FromResult(0);
        });
        await EventuallyAsync(() => Task.FromResult(Worker<NasDirectory>().Find(tenant, router.Id) is not null));
        return new TestNas(Auth, Acct, router.Id, address, secret);
    }

    public async Task<IssuedCertificate> IssueCertificateAsync(Guid routerId, Guid? tenantId = null)
    {
        var issued = (await World.AsTenantAsync<RadSecDesk, IssuedCertificate?>(
            tenantId ?? World.TenantId, desk => desk.IssueAsync(routerId, CancellationToken)))!;
        await EventuallyAsync(() => Task.FromResult(Worker<NasDirectory>().FindByCertificate(RadSecRouter.FingerprintOf(issued)) is not null));
        return issued;
    }

    /// <summary>Changes a stored router and lets the worker hear of it.</summary>
    public Task ChangeRouterAsync(Guid routerId, Action<Router> change, Guid? tenantId = null) => ReloadedAsync(() => World.WriteAsync(
        tenantId ?? World.TenantId,
        async db =>
        {
            change(await db.Routers.SingleAsync(r => r.Id == routerId, CancellationToken));
            return 0;
        }));

    /// <summary>Does something and waits until the worker has read its routers after it.</summary>
    public async Task ReloadedAsync(Func<Task> deed)
    {
        var replaced = new TaskCompletionSource();
        void Heard(object? sender, EventArgs args) => replaced.TrySetResult();
        Worker<NasDirectory>().Replaced += Heard;
        await deed();
        await replaced.Task.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, CancellationToken);
        Worker<NasDirectory>().Replaced -= Heard;
    }

    public async Task<Customer> AddCustomerAsync(
        string userName, string? password = null, AccessType accessType = AccessType.Hotspot, string? mac = null, Guid? tenantId = null)
    {
        var tenant = tenantId ?? World.TenantId;
        return await World.WriteAsync(tenant, async db =>
        {
            var number = await db.TakeNumbersAsync(TenantCounters.Customers, 1, World.Clock, CancellationToken);
            var customer = Customer.Register(
                tenant, number, accessType, new CustomerProfile(userName), userName,
                password is null ? null : Protect(tenant, password), World.Clock.GetUtcNow());
            if (mac is not null)
                customer.SeenWith(mac);
            db.Customers.Add(customer);
            return customer;
        });
    }

    public Task<Package> AddPackageAsync(PackageTerms? terms = null, AccessType accessType = AccessType.Hotspot, Guid? tenantId = null)
    {
        var tenant = tenantId ?? World.TenantId;
        return World.WriteAsync(tenant, db =>
        {
            var package = Package.Create(tenant, accessType, terms ?? Hour, World.Clock.GetUtcNow());
            db.Packages.Add(package);
            return Task.FromResult(package);
        });
    }

    public static PackageTerms Hour { get; } = new("Hour", 20, TimeSpan.FromHours(1), 5000, 2000);

    public Task<Subscription> SellAsync(Customer customer, Package package)
        => World.WriteAsync(customer.TenantId, db => World.Services.GetRequiredService<Selling>()
            .SellAsync(db, customer.Id, package, price: 0, PurchaseMeans.Gift, CancellationToken));

    /// <summary>A customer who may come in: his package, his subscription.</summary>
    public async Task<Customer> AddSubscriberAsync(
        string userName, string? password = "hello123", AccessType accessType = AccessType.Hotspot, PackageTerms? terms = null,
        string? mac = null, Guid? tenantId = null)
    {
        var customer = await AddCustomerAsync(userName, password, accessType, mac, tenantId);
        await SellAsync(customer, await AddPackageAsync(terms, accessType, tenantId));
        return customer;
    }

    /// <summary>What staff decide of a customer's connection.</summary>
    public Task ConnectAsync(Customer customer, ConnectionDraft draft)
        => World.AsTenantAsync<ConnectionDesk, int>(async desk =>
        {
            var inHand = await desk.TakeInHandAsync(customer.Id, CancellationToken);
            Assert.IsType<ConnectionOutcome.Saved>(await desk.ChangeAsync(customer.Id, draft, inHand!.Draft, CancellationToken));
            return 0;
        });

    public static ConnectionDraft AnyConnection { get; } = new(null, null, DeviceLock.Off, []);

    public Task AddAttributesAsync(ReplyOwnerKind kind, Guid ownerId, params ReplyDraft[] attributes)
        => World.AsTenantAsync<ReplyDesk, int>(async desk =>
        {
            Assert.IsType<ReplyOutcome.Saved>(await desk.ReplaceAsync(new ReplyOwner(kind, ownerId), attributes, [], CancellationToken));
            return 0;
        });

    /// <summary>Lets the refused in somewhere, and waits until the worker does.</summary>
    public async Task OfferLimitedAccessAsync(LimitedReason reason, TimeSpan length)
    {
        var terms = new LimitedAccessTerms(reason, "pool-unpaid", "unpaid", 512, length);
        await World.AsTenantAsync<LimitedAccessDesk, int>(async desk =>
        {
            Assert.Null(await desk.OfferAsync(terms, CancellationToken));
            return 0;
        });
        var attempt = new LoginAttempt(World.TenantId, Guid.Empty, "", default, AccessType.Pppoe, null, false);
        var refusal = Enum.GetValues<Refusal>().First(why => LimitedTerms.ReasonOf(attempt, why) == reason);
        await EventuallyAsync(() => Task.FromResult(Worker<AccessSettings>().LimitedFor(attempt, refusal) is not null));
    }

    public Task<LoginPair> IssueTokenAsync(Customer customer, string mac = Mac)
        => World.WriteAsync(db => Task.FromResult(World.Services.GetRequiredService<LoginTokens>().Issue(db, customer, mac)));

    public Secret Protect(Guid tenant, string value) => World.Services.GetRequiredService<SecretCodec>().Protect(tenant, value);

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Worker<PlatformDataSource>().Value.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(CancellationToken);
    }

    /// <summary>Lets the worker's clock run until the database says so.</summary>
    public async Task BecomesAsync(string expected, string columns)
    {
        var last = "nothing, since the database did not answer";
        await EventuallyAsync(
            async () =>
            {
                World.Clock.Advance(TimeSpan.FromSeconds(1));
                try
                {
                    last = await QueryAsync(columns);
                    return last == expected;
                }
                catch (Npgsql.NpgsqlException)
                {
                    return false; // a connection that an outage broke
                }
            },
            () => $"It was '{last}' in the end, not '{expected}'.");
    }

    /// <summary>One row of text, its columns joined by a bar; several rows by semicolons.</summary>
    public async Task<string> QueryAsync(string columns)
    {
        await using var command = Worker<PlatformDataSource>().Value.CreateCommand($"select concat_ws('|', {columns})");
        await using var reader = await command.ExecuteReaderAsync(CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(CancellationToken))
            rows.Add(reader.GetString(0));
        return string.Join(';', rows);
    }

    /// <summary>Does something and waits until the worker has heard of it: what it remembers from then on it keeps.</summary>
    public async Task HearingOfAsync(string table, Func<Task> deed)
    {
        var heard = new TaskCompletionSource();
        using var subscription = Worker<ChangeFeed>().Subscribe(change =>
        {
            if (change.Table == table)
                heard.TrySetResult();
        });
        await deed();
        await heard.Task.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, CancellationToken);
    }

    /// <summary>Waits for what other threads do; fails after ten seconds.</summary>
    /// <param name="instead">What there is instead, for whoever reads that it did not happen.</param>
    public static async Task EventuallyAsync(Func<Task<bool>> condition, Func<string>? instead = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(15),
                $"It did not happen within fifteen seconds. {instead?.Invoke()}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await World.DisposeAsync();
    }
}
