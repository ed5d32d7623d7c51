using System.Collections.Concurrent;
using System.Net;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Persistence;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Sessions;
using EasyIsp.Radius.Spool;
using EasyIsp.Radius.Tests.Spool;
using EasyIsp.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>RAD-74, both halves at once: the database is away for a minute, and the routers go on.</summary>
public sealed class OutageUnderLoadTests(PostgresServer server) : IAsyncLifetime
{
    private const int Homes = 40;
    private const int Stranger = Homes;

    private const string Sessions = """
        count(distinct user_name), sum(uploaded_bytes)) from (
          select user_name, uploaded_bytes from open_sessions union all select user_name, uploaded_bytes from sessions) s --
        """;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly Login Laptop = Login.Hotspot with { Mac = "AA:AA:AA:AA:AA:AA" };

    private readonly TemporaryDirectory _directory = new();
    private readonly ConcurrentBag<PacketCode> _answers = [];
    private Isp _isp = null!;
    private TestNas _nas = null!;
    private long _uploaded;
    private int _rounds;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _isp = await Isp.OpenAsync(server, spoolPath: _directory.Path);
        _nas = await _isp.AddRouterAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _nas.Dispose();
        await _isp.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task RAD_74_A_minute_without_the_database_costs_no_octet_and_refuses_nobody_who_is_known()
    {
        await Town.SettleAsync(_isp.World, Homes + 1);
        using var isOver = new CancellationTokenSource();
        var load = Enumerable.Range(0, Homes).Select(home => LiveAsync(home, isOver.Token)).ToArray();
        await RoundsAsync(2 * Homes);

        var outage = await Outage.BeginAsync(_isp.World.Database);
        var unknown = _nas.AccessRequest(Town.UserNameOf(Stranger), Town.PasswordOf(Stranger), Town.LoginOf(Stranger));
        await _nas.SendAsync(unknown);
        for (var passed = TimeSpan.Zero; passed < Minute; passed += TimeSpan.FromSeconds(1))
        {
            await RoundsAsync(Homes / 4);
            _isp.World.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(_isp.Worker<AccountingSpool>().IsEmpty);
        Assert.Null(_nas.TryReceive());
        await outage.EndAsync();
        var known = await _nas.InsistAsync(unknown, CancellationToken);
        await RoundsAsync(Homes);
        await isOver.CancelAsync();
        await Task.WhenAll(load);

        Assert.Equal(PacketCode.AccessAccept, known.Code);
        Assert.All(_answers, code => Assert.Equal(PacketCode.AccessAccept, code));
        await _isp.BecomesAsync($"{Homes}|{_uploaded}", Sessions);
        Assert.Equal($"{_uploaded}", await _isp.QueryAsync("sum(uploaded_bytes)) from usage_by_day --"));
        Assert.Empty(_directory.Segments);
    }

    [Fact]
    public async Task A_database_that_comes_back_and_goes_again_has_nobody_forgotten()
    {
        await _isp.HearingOfAsync("subscriptions", () => _isp.AddSubscriberAsync("ali"));
        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync("ali", "hello123")).Code);
        var returned = new TaskCompletionSource();
        using var feed = _isp.Worker<ChangeFeed>().Subscribe(change => _ = change.IsEverything && returned.TrySetResult());

        await using (await Outage.BeginAsync(_isp.World.Database))
            await Isp.EventuallyAsync(() => Task.FromResult(!_isp.Worker<ChangeFeed>().IsListening));
        await Isp.EventuallyAsync(() =>
        {
            _isp.World.Clock.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(returned.Task.IsCompleted);
        });
        await using var outage = await Outage.BeginAsync(_isp.World.Database);

        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync("ali", "hello123")).Code);
    }

    [Fact]
    public async Task Without_the_database_used_data_is_not_known_and_who_is_known_gets_on_with_all_of_his_limit()
    {
        const long limit = 1_000_000;
        await _isp.HearingOfAsync("subscriptions", () => _isp.AddSubscriberAsync("ali", terms: Isp.Hour with { DataLimitBytes = limit }));
        Assert.Equal(limit, (await _nas.LoginAsync("ali", "hello123")).TotalLimit);
        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Seconds: 60, Uploaded: limit));
        await Isp.EventuallyAsync(() => Task.FromResult(_isp.Worker<AccountingSpool>().IsEmpty));
        Assert.Equal("Your data is used up. Please buy again", (await _nas.LoginAsync("ali", "hello123")).Message);

        await using var outage = await Outage.BeginAsync(_isp.World.Database);
        var meanwhile = await _nas.LoginAsync("ali", "hello123");

        Assert.Equal((PacketCode.AccessAccept, limit), (meanwhile.Code, meanwhile.TotalLimit));
    }

    [Fact]
    public async Task Without_the_database_places_are_counted_by_what_this_worker_knows()
    {
        await _isp.HearingOfAsync("subscriptions", () => _isp.AddSubscriberAsync("ali"));
        var phone = await _nas.LoginAsync("ali", "hello123");
        await _nas.ReportAsync(AcctStatusType.Start, new Traffic("ali", Class: phone.Class));

        await using var outage = await Outage.BeginAsync(_isp.World.Database);
        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync("ali", "hello123")).Code);
        Assert.Equal("Your package is in use on another device", (await _nas.LoginAsync("ali", "hello123", Laptop)).Message);

        await _nas.ReportAsync(AcctStatusType.Stop, new Traffic("ali", Class: phone.Class, Seconds: 60));
        _isp.World.Clock.Advance(Places.StartsWithin);
        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync("ali", "hello123", Laptop)).Code);
    }

    [Fact]
    public async Task Without_the_database_a_one_time_password_is_neither_believed_nor_refused()
    {
        var customer = new Lazy<Task<Customer>>(() => _isp.AddSubscriberAsync("c1001", password: null));
        await _isp.HearingOfAsync("subscriptions", () => customer.Value);
        var first = await _isp.IssueTokenAsync(await customer.Value);
        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync(first.Username, first.Password)).Code);
        var second = await _isp.IssueTokenAsync(await customer.Value);

        var outage = await Outage.BeginAsync(_isp.World.Database);
        var request = _nas.AccessRequest(second.Username, second.Password);
        Assert.Null(await _nas.TryAskAsync(request, TimeSpan.FromMilliseconds(500), CancellationToken));
        await outage.EndAsync();

        Assert.Equal(PacketCode.AccessAccept, (await _nas.InsistAsync(request, CancellationToken)).Code);
    }

    [Fact]
    public async Task A_worker_that_starts_without_the_database_answers_nobody_and_begins_by_itself_when_that_is_back()
    {
        var port = ProductProcess.FreeUdpPort();
        await Town.SettleAsync(_isp.World, 1);
        await using var outage = await Outage.BeginAsync(_isp.World.Database);
        using var spool = new TemporaryDirectory();
        var starting = TestWorker.StartAsync(
            _isp.World,
            spoolPath: spool.Path,
            configure: services => services.PostConfigure<RadiusOptions>(options => options.AuthPort = port));
        var auth = new IPEndPoint(IPAddress.Loopback, port);
        using var nas = new TestNas(auth, auth, _nas.Id, "127.0.1.1", Isp.Secret);
        var request = nas.AccessRequest(Town.UserNameOf(0), Town.PasswordOf(0), Town.LoginOf(0));
        Assert.Null(await nas.TryAskAsync(request, TimeSpan.FromMilliseconds(300), CancellationToken));

        await outage.EndAsync();
        await Isp.EventuallyAsync(() =>
        {
            _isp.World.Clock.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(starting.IsCompleted);
        });
        await using var worker = await starting;
        Assert.Equal(PacketCode.AccessAccept, (await nas.InsistAsync(request, CancellationToken)).Code);
    }

    /// <summary>A home that logs in, reports, leaves and comes again, as fast as it is answered.</summary>
    private async Task LiveAsync(int home, CancellationToken isOver)
    {
        using var nas = new TestNas(_isp, _nas.Id, "127.0.1.1", Isp.Secret);
        var random = new Random(home);
        for (var session = 0; !isOver.IsCancellationRequested; session++)
        {
            var login = Town.LoginOf(home);
            var answer = await nas.InsistAsync(nas.AccessRequest(Town.UserNameOf(home), Town.PasswordOf(home), login), CancellationToken);
            _answers.Add(answer.Code);
            var octets = random.Next(1, 1_000_000_000);
            var traffic = new Traffic(Town.UserNameOf(home), $"{session:x4}{home:x4}", answer.Class, Mac: login.Mac);
            await nas.InsistAsync(nas.AccountingRequest(AcctStatusType.Start, traffic), CancellationToken);
            traffic = traffic with { Seconds = 1, Uploaded = octets };
            await nas.InsistAsync(nas.AccountingRequest(AcctStatusType.InterimUpdate, traffic), CancellationToken);
            await nas.InsistAsync(nas.AccountingRequest(AcctStatusType.Stop, traffic), CancellationToken);
            Interlocked.Add(ref _uploaded, octets);
            Interlocked.Increment(ref _rounds);
        }
    }

    private Task RoundsAsync(int more)
    {
        var until = Volatile.Read(ref _rounds) + more;
        return Isp.EventuallyAsync(() => Task.FromResult(Volatile.Read(ref _rounds) >= until));
    }
}
