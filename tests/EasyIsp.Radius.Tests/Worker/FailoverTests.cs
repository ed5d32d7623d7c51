using System.Net;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Tests.Spool;
using EasyIsp.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>Two worker processes on one database, a router's first and second server, of which now one and now the other is killed.</summary>
public sealed class FailoverTests(PostgresServer server) : IDisposable
{
    private const int Homes = 24;

    /// <summary>RouterOS gives a server 300 ms and three tries before it asks the next.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    private readonly TemporaryDirectory[] _spools = [new(), new()];
    private readonly IPEndPoint[] _acct = [FreeEndpoint(), FreeEndpoint()];
    private long _uploaded;
    private int _answers;

    public void Dispose() => Array.ForEach(_spools, spool => spool.Dispose());

    [Fact]
    public async Task Whichever_of_two_workers_is_killed_under_load_the_other_takes_its_records_and_none_counts_twice()
    {
        await using var world = await World.OpenAsync(server, services => services.AddSingleton(TimeProvider.System));
        await SetUpAsync(world);
        var certificate = await world.WriteKeyRingCertificateAsync(CancellationToken);
        var workers = await Task.WhenAll(StartAsync(world, certificate, 0), StartAsync(world, certificate, 1));
        await using var first = workers[0];
        await using var second = workers[1];

        using var isOver = new CancellationTokenSource();
        var load = Enumerable.Range(0, Homes).Select(home => ReportAsync(home, isOver.Token)).ToArray();
        await MoreAnswersAsync(10 * Homes);
        foreach (var victim in workers)
        {
            await victim.KillAsync();
            await MoreAnswersAsync(3 * Homes);
            await victim.StartAsync(CancellationToken);
            await MoreAnswersAsync(10 * Homes);
        }

        await isOver.CancelAsync();
        await Task.WhenAll(load);
        await UntilAsync(() => _spools.All(spool => spool.Segments.Length == 0));
        await using var connection = new NpgsqlConnection(world.Database.Admin);
        await connection.OpenAsync(CancellationToken);
        Assert.Equal($"{Homes}|{Homes}|{_uploaded}", await ReadAsync(connection, "select concat_ws('|', count(*), count(distinct nas_session_id), sum(uploaded_bytes)) from open_sessions"));
        Assert.Equal($"{_uploaded}", await ReadAsync(connection, "select sum(uploaded_bytes)::text from usage_by_day"));
    }

    /// <summary>A session whose router sends a record to the other server when the one it asks is silent, and stays with that.</summary>
    private async Task ReportAsync(int home, CancellationToken isOver)
    {
        using var toFirst = new TestNas(_acct[0], _acct[0], Guid.Empty, "127.0.1.1", Isp.Secret);
        using var toSecond = new TestNas(_acct[1], _acct[1], Guid.Empty, "127.0.1.1", Isp.Secret);
        var (asked, other) = home % 2 == 0 ? (toFirst, toSecond) : (toSecond, toFirst);
        var random = new Random(home);
        var traffic = new Traffic(Town.UserNameOf(home), $"8100{home:x4}", Mac: Town.LoginOf(home).Mac);
        var status = AcctStatusType.Start;
        var began = TimeProvider.System.GetTimestamp();
        while (!isOver.IsCancellationRequested)
        {
            var octets = status is AcctStatusType.Start ? 0 : random.Next(1, 1_000_000_000);
            traffic = traffic with { Uploaded = traffic.Uploaded + octets, Seconds = (uint)TimeProvider.System.GetElapsedTime(began).TotalSeconds };
            var request = asked.AccountingRequest(status, traffic);
            while (await asked.TryAskAsync(request, Patience, CancellationToken) is null)
                (asked, other) = (other, asked);

            status = AcctStatusType.InterimUpdate;
            Interlocked.Add(ref _uploaded, octets);
            Interlocked.Increment(ref _answers);
        }
    }

    private async Task<ProductProcess> StartAsync(World world, string certificate, int number)
    {
        var environment = world.ProcessEnvironment(certificate);
        environment["Radius__AuthPort"] = "0";
        environment["Radius__AcctPort"] = $"{_acct[number].Port}";
        environment["Radius__SpoolPath"] = _spools[number].Path;
        return await ProductProcess.StartAsync("EasyIsp.Radius", environment, CancellationToken);
    }

    private static async Task SetUpAsync(World world)
    {
        world.Clock.SetUtcNow(TimeProvider.System.GetUtcNow());
        await Town.SettleAsync(world, Homes);
        await world.WriteAsync(db =>
        {
            var secret = world.Services.GetRequiredService<SecretCodec>().Protect(world.TenantId, Isp.Secret);
            db.Routers.Add(Router.Add(world.TenantId, "Mast", IPAddress.Parse("127.0.1.1"), secret, world.Clock.GetUtcNow()));
            return Task.FromResult(0);
        });
    }

    private Task MoreAnswersAsync(int more)
    {
        var until = Volatile.Read(ref _answers) + more;
        return UntilAsync(() => Volatile.Read(ref _answers) >= until);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
    }

    private static async Task<string> ReadAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (string)(await command.ExecuteScalarAsync(CancellationToken))!;
    }

    private static IPEndPoint FreeEndpoint() => new(IPAddress.Loopback, ProductProcess.FreeUdpPort());
}
