using EasyIsp.Core.Packages;
using Xunit;

namespace EasyIsp.Core.Tests.Packages;

/// <summary>Against the grammar of Mikrotik-Rate-Limit (mikrotik.md, 4.3).</summary>
public sealed class RateLimitTests
{
    [Fact]
    public void A_plain_speed_is_upload_and_download() => Assert.Equal("2000k/5000k", RateLimit.Of(2000, 5000, AccessTerms.Plain));

    [Fact]
    public void A_burst_without_thresholds_has_the_speeds_for_them()
        => Assert.Equal("2000k/5000k 4000k/10000k 2000k/5000k 16/16", RateLimit.Of(2000, 5000, new AccessTerms { Burst = new Burst(10_000, 4000, 16) }));

    [Fact]
    public void What_stands_before_a_priority_is_written_though_it_changes_nothing()
        => Assert.Equal("2000k/5000k 2000k/5000k 2000k/5000k 1/1 3", RateLimit.Of(2000, 5000, new AccessTerms { Priority = 3 }));

    [Fact]
    public void A_minimum_one_way_is_the_speed_the_other()
        => Assert.Equal(
            "2000k/5000k 2000k/5000k 2000k/5000k 1/1 8 2000k/1000k", RateLimit.Of(2000, 5000, new AccessTerms { MinDownloadKbps = 1000 }));

    [Theory]
    [InlineData(4000, 4000, 16, nameof(AccessTerms.Burst))]
    [InlineData(10_000, 1000, 16, nameof(AccessTerms.Burst))]
    [InlineData(10_000, 4000, 0, nameof(AccessTerms.Burst))]
    [InlineData(10_000, 4000, 16, null)]
    public void A_burst_is_at_least_the_speed(int download, int upload, int seconds, string? fault)
        => Assert.Equal(fault, FaultIn(new AccessTerms { Burst = new Burst(download, upload, seconds) }));

    [Fact]
    public void Names_of_the_router_are_plain_and_numbers_within_their_range()
    {
        Assert.Equal(nameof(AccessTerms.AddressPool), FaultIn(new AccessTerms { AddressPool = "pool\n" }));
        Assert.Equal(nameof(AccessTerms.AddressList), FaultIn(new AccessTerms { AddressList = new string('a', 61) }));
        Assert.Equal(nameof(AccessTerms.VlanId), FaultIn(new AccessTerms { VlanId = 4095 }));
        Assert.Equal(nameof(AccessTerms.Priority), FaultIn(new AccessTerms { Priority = 9 }));
        Assert.Equal(nameof(AccessTerms.MinDownloadKbps), FaultIn(new AccessTerms { MinDownloadKbps = 5001 }));
    }

    private static string? FaultIn(AccessTerms access)
        => PackageTerms.FaultIn(new PackageTerms("Home", 100, TimeSpan.FromDays(30), 5000, 2000, Access: access));
}
