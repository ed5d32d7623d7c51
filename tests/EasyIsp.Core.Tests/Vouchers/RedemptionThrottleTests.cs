using System.Net;
using EasyIsp.Core.Vouchers;
using Xunit;

namespace EasyIsp.Core.Tests.Vouchers;

public sealed class RedemptionThrottleTests : IDisposable
{
    private static readonly Guid Tenant = Guid.CreateVersion7(DateTimeOffset.UnixEpoch);
    private static readonly Guid OtherTenant = Guid.CreateVersion7(DateTimeOffset.UnixEpoch);

    private readonly RedemptionThrottle _throttle = new();

    public void Dispose() => _throttle.Dispose();

    [Fact]
    public void A_device_that_claims_another_hardware_address_each_time_is_stopped_by_its_network_address()
    {
        var refusals = Enumerable.Range(0, 200)
            .Count(i => _throttle.Refuses(Tenant, new Redeemer($"AA:BB:CC:00:00:{i:X2}", IPAddress.Parse("41.90.1.2"))) is not null);

        Assert.Equal(200 - RedemptionThrottle.TriesOfAddress, refusals);
    }

    [Fact]
    public void Tenants_do_not_share_their_tries()
    {
        var who = new Redeemer("AA:BB:CC:00:00:01", IPAddress.Parse("41.90.1.2"));
        for (var i = 0; i < RedemptionThrottle.TriesOfDevice; i++)
            Assert.Null(_throttle.Refuses(Tenant, who));

        Assert.NotNull(_throttle.Refuses(Tenant, who));
        Assert.Null(_throttle.Refuses(OtherTenant, who));
    }
}
