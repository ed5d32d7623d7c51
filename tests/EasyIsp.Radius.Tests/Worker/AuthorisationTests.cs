using EasyIsp.Core.Customers;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Replies;
using EasyIsp.Core.Shared;
using EasyIsp.Radius.Protocol;
using EasyIsp.Testing;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>What packages, routers and customers say of a login beyond speed and time. The world begins on Monday 2 March 2026, in Nairobi.</summary>
public sealed class AuthorisationTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly PackageTerms Month = new("Month", 2000, TimeSpan.FromDays(30), 5000, 2000);

    private static readonly TimeZoneInfo Nairobi = TimeZoneInfo.FindSystemTimeZoneById("Africa/Nairobi");

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
    public async Task RAD_54_A_night_package_opens_and_closes_by_the_companys_clock()
    {
        await SubscribeAsync("ali", new AccessTerms { Hours = AllowedHours.Parse("1234567 22:00-06:00") });
        GoTo(12, 00);

        var noon = await _nas.LoginAsync("ali", "hello123", Login.Pppoe);
        Assert.Equal((PacketCode.AccessReject, "Your package is for other hours. It opens again today at 22:00"), (noon.Code, noon.Message));

        GoTo(23, 30);
        var night = await _nas.LoginAsync("ali", "hello123", Login.Pppoe);
        Assert.Equal(23_400u, night.Number(AttributeType.SessionTimeout));
    }

    [Fact]
    public async Task A_package_for_other_days_names_the_day()
    {
        await SubscribeAsync("ali", new AccessTerms { Hours = AllowedHours.Parse("67 00:00-00:00") });
        GoTo(12, 00);

        Assert.Equal("Your package is for other hours. It opens again on Saturday at 00:00", (await _nas.LoginAsync("ali", "hello123", Login.Pppoe)).Message);
    }

    [Fact]
    public async Task The_session_ends_with_the_subscription_where_that_comes_before_the_end_of_the_hours()
    {
        GoTo(22, 00);
        await SubscribeAsync("ali", new AccessTerms { Hours = AllowedHours.Parse("1234567 20:00-06:00") }, TimeSpan.FromHours(1));

        Assert.Equal(3600u, (await _nas.LoginAsync("ali", "hello123", Login.Pppoe)).Number(AttributeType.SessionTimeout));
    }

    [Fact]
    public async Task The_line_is_told_as_RouterOS_reads_it()
    {
        await SubscribeAsync("ali", new AccessTerms
        {
            Burst = new Burst(10_000, 4000, 16, 4000, 1500),
            Priority = 5,
            MinDownloadKbps = 1000,
            MinUploadKbps = 512,
            AddressPool = "homes",
            AddressList = "paid",
            VlanId = 42,
            IPv6Pool = "v6-lines",
            DelegatedIPv6Pool = "v6-homes",
        });

        var answer = await _nas.LoginAsync("ali", "hello123", Login.Pppoe);

        Assert.Equal("2000k/5000k 4000k/10000k 1500k/4000k 16/16 5 512k/1000k", answer.RateLimit);
        Assert.Equal("homes", answer.Text(AttributeType.FramedPool));
        Assert.Equal("paid", answer.Text(MikrotikAttribute.AddressList));
        Assert.Equal("v6-lines", answer.Text(AttributeType.FramedIPv6Pool));
        Assert.Equal("v6-homes", answer.Text(AttributeType.DelegatedIPv6PrefixPool));
        Assert.Equal("v6-homes", answer.Text(MikrotikAttribute.DelegatedIPv6Pool));
        Assert.Equal("\0\0\0*", answer.Text(MikrotikAttribute.WirelessVlanid));
    }

    [Fact]
    public async Task A_customers_own_addresses_stand_before_the_packages_pools()
    {
        var customer = await SubscribeAsync("ali", new AccessTerms { AddressPool = "homes", DelegatedIPv6Pool = "v6-homes" });
        await _isp.ConnectAsync(customer, Isp.AnyConnection with { StaticAddress = "10.20.0.15", DelegatedPrefix = "2001:db8:12::/56" });

        var answer = await _nas.LoginAsync("ali", "hello123", Login.Pppoe);

        Assert.Equal("10.20.0.15", answer.Address(AttributeType.FramedIPAddress));
        Assert.Equal("2001:db8:12::/56", answer.Prefix(AttributeType.DelegatedIPv6Prefix));
        Assert.Null(answer.Text(AttributeType.FramedPool));
        Assert.Null(answer.Text(AttributeType.DelegatedIPv6PrefixPool));
    }

    [Fact]
    public async Task A_package_or_a_customer_may_be_for_some_routers_alone()
    {
        using var other = await _isp.AddRouterAsync("127.0.1.2");
        await SubscribeAsync("market", new AccessTerms { RouterIds = [_nas.Id] });
        var guest = await SubscribeAsync("guest", AccessTerms.Plain);
        await _isp.ConnectAsync(guest, Isp.AnyConnection with { RouterIds = [other.Id] });

        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync("market", "hello123", Login.Pppoe)).Code);
        Assert.Equal("Your package is not for this place. Please call us", (await other.LoginAsync("market", "hello123", Login.Pppoe)).Message);
        Assert.Equal(PacketCode.AccessAccept, (await other.LoginAsync("guest", "hello123", Login.Pppoe)).Code);
        Assert.Equal("Your package is not for this place. Please call us", (await _nas.LoginAsync("guest", "hello123", Login.Pppoe)).Message);
    }

    [Fact]
    public async Task The_first_device_becomes_the_customers_until_staff_unbind_it()
    {
        var laptop = Login.Pppoe with { Mac = "AA:AA:AA:AA:AA:AA" };
        var customer = await SubscribeAsync("ali", AccessTerms.Plain, devices: 5);
        await _isp.ConnectAsync(customer, Isp.AnyConnection with { DeviceLock = DeviceLock.BindOnFirstUse });

        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync("ali", "hello123", Login.Pppoe)).Code);
        Assert.Equal($"{Isp.Mac}|t", await _isp.QueryAsync("(select mac_address from customer_devices), (select is_bound_by_login from customer_devices)"));
        Assert.Equal("Your account is for another device. Please call us", (await _nas.LoginAsync("ali", "hello123", laptop)).Message);
        Assert.Equal("Wrong user name or password", (await _nas.LoginAsync("ali", "guess", laptop)).Message);

        await WithDeskAsync(desk => desk.AddDeviceAsync(customer.Id, laptop.Mac, "Television", TestContext.Current.CancellationToken));
        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync("ali", "hello123", laptop)).Code);

        await _isp.HearingOfAsync("customer_devices", async () =>
        {
            var bound = (await WithDeskAsync(desk => desk.TakeInHandAsync(customer.Id, TestContext.Current.CancellationToken)))!.Devices.Single(device => device.IsBoundByLogin);
            await WithDeskAsync(desk => desk.RemoveDeviceAsync(customer.Id, bound.Id, TestContext.Current.CancellationToken));
        });
        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync("ali", "hello123", Login.Pppoe with { Mac = "BB:BB:BB:BB:BB:BB" })).Code);
        Assert.Equal("Your account is for another device. Please call us", (await _nas.LoginAsync("ali", "hello123", Login.Pppoe)).Message);
    }

    [Fact]
    public async Task Of_two_devices_that_log_in_first_at_once_one_is_bound()
    {
        var customer = await SubscribeAsync("ali", AccessTerms.Plain, devices: 20);
        await _isp.ConnectAsync(customer, Isp.AnyConnection with { DeviceLock = DeviceLock.BindOnFirstUse });
        for (var i = 0; i < 10; i++)
            await _nas.SendAsync(_nas.AccessRequest("ali", "hello123", Login.Pppoe with { Mac = $"AA:AA:AA:AA:AA:{i:X2}" }));

        var accepted = 0;
        for (var i = 0; i < 10; i++)
        {
            if (await _nas.ReceiveCodeAsync() is PacketCode.AccessAccept)
                accepted++;
        }

        Assert.Equal(1, accepted);
        Assert.Equal("1", await _isp.QueryAsync("(select count(*) from customer_devices)"));
    }

    [Fact]
    public async Task Only_devices_that_staff_wrote_down_pass_where_the_list_is_closed()
    {
        var customer = await SubscribeAsync("ali", AccessTerms.Plain);
        await _isp.ConnectAsync(customer, Isp.AnyConnection with { DeviceLock = DeviceLock.Listed });

        Assert.Equal("Your account is for another device. Please call us", (await _nas.LoginAsync("ali", "hello123", Login.Pppoe)).Message);

        await WithDeskAsync(desk => desk.AddDeviceAsync(customer.Id, "bc2411eb564d", null, TestContext.Current.CancellationToken));
        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync("ali", "hello123", Login.Pppoe)).Code);
    }

    [Fact]
    public async Task Where_the_package_says_so_one_device_more_is_let_in_and_the_oldest_has_to_go()
    {
        await SubscribeAsync("ali", new AccessTerms { WhenFull = WhenFull.PushOutOldest });
        var old = await _nas.LoginAsync("ali", "hello123", Login.Pppoe);
        await _nas.ReportAsync(AcctStatusType.Start, new Traffic("ali", Class: old.Class));
        _isp.World.Clock.Advance(TimeSpan.FromMinutes(1));

        var laptop = Login.Pppoe with { Mac = "AA:AA:AA:AA:AA:AA" };
        var newer = await _nas.LoginAsync("ali", "hello123", laptop);
        Assert.Equal(PacketCode.AccessAccept, newer.Code);
        await _nas.ReportAsync(AcctStatusType.Start, new Traffic("ali", "81000002", Class: newer.Class, Mac: laptop.Mac));

        await _isp.BecomesAsync(new Guid(old.Class, bigEndian: true).ToString(), "(select session_id from network_orders)");
    }

    [Fact]
    public async Task RAD_55_A_customers_attribute_stands_before_the_packages_and_that_before_the_routers()
    {
        var customer = await _isp.AddCustomerAsync("ali", "hello123", AccessType.Pppoe);
        var package = await _isp.AddPackageAsync(Month, AccessType.Pppoe);
        await _isp.SellAsync(customer, package);
        await _isp.AddAttributesAsync(ReplyOwnerKind.Router, _nas.Id, new("Filter-Id", "of-router"), new("Framed-MTU", "1480"), new("Framed-Route", "10.9.0.0/16"));
        await _isp.AddAttributesAsync(ReplyOwnerKind.Package, package.Id, new("Filter-Id", "of-package"), new("Framed-Route", "10.1.0.0/16"), new("Framed-Route", "10.2.0.0/16"));
        await _isp.AddAttributesAsync(ReplyOwnerKind.Customer, customer.Id, new("filter-id", "a.in"), new("Filter-Id", "a.out"));
        await Isp.EventuallyAsync(async () => (await _nas.LoginAsync("ali", "hello123", Login.Pppoe)).Number(AttributeType.FramedMtu) == 1480);

        var answer = await _nas.LoginAsync("ali", "hello123", Login.Pppoe);

        Assert.Equal(["a.in", "a.out"], answer.Texts(AttributeType.FilterId));
        Assert.Equal(["10.1.0.0/16", "10.2.0.0/16"], answer.Texts(AttributeType.FramedRoute));
    }

    [Fact]
    public async Task RAD_55_Attributes_are_for_who_is_let_in_alone()
    {
        var customer = await SubscribeAsync("ali", AccessTerms.Plain);
        await _isp.AddAttributesAsync(ReplyOwnerKind.Customer, customer.Id, new ReplyDraft("Filter-Id", "a.in"));

        var refused = await _nas.LoginAsync("ali", "guess", Login.Pppoe);

        Assert.Equal([AttributeType.MessageAuthenticator, AttributeType.ReplyMessage], refused.Attributes);
    }

    [Fact]
    public async Task A_changed_package_counts_at_the_next_login_though_he_was_remembered()
    {
        var customer = await SubscribeAsync("ali", AccessTerms.Plain);
        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync("ali", "hello123", Login.Pppoe)).Code);

        await _isp.HearingOfAsync("packages", () => _isp.ExecuteAsync("update packages set address_pool = 'homes'"));
        Assert.Equal("homes", (await _nas.LoginAsync("ali", "hello123", Login.Pppoe)).Text(AttributeType.FramedPool));

        await _isp.HearingOfAsync("reply_attributes", () => _isp.AddAttributesAsync(ReplyOwnerKind.Customer, customer.Id, new ReplyDraft("Filter-Id", "a.in")));
        Assert.Equal("a.in", (await _nas.LoginAsync("ali", "hello123", Login.Pppoe)).Text(AttributeType.FilterId));
    }

    private async Task<Customer> SubscribeAsync(string name, AccessTerms access, TimeSpan? duration = null, int devices = 1)
        => await _isp.AddSubscriberAsync(
            name, accessType: AccessType.Pppoe, terms: Month with { Access = access, Duration = duration ?? Month.Duration, SimultaneousSessions = devices });

    /// <summary>The next time that the clock on the wall shows it.</summary>
    private void GoTo(int hour, int minute)
    {
        var now = TimeZoneInfo.ConvertTime(_isp.World.Clock.GetUtcNow(), Nairobi);
        var wait = new TimeSpan(hour, minute, 0) - now.TimeOfDay;
        _isp.World.Clock.Advance(wait < TimeSpan.Zero ? wait + TimeSpan.FromDays(1) : wait);
    }

    private Task<T> WithDeskAsync<T>(Func<ConnectionDesk, Task<T>> work) => _isp.World.AsTenantAsync(work);
}
