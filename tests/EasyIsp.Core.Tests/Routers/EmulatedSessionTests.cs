using System.Text;
using EasyIsp.Emulators.Routers;
using EasyIsp.Emulators.Routers.Radius;
using Xunit;

namespace EasyIsp.Core.Tests.Routers;

/// <summary>The emulated router as a RADIUS client: what it sends, what it accepts, when it ends a session.</summary>
public sealed class EmulatedSessionTests
{
    private const uint Start = 1;
    private const uint Stop = 2;
    private const uint Interim = 3;

    [Fact]
    public async Task A_hotspot_session_begins_with_a_signed_request_and_a_start_that_echoes_the_class()
    {
        await using var site = await EmulatedSite.OpenAsync();
        site.Radius.Grant = accept => accept
            .Text(Attr.Class, "sub-1")
            .VendorBytes(Vendor.Mikrotik, Vendor.RateLimit, Encoding.ASCII.GetBytes("2M/5M 4M/10M"))
            .VendorBytes(Vendor.Mikrotik, Vendor.AddressList, Encoding.ASCII.GetBytes("paid"));

        var session = (await site.LoginAsync()).Session!;

        var request = await site.Radius.AuthenticationAsync();
        Assert.True(request.Packet.HasValidMessageAuthenticator(request.Packet.Authenticator, ScriptedRadiusServer.Secret));
        Assert.Equal("127.0.1.1", request.From.Address.ToString());
        Assert.Equal("80100001", request.Packet.Text(Attr.AcctSessionId));
        var start = (await site.Radius.AccountingAsync()).Packet;
        Assert.True(start.IsDigestRequest(ScriptedRadiusServer.Secret));
        Assert.Equal((Start, "sub-1", "80100001"), (start.Number(Attr.AcctStatusType), start.Text(Attr.Class), start.Text(Attr.AcctSessionId)));
        var queue = Assert.Single(site.Router.Queues);
        Assert.Equal(("<hotspot-voucher1>", 2_000_000L, 5_000_000L), (queue.Name, queue.MaxLimit.Up, queue.MaxLimit.Down));
        Assert.Equal("paid", Assert.Single(session.AddressLists));
    }

    [Fact]
    public async Task A_pppoe_session_takes_the_address_it_is_given()
    {
        await using var site = await EmulatedSite.OpenAsync();
        site.Radius.Grant = accept => accept.Address(Attr.FramedIpAddress, System.Net.IPAddress.Parse("10.20.0.15"));

        var session = (await site.DialAsync()).Session!;

        Assert.Equal("81100001", session.Id);
        Assert.Equal("10.20.0.15", (await site.Radius.AccountingAsync()).Packet.Address(Attr.FramedIpAddress)!.ToString());
    }

    [Theory]
    [InlineData(PppoeAuthentication.Pap, Attr.UserPassword)]
    [InlineData(PppoeAuthentication.Chap, Attr.ChapPassword)]
    public async Task A_pppoe_customer_shows_its_password_as_the_server_is_set(PppoeAuthentication method, byte attribute)
    {
        await using var site = await EmulatedSite.OpenAsync(o => o.PppoeAuthentication = method);

        await site.DialAsync();

        Assert.True((await site.Radius.AuthenticationAsync()).Packet.Has(attribute));
    }

    [Fact]
    public async Task A_caller_by_ms_chap_v2_hangs_up_on_a_server_that_does_not_prove_itself()
    {
        await using var site = await EmulatedSite.OpenAsync(o => o.PppoeAuthentication = PppoeAuthentication.MsChap2);

        Assert.Equal(new LoginOutcome(null, SessionKeeper.NotProved), await site.DialAsync());
        Assert.Empty(site.Router.Sessions);
    }

    [Fact]
    public async Task A_reject_shows_its_reply_message()
    {
        await using var site = await EmulatedSite.OpenAsync();
        site.Radius.RejectWith = "Account expired";

        Assert.Equal(new LoginOutcome(null, "Account expired"), await site.LoginAsync());
    }

    [Fact]
    public async Task An_unanswered_request_is_sent_three_times_with_the_same_bytes()
    {
        await using var site = await EmulatedSite.OpenAsync(o => o.RadiusTimeout = TimeSpan.FromMilliseconds(100), realTime: true);
        site.Radius.IsSilent = true;

        var outcome = await site.LoginAsync();

        Assert.Equal("RADIUS server is not responding", outcome.Error);
        var first = await site.Radius.AuthenticationAsync();
        Assert.Equal(first.Bytes, (await site.Radius.AuthenticationAsync()).Bytes);
        Assert.Equal(first.Bytes, (await site.Radius.AuthenticationAsync()).Bytes);
        Assert.Equal(1, site.Router.Counters.Timeouts);
    }

    [Theory]
    [InlineData("7.14", true)]
    [InlineData("7.16", false)]
    public async Task An_unsigned_accept_counts_only_before_7_15(string version, bool online)
    {
        await using var site = await EmulatedSite.OpenAsync(
            o => (o.Version, o.RadiusTimeout) = (RouterOsVersion.Parse(version), TimeSpan.FromMilliseconds(100)), realTime: true);
        site.Radius.Signs = false;

        Assert.Equal(online, (await site.LoginAsync()).IsOnline);
        Assert.Equal(online ? 0 : 3, site.Router.Counters.BadReplies);
    }

    [Fact]
    public async Task With_a_wrong_secret_every_answer_is_bad()
    {
        await using var site = await EmulatedSite.OpenAsync(o => o.RadiusTimeout = TimeSpan.FromMilliseconds(100), realTime: true);
        site.Router.Faults.WrongSecret = true;

        Assert.False((await site.LoginAsync()).IsOnline);
        Assert.Equal(3, site.Router.Counters.BadReplies);
    }

    [Fact]
    public async Task Time_that_is_up_ends_the_session_with_cause_5_and_all_its_bytes()
    {
        await using var site = await EmulatedSite.OpenAsync();
        site.Radius.Grant = accept => accept.Number(Attr.SessionTimeout, 600);
        var session = (await site.LoginAsync()).Session!;
        await site.Radius.AccountingAsync();
        site.Router.GenerateTraffic(session, bytesUp: 100, bytesDown: (5L << 32) + 7);

        site.Clock.Advance(TimeSpan.FromSeconds(601));

        var stop = (await site.Radius.AccountingAsync()).Packet;
        Assert.Equal((Stop, 5u, 600u), (stop.Number(Attr.AcctStatusType), stop.Number(Attr.AcctTerminateCause), stop.Number(Attr.AcctSessionTime)));
        Assert.Equal((100u, 0u), (stop.Number(Attr.AcctInputOctets), stop.Number(Attr.AcctInputGigawords)));
        Assert.Equal((7u, 5u), (stop.Number(Attr.AcctOutputOctets), stop.Number(Attr.AcctOutputGigawords)));
        Assert.Empty(site.Router.Sessions);
    }

    [Fact]
    public async Task An_idle_customer_is_cut_with_cause_4()
    {
        await using var site = await EmulatedSite.OpenAsync();
        site.Radius.Grant = accept => accept.Number(Attr.IdleTimeout, 60);
        await site.LoginAsync();
        await site.Radius.AccountingAsync();

        site.Clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(4u, (await site.Radius.AccountingAsync()).Packet.Number(Attr.AcctTerminateCause));
    }

    [Fact]
    public async Task Used_up_data_ends_the_session_with_cause_10_beyond_4_gib_too()
    {
        await using var site = await EmulatedSite.OpenAsync();
        site.Radius.Grant = accept => accept
            .VendorBytes(Vendor.Mikrotik, Vendor.TotalLimit, [0, 0, 0, 10])
            .VendorBytes(Vendor.Mikrotik, Vendor.TotalLimitGigawords, [0, 0, 0, 1]);
        var session = (await site.LoginAsync()).Session!;
        await site.Radius.AccountingAsync();

        site.Router.GenerateTraffic(session, bytesUp: 10, bytesDown: 1L << 32);
        site.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(10u, (await site.Radius.AccountingAsync()).Packet.Number(Attr.AcctTerminateCause));
    }

    [Fact]
    public async Task Interim_updates_come_as_often_as_the_server_asked()
    {
        await using var site = await EmulatedSite.OpenAsync();
        site.Radius.Grant = accept => accept.Number(Attr.AcctInterimInterval, 60);
        await site.DialAsync();
        await site.Radius.AccountingAsync();

        foreach (var minute in Enumerable.Range(1, 3))
        {
            site.Clock.Advance(TimeSpan.FromSeconds(60));
            var update = (await site.Radius.AccountingAsync()).Packet;
            Assert.Equal((Interim, (uint)minute * 60), (update.Number(Attr.AcctStatusType), update.Number(Attr.AcctSessionTime)));
        }
    }

    [Fact]
    public async Task A_reboot_forgets_everybody_without_a_stop_and_moves_the_boot_digit()
    {
        await using var site = await EmulatedSite.OpenAsync();
        await site.LoginAsync();
        await site.Radius.AccountingAsync();

        site.Router.Reboot();
        await site.LoginAsync();

        var next = (await site.Radius.AccountingAsync()).Packet;
        Assert.Equal((Start, "80200001"), (next.Number(Attr.AcctStatusType), next.Text(Attr.AcctSessionId)));
    }

    [Fact]
    public async Task Faults_double_packets_and_send_an_interim_after_the_stop()
    {
        await using var site = await EmulatedSite.OpenAsync();
        var session = (await site.LoginAsync()).Session!;
        await site.Radius.AccountingAsync();
        (site.Router.Faults.DuplicatePackets, site.Router.Faults.InterimAfterStop) = (true, true);

        site.Router.Disconnect(session);

        var kinds = new List<uint?>();
        for (var i = 0; i < 4; i++)
            kinds.Add((await site.Radius.AccountingAsync()).Packet.Number(Attr.AcctStatusType));
        Assert.Equal([Stop, Stop, Interim, Interim], kinds);
    }

    [Fact]
    public async Task A_lost_accounting_response_makes_the_router_repeat_the_same_bytes()
    {
        await using var site = await EmulatedSite.OpenAsync(o => o.RadiusTimeout = TimeSpan.FromMilliseconds(100), realTime: true);
        site.Router.Faults.LoseAccountingResponses = true;

        await site.LoginAsync();

        var first = await site.Radius.AccountingAsync();
        Assert.Equal(first.Bytes, (await site.Radius.AccountingAsync()).Bytes);
        Assert.Equal(first.Bytes, (await site.Radius.AccountingAsync()).Bytes);
    }

    [Fact]
    public async Task A_new_device_is_asked_about_by_its_mac_address_where_that_is_switched_on()
    {
        await using var site = await EmulatedSite.OpenAsync(o => o.HotspotLoginBy = HotspotLoginMethods.HttpPap | HotspotLoginMethods.Mac);

        site.Router.AddHost(EmulatedSite.Mac);

        var request = (await site.Radius.AuthenticationAsync()).Packet;
        Assert.Equal((EmulatedSite.Mac, EmulatedSite.Mac), (request.Text(Attr.UserName), request.Text(Attr.CallingStationId)));
        await site.Radius.AccountingAsync();
        Assert.Equal(EmulatedSite.Mac, Assert.Single(site.Router.Sessions).User);
    }

    [Fact]
    public async Task People_come_browse_and_leave_by_the_clock()
    {
        await using var site = await EmulatedSite.OpenAsync();
        var options = new EmulatedPeopleOptions { MeanStay = TimeSpan.FromMinutes(10), MeanAway = TimeSpan.FromMinutes(1) };
        foreach (var number in Enumerable.Range(0, 10))
            options.People.Add(new Person(number % 2 == 0 ? SessionService.Hotspot : SessionService.Pppoe, $"user{number}", "pw"));
        var people = new EmulatedPeople(site.Router, options, site.Clock);
        var most = 0;
        var bytes = 0L;

        for (var step = 0; step < 120; step++)
        {
            await people.StepAsync(TestContext.Current.CancellationToken);
            most = Math.Max(most, site.Router.Sessions.Count);
            bytes = Math.Max(bytes, site.Router.Sessions.Sum(session => session.BytesDown));
            site.Clock.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.InRange(most, 6, 10);
        Assert.True(bytes > 1_000_000);
    }
}
