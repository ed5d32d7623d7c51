using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Tests.Listen;
using EasyIsp.Radius.Tests.Spool;
using EasyIsp.Testing;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>After a power cut everybody comes at once.</summary>
public sealed class LoginStormTests(PostgresServer server)
{
    private const int Homes = 20_000;
    private const int Online = 64;
    private const int Lines = 64;

    private static readonly TimeSpan StormMayLast = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<int> _waiting = new(Enumerable.Range(Online, Homes));
    private long _uploaded;
    private long _reports;

    [Fact]
    public async Task Twenty_thousand_customers_are_back_within_a_minute_while_accounting_runs_and_no_octet_is_lost_or_doubled()
    {
        using var directory = new TemporaryDirectory();
        await using var isp = await Isp.OpenAsync(server, spoolPath: directory.Path);
        await Town.SettleAsync(isp.World, Homes + Online);
        using var mast = await isp.AddRouterAsync("127.0.1.1");
        using var market = await isp.AddRouterAsync("127.0.1.2");

        using var isOver = new CancellationTokenSource();
        var online = Enumerable.Range(0, Online).Select(home => StayOnlineAsync(isp, market.Id, home, isOver.Token)).ToArray();
        var storm = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Lines).Select(_ => ComeBackAsync(isp, mast.Id)));
        storm.Stop();
        await isOver.CancelAsync();
        await Task.WhenAll(online);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Homes} were back after {storm.Elapsed.TotalSeconds:0.0} s; {_reports} reports of others meanwhile");

        Assert.InRange(storm.Elapsed, TimeSpan.Zero, StormMayLast);
        Assert.True(_reports > Online, "Nobody else reported meanwhile.");
        await isp.BecomesAsync($"{Homes + Online}|{Homes + Online}|{_uploaded}", "count(*), count(distinct user_name), sum(uploaded_bytes)) from open_sessions --");
        Assert.Equal($"{_uploaded}", await isp.QueryAsync("sum(uploaded_bytes)) from usage_by_day --"));
        Assert.Equal("0", await isp.QueryAsync("count(*)) from sessions --"));
    }

    [Fact]
    public async Task While_one_companys_customers_all_come_at_once_anothers_login_is_answered_in_its_time()
    {
        await using var isp = await Isp.OpenAsync(server, configure: options => options.RequestsOfRouter = 128);
        await Town.SettleAsync(isp.World, 6000);
        using var storming = await isp.AddRouterAsync("127.0.1.1");
        var other = await isp.World.FoundTenantAsync("highland", "Highland Net");
        using var calm = await isp.AddRouterAsync("127.0.1.2", tenantId: other);
        await isp.AddSubscriberAsync("ali", tenantId: other);
        using var counts = new RadiusCounts(isp.Worker<IMeterFactory>());

        var burst = Task.WhenAll(Enumerable.Range(0, 24).Select(line => BurstAsync(isp, storming.Id, 250 * line, 250)));
        await counts.UntilAsync("radius.drops", "too_many_in_work", 1, TestContext.Current.CancellationToken);
        var waited = Stopwatch.StartNew();
        var answer = await calm.InsistAsync(calm.AccessRequest("ali", "hello123"), TestContext.Current.CancellationToken);
        waited.Stop();
        await burst;

        Assert.Equal(PacketCode.AccessAccept, answer.Code);
        Assert.InRange(waited.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"answered after {waited.ElapsedMilliseconds} ms; {counts.Of("radius.drops", "too_many_in_work")} of the storm were dropped");
    }

    /// <summary>One of the router's lines: logs one home in after the other, and reports that its session has begun.</summary>
    private async Task ComeBackAsync(Isp isp, Guid router)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var nas = new TestNas(isp, router, "127.0.1.1", Isp.Secret);
        while (_waiting.TryDequeue(out var home))
        {
            var session = await LogInAsync(nas, home);
            await nas.InsistAsync(nas.AccountingRequest(AcctStatusType.Start, session), cancellationToken);
        }
    }

    /// <summary>A session of another router that reports all the while, and at last once more.</summary>
    private async Task StayOnlineAsync(Isp isp, Guid router, int home, CancellationToken isOver)
    {
        using var nas = new TestNas(isp, router, "127.0.1.2", Isp.Secret);
        var random = new Random(home);
        var session = await LogInAsync(nas, home);
        await nas.InsistAsync(nas.AccountingRequest(AcctStatusType.Start, session), TestContext.Current.CancellationToken);
        do
        {
            var octets = random.Next(1, 1_000_000_000);
            session = session with { Seconds = session.Seconds + 1, Uploaded = session.Uploaded + octets };
            await nas.InsistAsync(nas.AccountingRequest(AcctStatusType.InterimUpdate, session), TestContext.Current.CancellationToken);
            Interlocked.Add(ref _uploaded, octets);
            Interlocked.Increment(ref _reports);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        }
        while (!isOver.IsCancellationRequested);
    }

    private static async Task<Traffic> LogInAsync(TestNas nas, int home)
    {
        var login = Town.LoginOf(home);
        var request = nas.AccessRequest(Town.UserNameOf(home), Town.PasswordOf(home), login);
        var answer = await nas.InsistAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(PacketCode.AccessAccept, answer.Code);
        return new Traffic(Town.UserNameOf(home), $"81{home:x6}", answer.Class, Mac: login.Mac);
    }

    private static async Task BurstAsync(Isp isp, Guid router, int first, int count)
    {
        using var nas = new TestNas(isp, router, "127.0.1.1", Isp.Secret);
        for (var home = first; home < first + count; home++)
            await nas.SendAsync(nas.AccessRequest(Town.UserNameOf(home), Town.PasswordOf(home), Town.LoginOf(home)));
    }
}
