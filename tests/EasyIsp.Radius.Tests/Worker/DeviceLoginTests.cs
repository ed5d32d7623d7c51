using EasyIsp.Core.Shared;
using EasyIsp.Radius.Protocol;
using EasyIsp.Testing;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>Logins in which a device is its own user: DHCP leases and MAC authentication (reference/mikrotik.md section 4.2).</summary>
public sealed class DeviceLoginTests(PostgresServer server) : IAsyncLifetime
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

    [Fact]
    public async Task A_dhcp_lease_goes_to_the_customer_of_that_address_and_lasts_as_long_as_is_set()
    {
        await _isp.AddSubscriberAsync(Isp.Mac, password: null, AccessType.Pppoe);

        var lease = await _nas.LoginAsync(Isp.Mac, "", Login.Dhcp);

        Assert.Equal((PacketCode.AccessAccept, "2000k/5000k"), (lease.Code, lease.RateLimit));
        Assert.Equal(1800u, lease.Number(AttributeType.SessionTimeout));
    }

    [Theory]
    [InlineData("bc:24:11:eb:56:4d", "BC-24-11-EB-56-4D")]
    [InlineData("bc2411eb564d", "BC2411EB564D")]
    public async Task The_account_may_be_called_as_the_router_spells_the_address_or_with_colons(string stored, string sent)
    {
        await _isp.AddSubscriberAsync(stored, password: null, AccessType.Pppoe);

        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync(sent, "", Login.Dhcp)).Code);
    }

    [Fact]
    public async Task The_last_lease_ends_with_the_package_and_then_there_is_none()
    {
        await _isp.AddSubscriberAsync(Isp.Mac, password: null, AccessType.Pppoe);
        _isp.World.Clock.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal(600u, (await _nas.LoginAsync(Isp.Mac, "", Login.Dhcp)).Number(AttributeType.SessionTimeout));

        _isp.World.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("Your package has ended. Please buy again", (await _nas.LoginAsync(Isp.Mac, "", Login.Dhcp)).Message);
    }

    [Fact]
    public async Task Where_a_password_is_stored_the_dhcp_server_must_send_it()
    {
        await _isp.AddSubscriberAsync(Isp.Mac, "radius-password", AccessType.Pppoe);

        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync(Isp.Mac, "radius-password", Login.Dhcp)).Code);
        Assert.Equal(WrongPassword, (await _nas.LoginAsync(Isp.Mac, "", Login.Dhcp)).Message);
    }

    [Fact]
    public async Task An_address_that_is_not_the_devices_own_opens_nothing()
    {
        await _isp.AddSubscriberAsync(Isp.Mac, password: null, AccessType.Pppoe);

        Assert.Equal(WrongPassword, (await _nas.LoginAsync(Isp.Mac, "", Login.Dhcp with { Mac = "1:aa:aa:aa:aa:aa:aa" })).Message);
        Assert.Equal(WrongPassword, (await _nas.LoginAsync(Isp.Mac, "", Login.Dhcp with { Mac = "" })).Message);
    }

    [Fact]
    public async Task A_renewed_lease_takes_the_place_it_had()
    {
        await _isp.AddSubscriberAsync(Isp.Mac, password: null, AccessType.Pppoe);

        for (var i = 0; i < 3; i++)
            Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync(Isp.Mac, "", Login.Dhcp)).Code);
    }

    [Fact]
    public async Task Accounting_of_a_lease_knows_the_device_behind_its_client_identifier()
    {
        await _nas.ReportAsync(AcctStatusType.Start, new Traffic(Isp.Mac, Mac: $"1:{Isp.Mac.ToLowerInvariant()}"));

        Assert.Equal(Isp.Mac, await _isp.QueryAsync("mac_address) from open_sessions --"));
    }

    /// <summary>radius-mac-format, and the three modes of the password (mac-auth-password apart, which stays unset).</summary>
    [Theory]
    [InlineData("BC:24:11:EB:56:4D", "")]
    [InlineData("bc:24:11:eb:56:4d", "bc:24:11:eb:56:4d")]
    [InlineData("BC-24-11-EB-56-4D", "BC-24-11-EB-56-4D")]
    [InlineData("BC2411:EB564D", "")]
    [InlineData("BC24:11EB:564D", "")]
    [InlineData("bc2411eb564d", "bc2411eb564d")]
    public async Task A_hotspot_may_spell_the_address_as_it_likes_and_send_it_as_password_too(string userName, string password)
    {
        await _isp.AddSubscriberAsync("walk-in", password: null, mac: Isp.Mac);

        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync(userName, password)).Code);
        Assert.Equal(
            PacketCode.AccessAccept,
            (await _nas.LoginAsync(userName, password, Login.Hotspot with { Method = AuthenticationMethod.Chap })).Code);
        Assert.Equal(WrongPassword, (await _nas.LoginAsync(userName, "guess")).Message);
        Assert.Equal(WrongPassword, (await _nas.LoginAsync(userName, password, Login.Hotspot with { Mac = "AA:AA:AA:AA:AA:AA" })).Message);
    }
}
