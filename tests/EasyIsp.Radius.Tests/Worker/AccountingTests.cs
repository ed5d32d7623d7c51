using EasyIsp.Radius.Protocol;
using EasyIsp.Testing;

namespace EasyIsp.Radius.Tests.Worker;

public sealed class AccountingTests(PostgresServer server) : IAsyncLifetime
{
    private const string OpenSessions =
        "user_name, nas_session_id, uploaded_bytes, downloaded_bytes, session_seconds, customer_id is not null, subscription_id is not null) from open_sessions --";

    private const string EndedSessions =
        "user_name, nas_session_id, uploaded_bytes, downloaded_bytes, session_seconds, terminate_cause) from sessions order by user_name, id --";

    private Isp _isp = null!;
    private TestNas _nas = null!;

    public async ValueTask InitializeAsync()
    {
        _isp = await Isp.OpenAsync(server);
        _nas = await _isp.AddRouterAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _nas.Dispose();
        await _isp.DisposeAsync();
    }

    [Fact]
    public async Task A_session_opens_grows_and_ends_under_the_id_that_its_login_got()
    {
        await _isp.AddSubscriberAsync("Ali");
        var ours = (await _nas.LoginAsync("Ali", "hello123")).Class;
        var traffic = new Traffic("Ali", Class: ours);

        await _nas.ReportAsync(AcctStatusType.Start, traffic);
        Assert.Equal("Ali|80100014|0|0|0|t|t", await _isp.QueryAsync(OpenSessions));
        Assert.Equal(new Guid(ours, bigEndian: true).ToString(), await _isp.QueryAsync("id) from open_sessions --"));
        Assert.Equal("BC:24:11:EB:56:4D|10.5.88.20", await _isp.QueryAsync("mac_address, address) from open_sessions --"));

        await _nas.ReportAsync(AcctStatusType.InterimUpdate, traffic with { Seconds = 300, Uploaded = 100, Downloaded = 0xFFFF_FFFF });
        Assert.Equal("Ali|80100014|100|4294967295|300|t|t", await _isp.QueryAsync(OpenSessions));

        await _nas.ReportAsync(AcctStatusType.Stop, traffic with { Seconds = 400, Uploaded = 200, Downloaded = (1L << 32) + 7 });
        Assert.Equal("", await _isp.QueryAsync(OpenSessions));
        Assert.Equal("Ali|80100014|200|4294967303|400|1", await _isp.QueryAsync(EndedSessions));
        Assert.Equal(new Guid(ours, bigEndian: true).ToString(), await _isp.QueryAsync("id) from sessions --"));
    }

    [Fact]
    public async Task Without_a_class_the_session_is_known_by_its_name_and_start()
    {
        await _isp.AddSubscriberAsync("ali");
        await _nas.ReportAsync(AcctStatusType.Start, new Traffic("ali"));
        _isp.World.Clock.Advance(TimeSpan.FromMinutes(5));
        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Seconds: 300, Uploaded: 5));

        Assert.Equal("ali|80100014|5|0|300|t|t", await _isp.QueryAsync(OpenSessions));
    }

    [Fact]
    public async Task An_id_that_the_router_uses_again_is_another_session()
    {
        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Seconds: 600, Uploaded: 50));
        _isp.World.Clock.Advance(TimeSpan.FromHours(1));
        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Seconds: 60, Uploaded: 3));

        Assert.Equal("ali|80100014|3|0|60|f|f", await _isp.QueryAsync(OpenSessions));
        Assert.Equal("ali|80100014|50|0|600", await _isp.QueryAsync(EndedSessions));
    }

    [Fact]
    public async Task A_late_interim_does_not_reopen_what_has_stopped()
    {
        await _nas.ReportAsync(AcctStatusType.Stop, new Traffic("ali", Seconds: 100, Uploaded: 9));
        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Seconds: 60, Uploaded: 5, DelaySeconds: 40));

        Assert.Equal("", await _isp.QueryAsync(OpenSessions));
        Assert.Equal("ali|80100014|9|0|100|1", await _isp.QueryAsync(EndedSessions));
    }

    [Fact]
    public async Task A_session_closed_for_its_silence_goes_on_when_it_is_heard_again()
    {
        await _nas.ReportAsync(AcctStatusType.Start, new Traffic("ali"));
        await _isp.ExecuteAsync("""
            with silent as (delete from open_sessions returning *)
            insert into sessions (tenant_id, id, router_id, user_name, nas_session_id, started_at, last_heard_at, uploaded_bytes,
              downloaded_bytes, session_seconds, ended_at)
            select tenant_id, id, router_id, user_name, nas_session_id, started_at, last_heard_at, 0, 0, 0, last_heard_at from silent
            """);
        _isp.World.Clock.Advance(TimeSpan.FromMinutes(30));
        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Seconds: 1800, Uploaded: 7));

        Assert.Equal("ali|80100014|7|0|1800|f|f", await _isp.QueryAsync(OpenSessions));
        Assert.Equal("", await _isp.QueryAsync(EndedSessions));
    }

    [Fact]
    public async Task A_restarted_router_has_no_sessions()
    {
        await _nas.ReportAsync(AcctStatusType.Start, new Traffic("ali", "80100014"));
        await _nas.ReportAsync(AcctStatusType.Start, new Traffic("ben", "80100015", Mac: "AA:AA:AA:AA:AA:AA"));
        using var other = await _isp.AddRouterAsync("127.0.1.2");
        await other.ReportAsync(AcctStatusType.Start, new Traffic("eve", "80100014"));
        _isp.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await _nas.ReportAsync(AcctStatusType.AccountingOn, new Traffic("-"));

        Assert.Equal("eve|80100014|0|0|0|f|f", await _isp.QueryAsync(OpenSessions));
        Assert.Equal("ali|80100014|0|0|0|11;ben|80100015|0|0|0|11", await _isp.QueryAsync(EndedSessions));
    }

    [Fact]
    public async Task A_device_that_comes_back_leaves_no_ghost()
    {
        await _isp.AddSubscriberAsync("ali");
        var first = (await _nas.LoginAsync("ali", "hello123")).Class;
        await _nas.ReportAsync(AcctStatusType.Start, new Traffic("ali", "80100014", first));
        _isp.World.Clock.Advance(TimeSpan.FromMinutes(2));
        var second = (await _nas.LoginAsync("ali", "hello123")).Class;
        await _nas.ReportAsync(AcctStatusType.Start, new Traffic("ali", "80100015", second));

        Assert.Equal("ali|80100015|0|0|0|t|t", await _isp.QueryAsync(OpenSessions));
    }

    [Fact]
    public async Task What_cannot_be_stored_is_not_answered_and_holds_up_nobody()
    {
        var huge = new Traffic(new string('x', 240), "\u0001bad");
        await _nas.ReportAsync(AcctStatusType.Start, huge);

        var nameless = _nas.AccountingRequest(AcctStatusType.Start, new Traffic("ali", ""));
        var next = await _nas.AskAfterSilenceAsync(nameless, _nas.AccountingRequest(AcctStatusType.Start, new Traffic("ali")));
        Assert.Equal(PacketCode.AccountingResponse, next.Code);
    }

    [Fact]
    public async Task Many_reports_at_once_are_all_written()
    {
        var requests = Enumerable.Range(0, 200)
            .Select(i => _nas.AccountingRequest(AcctStatusType.InterimUpdate, new Traffic($"user{i}", $"81{i:x6}", Seconds: 60, Uploaded: i)))
            .ToArray();
        foreach (var request in requests)
            await _nas.SendAsync(request);
        for (var i = 0; i < requests.Length; i++)
            Assert.Equal(PacketCode.AccountingResponse, await _nas.ReceiveCodeAsync());

        Assert.Equal("200|19900", await _isp.QueryAsync("count(*), sum(uploaded_bytes)) from open_sessions --"));
    }

    [Fact]
    public async Task Without_the_database_accounting_waits_and_known_customers_get_on()
    {
        await _isp.HearingOfAsync("subscriptions", () => _isp.AddSubscriberAsync("ali"));
        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync("ali", "hello123")).Code);
        await using var outage = await Outage.BeginAsync(_isp.World.Database);

        var unrecorded = _nas.AccountingRequest(AcctStatusType.Start, new Traffic("ali"));
        await _nas.SendAsync(unrecorded);
        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync("ali", "hello123")).Code);
        Assert.Equal("Wrong user name or password", (await _nas.LoginAsync("ali", "wrong")).Message);

        await outage.EndAsync();
        Assert.Equal(PacketCode.AccountingResponse, (await _nas.AskUntilAnsweredAsync(unrecorded)).Code);
        Assert.Equal("ali|80100014|0|0|0|t|t", await _isp.QueryAsync(OpenSessions));
    }
}
