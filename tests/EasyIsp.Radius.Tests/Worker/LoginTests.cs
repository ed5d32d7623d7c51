using EasyIsp.Core.Shared;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Radius.Protocol;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Radius.Tests.Worker;

public sealed class LoginTests(PostgresServer server) : IAsyncLifetime
{
    private const string WrongPassword = "Wrong user name or password";

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

    [Theory]
    [InlineData(AuthenticationMethod.Pap)]
    [InlineData(AuthenticationMethod.Chap)]
    [InlineData(AuthenticationMethod.MsChapV2)]
    internal async Task A_home_customer_gets_the_speed_and_the_time_he_bought(AuthenticationMethod method)
    {
        await _isp.AddSubscriberAsync("Home.One", accessType: AccessType.Pppoe);

        var answer = await _nas.LoginAsync("HOME.one", "hello123", Login.Pppoe with { Method = method });

        Assert.Equal(PacketCode.AccessAccept, answer.Code);
        Assert.Equal(AttributeType.MessageAuthenticator, answer.Attributes[0]);
        Assert.Equal("2000k/5000k", answer.RateLimit);
        Assert.Equal(3600u, answer.Number(AttributeType.SessionTimeout));
        Assert.Equal(300u, answer.Number(AttributeType.AcctInterimInterval));
        Assert.Equal(16, answer.Class.Length);
        Assert.Null(answer.TotalLimit);
    }

    [Fact]
    public async Task An_unknown_user_and_a_wrong_password_look_the_same()
    {
        await _isp.AddSubscriberAsync("ali");

        var unknown = await _nas.LoginAsync("nobody", "hello123");
        var wrong = await _nas.LoginAsync("ali", "hello124");

        Assert.Equal(PacketCode.AccessReject, unknown.Code);
        Assert.Equal(WrongPassword, unknown.Message);
        Assert.Equal([AttributeType.MessageAuthenticator, AttributeType.ReplyMessage], unknown.Attributes);
        Assert.Equal((wrong.Code, wrong.Message, wrong.Octets.Length), (unknown.Code, unknown.Message, unknown.Octets.Length));
    }

    [Fact]
    public async Task A_session_never_lasts_longer_than_its_subscription()
    {
        await _isp.AddSubscriberAsync("ali");
        _isp.World.Clock.Advance(TimeSpan.FromMinutes(59) + TimeSpan.FromMilliseconds(900));

        var last = await _nas.LoginAsync("ali", "hello123");
        Assert.Equal(59u, last.Number(AttributeType.SessionTimeout));

        _isp.World.Clock.Advance(TimeSpan.FromMinutes(1));
        var late = await _nas.LoginAsync("ali", "hello123");
        Assert.Equal((PacketCode.AccessReject, "Your package has ended. Please buy again"), (late.Code, late.Message));
    }

    [Fact]
    public async Task What_is_bought_counts_at_the_next_login()
    {
        var customer = await _isp.AddSubscriberAsync("ali");
        _isp.World.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(PacketCode.AccessReject, (await _nas.LoginAsync("ali", "hello123")).Code);

        await _isp.SellAsync(customer, await _isp.AddPackageAsync(Isp.Hour with { DownloadKbps = 9000 }));

        Assert.Equal("2000k/9000k", (await _nas.LoginAsync("ali", "hello123")).RateLimit);
    }

    [Fact]
    public async Task A_customer_without_a_package_is_told_so()
    {
        await _isp.AddCustomerAsync("ali", "hello123");

        Assert.Equal("You have no package. Please buy one", (await _nas.LoginAsync("ali", "hello123")).Message);
    }

    [Fact]
    public async Task A_suspended_customer_is_out_within_a_second_though_he_was_remembered()
    {
        var customer = await _isp.AddSubscriberAsync("ali");
        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync("ali", "hello123")).Code);

        await _isp.World.WriteAsync(async db =>
        {
            (await db.Customers.SingleAsync(c => c.Id == customer.Id)).Suspend(_isp.World.Clock.GetUtcNow());
            return 0;
        });

        await Isp.EventuallyAsync(async () => (await _nas.LoginAsync("ali", "hello123")).Code is PacketCode.AccessReject);
        Assert.Equal("Your account is suspended. Please call us", (await _nas.LoginAsync("ali", "hello123")).Message);
    }

    [Fact]
    public async Task A_suspended_provider_lets_nobody_in()
    {
        await _isp.AddSubscriberAsync("ali");
        await _isp.ExecuteAsync("update tenants set suspended_at = now(), language = 'sw'");

        await Isp.EventuallyAsync(async () => (await _nas.LoginAsync("ali", "hello123")).Message == "Mtandao huu haupatikani kwa sasa");
    }

    [Fact]
    public async Task Hotspot_and_home_accounts_do_not_mix()
    {
        await _isp.AddSubscriberAsync("phone");
        await _isp.AddSubscriberAsync("house", accessType: AccessType.Pppoe);

        Assert.Equal("Your account is for another kind of connection", (await _nas.LoginAsync("phone", "hello123", Login.Pppoe)).Message);
        Assert.Equal("Your account is for another kind of connection", (await _nas.LoginAsync("house", "hello123", Login.Hotspot)).Message);
    }

    [Fact]
    public async Task A_token_lets_its_device_in_once()
    {
        var customer = await _isp.AddSubscriberAsync("walk-in", password: null);
        var token = await _isp.IssueTokenAsync(customer);
        var other = Login.Hotspot with { Mac = "AA:AA:AA:AA:AA:AA" };

        Assert.Equal(WrongPassword, (await _nas.LoginAsync(token.Username, token.Password, other)).Message);
        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync(token.Username, token.Password, Login.Hotspot with { Method = AuthenticationMethod.Chap })).Code);
        Assert.Equal(WrongPassword, (await _nas.LoginAsync(token.Username, token.Password)).Message);
    }

    [Fact]
    public async Task A_token_is_good_for_three_minutes()
    {
        var token = await _isp.IssueTokenAsync(await _isp.AddSubscriberAsync("walk-in", password: null));
        _isp.World.Clock.Advance(LoginToken.Lifetime);

        Assert.Equal(WrongPassword, (await _nas.LoginAsync(token.Username, token.Password)).Message);
    }

    [Fact]
    public async Task A_repeated_request_gets_the_same_octets_and_uses_nothing_twice()
    {
        var token = await _isp.IssueTokenAsync(await _isp.AddSubscriberAsync("walk-in", password: null));
        var request = _nas.AccessRequest(token.Username, token.Password);

        var first = await _nas.AskAsync(request);
        var second = await _nas.AskAsync(request);

        Assert.Equal(PacketCode.AccessAccept, first.Code);
        Assert.Equal(first.Octets, second.Octets);
    }

    [Fact]
    public async Task A_known_device_logs_itself_in_without_a_password()
    {
        await _isp.AddSubscriberAsync("walk-in", password: null, mac: Isp.Mac);

        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync(Isp.Mac, "", Login.Hotspot with { Method = AuthenticationMethod.Chap })).Code);
        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync("bc-24-11-eb-56-4d", "")).Code);
        Assert.Equal(WrongPassword, (await _nas.LoginAsync(Isp.Mac, "guess")).Message);
        Assert.Equal(WrongPassword, (await _nas.LoginAsync(Isp.Mac, "", Login.Hotspot with { Mac = "AA:AA:AA:AA:AA:AA" })).Message);
    }

    [Fact]
    public async Task Used_up_data_ends_access_and_what_is_left_is_the_routers_limit()
    {
        const long limit = 6L << 30;
        await _isp.AddSubscriberAsync("ali", terms: Isp.Hour with { DataLimitBytes = limit });
        var first = await _nas.LoginAsync("ali", "hello123");
        Assert.Equal(limit, first.TotalLimit);

        await _nas.ReportAsync(AcctStatusType.Stop, new Traffic("ali", Class: first.Class, Seconds: 60, Uploaded: 1 << 30, Downloaded: 4L << 30));
        Assert.Equal(1L << 30, (await _nas.LoginAsync("ali", "hello123")).TotalLimit);

        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", "80100015", Seconds: 9, Downloaded: 1L << 30));
        Assert.Equal("Your data is used up. Please buy again", (await _nas.LoginAsync("ali", "hello123")).Message);
    }

    [Fact]
    public async Task One_place_is_for_one_device_and_free_when_it_leaves()
    {
        await _isp.AddSubscriberAsync("ali");
        var phone = await _nas.LoginAsync("ali", "hello123");
        var laptop = Login.Hotspot with { Mac = "AA:AA:AA:AA:AA:AA" };
        Assert.Equal("Your package is in use on another device", (await _nas.LoginAsync("ali", "hello123", laptop)).Message);

        await _nas.ReportAsync(AcctStatusType.Start, new Traffic("ali", Class: phone.Class));
        Assert.Equal("Your package is in use on another device", (await _nas.LoginAsync("ali", "hello123", laptop)).Message);
        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync("ali", "hello123")).Code);

        await _nas.ReportAsync(AcctStatusType.Stop, new Traffic("ali", Class: phone.Class, Seconds: 1));
        _isp.World.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync("ali", "hello123", laptop)).Code);
    }

    [Fact]
    public async Task Of_many_devices_that_race_for_one_place_one_gets_it()
    {
        await _isp.AddSubscriberAsync("ali");
        var requests = Enumerable.Range(0, 20)
            .Select(i => _nas.AccessRequest("ali", "hello123", Login.Hotspot with { Mac = $"AA:AA:AA:AA:AA:{i:X2}" }))
            .ToArray();

        foreach (var request in requests)
            await _nas.SendAsync(request);
        var accepted = 0;
        for (var i = 0; i < requests.Length; i++)
        {
            if (await _nas.ReceiveCodeAsync() is PacketCode.AccessAccept)
                accepted++;
        }

        Assert.Equal(1, accepted);
    }

    [Fact]
    public async Task A_silent_session_no_longer_takes_a_place()
    {
        await _isp.AddSubscriberAsync("ali");
        var phone = await _nas.LoginAsync("ali", "hello123");
        await _nas.ReportAsync(AcctStatusType.Start, new Traffic("ali", Class: phone.Class));
        _isp.World.Clock.Advance(TimeSpan.FromMinutes(16));

        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync("ali", "hello123", Login.Hotspot with { Mac = "AA:AA:AA:AA:AA:AA" })).Code);
    }
}
