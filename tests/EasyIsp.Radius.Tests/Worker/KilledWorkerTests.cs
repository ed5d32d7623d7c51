using System.Collections.Concurrent;
using System.Net;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Tests.Spool;
using EasyIsp.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>RAD-56: what was answered is kept, whatever is killed.</summary>
public sealed class KilledWorkerTests(PostgresServer server)
{
    private const int Sessions = 12;
    private const int Kills = 3;

    private readonly ConcurrentDictionary<int, Counted> _counted = new();
    private long _answers;

    [Fact]
    public async Task A_worker_killed_while_the_database_is_away_loses_nothing_that_it_has_answered()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var directory = new TemporaryDirectory();
        await using var world = await World.OpenAsync(server, services => services.AddSingleton(TimeProvider.System));
        await SetUpAsync(world);
        var acct = new IPEndPoint(IPAddress.Loopback, ProductProcess.FreeUdpPort());
        var environment = world.ProcessEnvironment(await world.WriteKeyRingCertificateAsync(cancellationToken));
        environment["Radius__AuthPort"] = "0";
        environment["Radius__AcctPort"] = $"{acct.Port}";
        environment["Radius__SpoolPath"] = directory.Path;
        await using var worker = await ProductProcess.StartAsync("EasyIsp.Radius", environment, cancellationToken);

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var load = Enumerable.Range(0, Sessions).Select(session => ReportAsync(session, acct, enough.Token)).ToArray();
        await MoreAnswersAsync(5 * Sessions, cancellationToken);
        for (var kill = 0; kill < Kills; kill++)
        {
            var outage = await Outage.BeginAsync(world.Database);
            await MoreAnswersAsync(20 * Sessions, cancellationToken);
            await worker.KillAsync();
            Assert.NotEmpty(directory.Segments);

            var starting = worker.StartAsync(cancellationToken);
            await outage.EndAsync();
            await starting;
            await MoreAnswersAsync(5 * Sessions, cancellationToken);
        }

        await enough.CancelAsync();
        await Task.WhenAll(load);
        await WaitAsync(() => Task.FromResult(directory.Segments.Length == 0), cancellationToken);
        await CompareAsync(world, cancellationToken);
    }

    /// <summary>A session whose router reports it as fast as it is answered, and sends again what is not.</summary>
    private async Task ReportAsync(int session, IPEndPoint acct, CancellationToken enough)
    {
        using var nas = new TestNas(acct, acct, Guid.Empty, "127.0.1.1", Isp.Secret);
        var traffic = new Traffic($"user{session}", $"8100{session:x4}", Mac: $"AA:AA:AA:AA:AA:{session:X2}");
        var random = new Random(session);
        var answered = 0L;
        try
        {
            while (!enough.IsCancellationRequested)
            {
                _counted[session] = new Counted(answered, traffic.Uploaded);
                var request = nas.AccountingRequest(traffic.Seconds == 0 ? AcctStatusType.Start : AcctStatusType.InterimUpdate, traffic);
                await nas.InsistAsync(request, enough);

                Interlocked.Increment(ref _answers);
                _counted[session] = new Counted(answered = traffic.Uploaded, traffic.Uploaded);
                traffic = traffic with { Seconds = traffic.Seconds + 1, Uploaded = traffic.Uploaded + random.Next(1, 1_000_000_000) };
            }
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            // Its last report may have been stored or not: nobody promised.
        }
    }

    private async Task MoreAnswersAsync(long count, CancellationToken cancellationToken)
    {
        var until = Interlocked.Read(ref _answers) + count;
        await WaitAsync(() => Task.FromResult(Interlocked.Read(ref _answers) >= until), cancellationToken);
    }

    private async Task CompareAsync(World world, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(world.Database.Admin);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("""
            select substr(s.user_name, 5)::int, s.uploaded_bytes, s.session_seconds,
              (select sum(u.uploaded_bytes)::bigint from usage_by_day u where u.subscription_id = s.subscription_id),
              (select sum(u.seconds)::bigint from usage_by_day u where u.subscription_id = s.subscription_id)
            from open_sessions s
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            var counted = _counted[reader.GetInt32(0)];
            Assert.InRange(reader.GetInt64(1), counted.Answered, counted.Sent);
            Assert.Equal((reader.GetInt64(1), reader.GetInt64(2)), (reader.GetInt64(3), reader.GetInt64(4)));
            found++;
        }

        Assert.Equal(Sessions, found);
    }

    private static async Task SetUpAsync(World world) => await world.WriteAsync(async db =>
    {
        var now = TimeProvider.System.GetUtcNow();
        var codec = world.Services.GetRequiredService<SecretCodec>();
        db.Routers.Add(Router.Add(world.TenantId, "Mast", IPAddress.Parse("127.0.1.1"), codec.Protect(world.TenantId, Isp.Secret), now));
        var package = Package.Create(world.TenantId, AccessType.Hotspot, Isp.Hour, now);
        db.Packages.Add(package);
        for (var session = 0; session < Sessions; session++)
        {
            var number = await db.TakeNumbersAsync(TenantCounters.Customers, 1, TimeProvider.System, CancellationToken.None);
            var customer = Customer.Register(
                world.TenantId, number, AccessType.Hotspot, new CustomerProfile("Somebody"), $"user{session}", null, now);
            db.Customers.Add(customer);
            await world.Services.GetRequiredService<Selling>().SellAsync(
                db, customer.Id, package, price: 0, PurchaseMeans.Gift, CancellationToken.None);
        }

        return 0;
    });

    private static async Task WaitAsync(Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(3));
        while (!await condition())
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
    }

    /// <param name="Answered">Octets in the last report that was answered.</param>
    /// <param name="Sent">Octets in the last report that was sent.</param>
    private sealed record Counted(long Answered, long Sent);
}
