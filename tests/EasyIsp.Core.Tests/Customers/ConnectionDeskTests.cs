using System.Net;
using EasyIsp.Core.Customers;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Core.Tests.Customers;

public sealed class ConnectionDeskTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly ConnectionDraft Any = new(null, null, DeviceLock.Off, []);

    private World _world = null!;
    private Guid _jane;
    private Guid _brian;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        _jane = (await _world.AddCustomerAsync("+254712345678")).Id;
        _brian = (await _world.AddCustomerAsync("+254712345679")).Id;
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task An_address_is_one_customers_until_he_is_deleted()
    {
        var wanted = Any with { StaticAddress = "10.20.0.15" };
        Assert.IsType<ConnectionOutcome.Saved>(await ChangeAsync(_jane, wanted));
        Assert.Equal([ConnectionFault.StaticAddressTaken], FaultsOf(await ChangeAsync(_brian, wanted)));

        await _world.WriteAsync(async db =>
        {
            (await db.Customers.SingleAsync(c => c.Id == _jane)).Delete(_world.Clock.GetUtcNow());
            return 0;
        });

        Assert.IsType<ConnectionOutcome.Saved>(await ChangeAsync(_brian, wanted));
        Assert.Equal(IPAddress.Parse("10.20.0.15"), await _world.ReadAsync(db => db.Customers.Where(c => c.Id == _brian).Select(c => c.StaticAddress).SingleAsync()));
    }

    [Fact]
    public async Task Two_prefixes_never_overlap()
    {
        Assert.IsType<ConnectionOutcome.Saved>(await ChangeAsync(_jane, Any with { DelegatedPrefix = "2001:db8:12::/56" }));

        Assert.Equal([ConnectionFault.DelegatedPrefixTaken], FaultsOf(await ChangeAsync(_brian, Any with { DelegatedPrefix = "2001:db8:12:80::/60" })));
        Assert.IsType<ConnectionOutcome.Saved>(await ChangeAsync(_brian, Any with { DelegatedPrefix = "2001:db8:12:100::/56" }));
    }

    [Theory]
    [InlineData("10.20.0", null, ConnectionFault.StaticAddress)]
    [InlineData("127.0.0.1", null, ConnectionFault.StaticAddress)]
    [InlineData("255.255.255.254", null, ConnectionFault.StaticAddress)]
    [InlineData("2001:db8::1", null, ConnectionFault.StaticAddress)]
    [InlineData(null, "2001:db8::1/56", ConnectionFault.DelegatedPrefix)]
    [InlineData(null, "2001:db8::/96", ConnectionFault.DelegatedPrefix)]
    [InlineData(null, "10.0.0.0/16", ConnectionFault.DelegatedPrefix)]
    public async Task What_is_no_address_of_a_customer_is_refused(string? address, string? prefix, ConnectionFault fault)
        => Assert.Equal([fault], FaultsOf(await ChangeAsync(_jane, Any with { StaticAddress = address, DelegatedPrefix = prefix })));

    [Fact]
    public async Task A_colleagues_change_is_not_overwritten()
    {
        await ChangeAsync(_jane, Any with { DeviceLock = DeviceLock.Listed });

        Assert.IsType<ConnectionOutcome.ChangedMeanwhile>(await WithDeskAsync(desk => desk.ChangeAsync(_jane, Any, Any, CancellationToken.None)));
    }

    [Fact]
    public async Task A_device_is_written_down_once_in_whatever_spelling_and_can_be_struck_out()
    {
        Assert.IsType<ConnectionOutcome.Saved>(await WithDeskAsync(desk => desk.AddDeviceAsync(_jane, "aabb.cc00.0001", " Television ", CancellationToken.None)));
        Assert.Equal([ConnectionFault.MacAddressTaken], FaultsOf(await WithDeskAsync(desk => desk.AddDeviceAsync(_jane, "AA:BB:CC:00:00:01", null, CancellationToken.None))));
        Assert.Equal([ConnectionFault.MacAddress], FaultsOf(await WithDeskAsync(desk => desk.AddDeviceAsync(_jane, "AA:BB", null, CancellationToken.None))));

        var device = Assert.Single((await WithDeskAsync(desk => desk.TakeInHandAsync(_jane, CancellationToken.None)))!.Devices);
        Assert.Equal(("AA:BB:CC:00:00:01", "Television", false), (device.MacAddress, device.Label, device.IsBoundByLogin));

        Assert.IsType<ConnectionOutcome.Gone>(await WithDeskAsync(desk => desk.RemoveDeviceAsync(_brian, device.Id, CancellationToken.None)));
        Assert.IsType<ConnectionOutcome.Saved>(await WithDeskAsync(desk => desk.RemoveDeviceAsync(_jane, device.Id, CancellationToken.None)));
        Assert.Equal(0, await _world.ReadAsync(db => db.CustomerDevices.CountAsync()));
    }

    private Task<ConnectionOutcome> ChangeAsync(Guid customerId, ConnectionDraft draft) => WithDeskAsync(async desk =>
        await desk.ChangeAsync(customerId, draft, (await desk.TakeInHandAsync(customerId, CancellationToken.None))!.Draft, CancellationToken.None));

    private Task<T> WithDeskAsync<T>(Func<ConnectionDesk, Task<T>> work) => _world.AsTenantAsync(work);

    private static IReadOnlyList<ConnectionFault> FaultsOf(ConnectionOutcome outcome) => Assert.IsType<ConnectionOutcome.Refused>(outcome).Faults;
}
