using EasyIsp.Core.Customers;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;
using EasyIsp.Radius.Protocol;
using EasyIsp.Testing;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>Customers who are refused and let in all the same, as far as a page that tells them why.</summary>
public sealed class LimitedAccessTests(PostgresServer server) : IAsyncLifetime
{
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
    [InlineData(AuthenticationMethod.MsChapV2)]
    internal async Task An_expired_customer_lands_where_he_can_pay_and_is_in_for_good_once_he_has(AuthenticationMethod method)
    {
        var how = Login.Pppoe with { Method = method };
        var customer = await _isp.AddSubscriberAsync("ali", accessType: AccessType.Pppoe);
        await _isp.OfferLimitedAccessAsync(LimitedReason.Expired, TimeSpan.FromMinutes(5));
        Assert.Equal(3600u, (await _nas.LoginAsync("ali", "hello123", how)).Number(AttributeType.SessionTimeout));
        _isp.World.Clock.Advance(TimeSpan.FromHours(2));

        var limited = await _nas.LoginAsync("ali", "hello123", how);

        Assert.Equal(PacketCode.AccessAccept, limited.Code);
        Assert.Equal(("pool-unpaid", "unpaid", "512k/512k"), (limited.Text(AttributeType.FramedPool), limited.Text(MikrotikAttribute.AddressList), limited.RateLimit));
        Assert.Equal(300u, limited.Number(AttributeType.SessionTimeout));
        Assert.Equal(17, limited.Class.Length);

        await _isp.SellAsync(customer, await _isp.AddPackageAsync(Isp.Hour, AccessType.Pppoe));
        var paid = await _nas.LoginAsync("ali", "hello123", how);
        Assert.Equal((3600u, 16), (paid.Number(AttributeType.SessionTimeout), paid.Class.Length));
        Assert.Null(paid.Text(AttributeType.FramedPool));
    }

    [Fact]
    public async Task Whoever_has_not_proved_who_he_is_stays_out()
    {
        await _isp.AddCustomerAsync("ali", "hello123", AccessType.Pppoe);
        await _isp.OfferLimitedAccessAsync(LimitedReason.Expired, TimeSpan.FromMinutes(5));

        Assert.Equal(PacketCode.AccessReject, (await _nas.LoginAsync("ali", "guess", Login.Pppoe)).Code);
        Assert.Equal(PacketCode.AccessReject, (await _nas.LoginAsync("nobody", "hello123", Login.Pppoe)).Code);
        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync("ali", "hello123", Login.Pppoe)).Code);
    }

    [Fact]
    public async Task A_reason_without_a_place_is_a_refusal_and_so_is_every_reason_at_a_hotspot()
    {
        var suspended = await _isp.AddSubscriberAsync("ali", accessType: AccessType.Pppoe);
        await _isp.ExecuteAsync($"update customers set suspended_at = now() where id = '{suspended.Id}'");
        await _isp.AddCustomerAsync("walk-in", "hello123");
        await _isp.OfferLimitedAccessAsync(LimitedReason.Expired, TimeSpan.FromMinutes(5));

        Assert.Equal("Your account is suspended. Please call us", (await _nas.LoginAsync("ali", "hello123", Login.Pppoe)).Message);
        Assert.Equal("You have no package. Please buy one", (await _nas.LoginAsync("walk-in", "hello123")).Message);

        await _isp.OfferLimitedAccessAsync(LimitedReason.Suspended, TimeSpan.FromMinutes(10));
        Assert.Equal(600u, (await _nas.LoginAsync("ali", "hello123", Login.Pppoe)).Number(AttributeType.SessionTimeout));
    }

    [Fact]
    public async Task A_limited_session_takes_no_place_and_uses_nothing_up()
    {
        var customer = await _isp.AddSubscriberAsync("ali", accessType: AccessType.Pppoe, terms: Isp.Hour with { DataLimitBytes = 1000 });
        await _isp.ConnectAsync(customer, Isp.AnyConnection with { DeviceLock = DeviceLock.Listed });
        await _isp.OfferLimitedAccessAsync(LimitedReason.WrongDevice, TimeSpan.FromMinutes(5));

        var limited = await _nas.LoginAsync("ali", "hello123", Login.Pppoe);
        await _nas.ReportAsync(AcctStatusType.Start, new Traffic("ali", Class: limited.Class));
        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Class: limited.Class, Seconds: 60, Downloaded: 5000));
        Assert.Equal($"{customer.Id}|5000", await _isp.QueryAsync("(select concat_ws('|', customer_id, subscription_id, downloaded_bytes) from open_sessions)"));

        await _isp.World.AsTenantAsync<ConnectionDesk, ConnectionOutcome>(
            desk => desk.AddDeviceAsync(customer.Id, "AA:AA:AA:AA:AA:AA", null, TestContext.Current.CancellationToken));
        Assert.Equal(16, (await _nas.LoginAsync("ali", "hello123", Login.Pppoe with { Mac = "AA:AA:AA:AA:AA:AA" })).Class.Length);

        await _nas.ReportAsync(AcctStatusType.Stop, new Traffic("ali", Class: limited.Class, Seconds: 61, Downloaded: 5001));
        Assert.Equal($"{customer.Id}|5001", await _isp.QueryAsync("(select concat_ws('|', customer_id, subscription_id, downloaded_bytes) from sessions)"));
        Assert.Equal("0", await _isp.QueryAsync("(select count(*) from usage_days)"));
    }
}
