using EasyIsp.Core.Customers;
using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Sessions.Trials;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;
using EasyIsp.Core.Vouchers;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Routers;
using EasyIsp.Radius.Sessions;
using EasyIsp.Radius.Tests.Worker;
using EasyIsp.Testing;

namespace EasyIsp.Radius.Tests.Trials;

/// <summary>Logins that staff test: decided by the real worker, and nothing comes of them.</summary>
public sealed class LoginTrialTests(PostgresServer server) : IAsyncLifetime
{
    /// <summary>All that a login might leave behind.</summary>
    private const string Traces = """
        (select count(*) from login_attempts), (select count(*) from customer_devices), (select count(*) from login_tokens where used_at is not null),
        (select count(*) from vouchers where redeemed_at is not null), (select count(*) from open_sessions),
        (select count(*) from routers where last_heard_at is not null or sent_message_authenticator_at is not null)) --
        """;

    private Isp _isp = null!;
    private TestNas _nas = null!;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _isp = await Isp.OpenAsync(server);
        _nas = await _isp.AddRouterAsync();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await NothingHappenedAsync();
        }
        finally
        {
            _nas.Dispose();
            await _isp.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(LoginTestMethod.Pap)]
    [InlineData(LoginTestMethod.Chap)]
    [InlineData(LoginTestMethod.MsChapV2)]
    public async Task Whoever_would_be_let_in_is_shown_with_all_that_the_router_would_be_told(LoginTestMethod method)
    {
        await _isp.AddSubscriberAsync("ali", accessType: AccessType.Pppoe);

        var typed = await TestAsync(Pppoe("ali", "hello123") with { Method = method });
        var stored = await TestAsync(Pppoe("ali", null) with { Method = method });

        foreach (var result in new[] { typed, stored })
        {
            Assert.Equal(LoginTestAnswer.Accepted, result.Answer);
            Assert.Contains("Mikrotik-Rate-Limit = \"2000k/5000k\"", result.Reply);
            Assert.Contains("Session-Timeout = 3600", result.Reply);
            Assert.Contains("User-Name = \"ali\"", result.Request);
            Assert.Equal([LoginTestEffect.TakesPlace], result.Effects);
        }

        Assert.Equal(method is LoginTestMethod.MsChapV2, typed.Reply!.Contains("MS-CHAP2-Success", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_secret_is_in_what_is_kept_of_a_test()
    {
        await _isp.AddSubscriberAsync("ali", accessType: AccessType.Pppoe);

        var result = await TestAsync(Pppoe("ali", "hello123"));

        Assert.Contains("User-Password = (16 octets)", result.Request);
        Assert.Contains("Message-Authenticator = (16 octets)", result.Reply);
        Assert.Equal("1|1", await _isp.QueryAsync("count(*), count(*) filter (where credentials is null and taken_by is not null)) from login_tests --"));
        Assert.Equal("0", await _isp.QueryAsync("count(*)) from login_tests t where t::text like '%hello123%' --"));
        Assert.Equal("customer.test-login|0", await _isp.QueryAsync("min(action), count(*) filter (where details::text like '%hello123%')) from audit_events where action like '%test-login' --"));
    }

    [Fact]
    public async Task A_refusal_is_shown_with_its_reason_and_what_the_person_reads_at_once()
    {
        await _isp.AddSubscriberAsync("ali", accessType: AccessType.Pppoe);

        var wrong = await TestAsync(Pppoe("ali", "guess"));
        var nobody = await TestAsync(Pppoe("nobody", "guess"));
        _isp.World.Clock.Advance(TimeSpan.FromHours(2));
        var ended = await TestAsync(Pppoe("ali", null));

        Assert.Equal((LoginTestAnswer.Refused, Refusal.WrongPassword), (wrong.Answer, wrong.Refusal));
        Assert.Equal((Refusal.UnknownUser, "Wrong user name or password"), (nobody.Refusal, nobody.Message));
        Assert.Equal((Refusal.SubscriptionExpired, "Your package has ended. Please buy again"), (ended.Refusal, ended.Message));
        Assert.StartsWith("Access-Reject", ended.Reply, StringComparison.Ordinal);
        Assert.Empty(ended.Effects);
    }

    [Fact]
    public async Task With_all_places_taken_the_next_device_is_refused_and_a_test_takes_none()
    {
        await _isp.AddSubscriberAsync("ali", accessType: AccessType.Pppoe);

        Assert.Equal(LoginTestAnswer.Accepted, (await TestAsync(Pppoe("ali", null))).Answer);
        Assert.Equal(LoginTestAnswer.Accepted, (await TestAsync(Pppoe("ali", null) with { MacAddress = OtherMac })).Answer);
        Assert.Equal(0, _isp.Worker<Places>().Count);

        var place = new Place(_isp.World.TenantId, await CustomerIdAsync(), Guid.CreateVersion7(_isp.World.Clock.GetUtcNow()), _nas.Id, Isp.Mac, _isp.World.Clock.GetUtcNow())
        {
            Limit = new PlaceLimit(1),
        };
        Assert.True(_isp.Worker<Places>().TryTake(place));
        Assert.Equal(Refusal.TooManyDevices, (await TestAsync(Pppoe("ali", null) with { MacAddress = OtherMac })).Refusal);
        Assert.Equal(LoginTestAnswer.Accepted, (await TestAsync(Pppoe("ali", null))).Answer);
        Assert.Equal(1, _isp.Worker<Places>().Count);
    }

    [Fact]
    public async Task Whoever_would_be_let_in_with_limits_is_shown_where_he_lands()
    {
        await _isp.AddCustomerAsync("ali", "hello123", AccessType.Pppoe);
        await _isp.OfferLimitedAccessAsync(LimitedReason.Expired, TimeSpan.FromMinutes(5));

        var result = await TestAsync(Pppoe("ali", "hello123"));

        Assert.Equal((LoginTestAnswer.Limited, Refusal.NoSubscription), (result.Answer, result.Refusal));
        Assert.Contains("Framed-Pool = \"pool-unpaid\"", result.Reply);
    }

    [Fact]
    public async Task A_device_that_would_be_bound_is_not()
    {
        var customer = await _isp.AddSubscriberAsync("ali", accessType: AccessType.Pppoe);
        await _isp.ConnectAsync(customer, Isp.AnyConnection with { DeviceLock = DeviceLock.BindOnFirstUse });

        Assert.Equal([LoginTestEffect.TakesPlace, LoginTestEffect.BindsDevice], (await TestAsync(Pppoe("ali", null))).Effects);
        Assert.Equal([LoginTestEffect.TakesPlace, LoginTestEffect.BindsDevice], (await TestAsync(Pppoe("ali", null) with { MacAddress = OtherMac })).Effects);
    }

    [Fact]
    public async Task A_voucher_that_would_be_redeemed_is_shown_with_its_package_and_stays_unused()
    {
        var code = await PrintVoucherAsync();

        var first = await TestAsync(Hotspot(code, ""));
        var second = await TestAsync(Hotspot(code, ""));

        Assert.Equal([LoginTestEffect.TakesPlace, LoginTestEffect.RedeemsVoucher], first.Effects);
        Assert.Equal((LoginTestAnswer.Accepted, LoginTestAnswer.Accepted), (first.Answer, second.Answer));
        Assert.Contains("Session-Timeout = 3600", first.Reply);
        Assert.Contains("User-Name = \"voucher:1001\"", first.Request);
        Assert.Equal("0|0", await _isp.QueryAsync($"(select count(*) from customers), (select count(*) from login_tests t where t::text like '%{code}%')) --"));
    }

    [Fact]
    public async Task A_hotspots_customer_without_a_password_is_tested_as_the_portal_logs_him_in()
    {
        var customer = await _isp.AddSubscriberAsync("ali", password: null);

        var result = await TestAsync(Hotspot("ali", null));
        var pair = await _isp.IssueTokenAsync(customer);
        var typed = await TestAsync(Hotspot("ali", pair.Password));

        Assert.Equal([LoginTestEffect.TakesPlace, LoginTestEffect.UsesOneTimePassword], result.Effects);
        Assert.Equal([LoginTestEffect.TakesPlace, LoginTestEffect.UsesOneTimePassword], typed.Effects);
    }

    [Fact]
    public async Task Devices_log_in_by_their_address_at_a_hotspot_and_by_DHCP()
    {
        await _isp.AddSubscriberAsync("ali", mac: Isp.Mac);
        await _isp.AddSubscriberAsync(OtherMac, password: null, accessType: AccessType.Pppoe);

        var hotspot = await TestAsync(Hotspot(null, null) with { Method = LoginTestMethod.Mac });
        var dhcp = await TestAsync(new LoginTestDraft(_nas.Id, LoginTestKind.Dhcp, LoginTestMethod.Pap, null, false, null, OtherMac));

        Assert.Equal((LoginTestAnswer.Accepted, LoginTestAnswer.Accepted), (hotspot.Answer, dhcp.Answer));
        Assert.Contains("Session-Timeout = 1800", dhcp.Reply);
    }

    [Fact]
    public async Task A_router_that_the_worker_does_not_know_is_named_as_the_reason()
    {
        await _isp.AddSubscriberAsync("ali", accessType: AccessType.Pppoe);
        await _isp.ReloadedAsync(() => _isp.ExecuteAsync($"update routers set radius_secret = '\\x00' where id = '{_nas.Id}'"));

        Assert.Equal(LoginTestAnswer.RouterUnknown, (await TestAsync(Pppoe("ali", null))).Answer);
    }

    private const string OtherMac = "BC:24:11:EB:56:4E";

    private LoginTestDraft Pppoe(string userName, string? password)
        => new(_nas.Id, LoginTestKind.Pppoe, LoginTestMethod.Pap, userName, password is null, password, Isp.Mac);

    private LoginTestDraft Hotspot(string? userName, string? password) => Pppoe(userName!, password) with { Kind = LoginTestKind.Hotspot };

    private async Task<LoginTestResult> TestAsync(LoginTestDraft draft)
    {
        var asked = Assert.IsType<LoginTestOutcome.Asked>(
            await _isp.World.AsTenantAsync<LoginTestDesk, LoginTestOutcome>(desk => desk.AskAsync(draft, CancellationToken)));
        LoginTestResult? result = null;
        await Isp.EventuallyAsync(async () =>
        {
            result = (await _isp.World.AsTenantAsync<LoginTestDesk, LoginTestStatus?>(desk => desk.FindAsync(asked.TestId, CancellationToken)))?.Result;
            return result is not null;
        });
        return result!;
    }

    /// <summary>After every test of this class, whatever it was about.</summary>
    private async Task NothingHappenedAsync()
    {
        _isp.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await _isp.Worker<NasHeartbeat>().FlushAsync(CancellationToken);
        Assert.Equal("0|0|0|0|0|0", await _isp.QueryAsync(Traces));
    }

    private async Task<Guid> CustomerIdAsync() => Guid.Parse(await _isp.QueryAsync("id) from customers --"));

    private async Task<string> PrintVoucherAsync()
    {
        var package = await _isp.AddPackageAsync();
        var batch = await _isp.World.AsTenantAsync<VoucherPress, Guid?>(press => press.GenerateAsync(
            new NewVoucherBatch(package.Id, "Kiosk", 1, TimeSpan.FromDays(30)), CancellationToken));
        return await _isp.World.AsTenantAsync<VoucherDesk, string>(async desk =>
            (await desk.RevealCodesAsync(batch!.Value, CancellationToken).SingleAsync(CancellationToken)).Code);
    }
}
