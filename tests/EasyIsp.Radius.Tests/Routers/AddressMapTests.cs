using System.Diagnostics;
using System.Net;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Routers;

namespace EasyIsp.Radius.Tests.Routers;

/// <summary>reference/radius.md, case 14.</summary>
public sealed class AddressMapTests
{
    private static readonly Guid Savanna = new("00000000-0000-0000-0000-00000000000a");
    private static readonly Guid Kilima = new("00000000-0000-0000-0000-00000000000b");

    [Theory]
    [InlineData("10.20.30.40", "mast")]
    [InlineData("10.20.30.41", "street")]
    [InlineData("10.20.31.1", "town")]
    [InlineData("10.21.0.1", null)]
    [InlineData("2001:db8:1::7", "mast6")]
    [InlineData("2001:db8:1:ffff::7", "street6")]
    [InlineData("2001:db8:2::7", "town6")]
    [InlineData("2001:db9::7", null)]
    [InlineData("::a14:1e28", null)]
    public void The_longest_prefix_wins_and_nothing_is_implied(string address, string? expected)
    {
        var map = Map(
            (Savanna, "10.20.0.0/16", "town"), (Savanna, "10.20.30.0/24", "street"), (Savanna, "10.20.30.40/32", "mast"),
            (Savanna, "2001:db8::/32", "town6"), (Savanna, "2001:db8:1::/48", "street6"), (Savanna, "2001:db8:1::7/128", "mast6"));

        Assert.Equal(expected is null ? [] : [expected], At(map, address));
    }

    [Fact]
    public void An_IPv4_address_is_the_same_when_it_comes_mapped_into_IPv6()
    {
        var map = Map((Savanna, "10.20.0.0/16", "town"));

        Assert.Equal(["town"], At(map, "::ffff:10.20.1.2"));
        Assert.Equal(PeerEndpoint.From(new IPEndPoint(IPAddress.Parse("::ffff:10.20.1.2"), 1)), PeerEndpoint.From(new IPEndPoint(IPAddress.Parse("10.20.1.2"), 1)));
    }

    [Fact]
    public void Nobody_takes_an_address_from_another_tenant_by_claiming_it_more_exactly()
    {
        var map = Map(
            (Savanna, "41.0.0.0/8", "theirs"), (Savanna, "41.1.0.0/16", "theirs too"),
            (Kilima, "41.1.2.3/32", "one"), (Kilima, "41.1.2.0/24", "range"));

        Assert.Equal(["one", "theirs too"], At(map, "41.1.2.3"));
        Assert.Equal(["range", "theirs too"], At(map, "41.1.2.4"));
        Assert.Equal(["theirs too"], At(map, "41.1.3.4"));
        Assert.Equal(["theirs"], At(map, "41.2.3.4"));
    }

    [Fact]
    public void Of_a_range_that_two_have_both_are_asked()
        => Assert.Equal(["a", "b", "c"], At(Map((Savanna, "10.0.0.0/24", "a"), (Kilima, "10.0.0.0/24", "b"), (Savanna, "10.0.0.0/24", "c")), "10.0.0.9").Order());

    [Fact]
    public void Ten_thousand_cost_a_look_up_no_more_than_ten()
    {
        var few = Many(10);
        var many = Many(10_000);
        var addresses = Enumerable.Range(0, 1024).Select(i => PeerEndpoint.From(new IPEndPoint(new IPAddress(new byte[] { 10, 0, (byte)(i % 10), 7 }), 1)).Address).ToArray();
        Time(few, addresses);
        Time(many, addresses);

        var ratio = Enumerable.Range(0, 5).Min(_ => Time(many, addresses) / Time(few, addresses));

        Assert.InRange(ratio, 0, 5);
    }

    /// <summary>Ranges of three lengths, and addresses.</summary>
    private static AddressMap<string> Many(int count) => Map(
    [
        .. Enumerable.Range(0, count).Select(i => (Savanna, $"10.{i / 256}.{i % 256}.0/24", $"range {i}")),
        .. Enumerable.Range(0, count).Select(i => (Savanna, $"10.{i / 256}.{i % 256}.16/28", $"part {i}")),
        .. Enumerable.Range(0, count).Select(i => (Savanna, $"11.{i / 256}.{i % 256}.7/32", $"mast {i}")),
    ]);

    private static double Time(AddressMap<string> map, UInt128[] addresses)
    {
        var started = Stopwatch.GetTimestamp();
        var found = 0;
        for (var round = 0; round < 100; round++)
        {
            foreach (var address in addresses)
                found += map.At(address).Length;
        }

        Assert.Equal(100 * addresses.Length, found);
        return Stopwatch.GetElapsedTime(started).TotalMicroseconds;
    }

    private static string[] At(AddressMap<string> map, string address)
        => map.At(PeerEndpoint.From(new IPEndPoint(IPAddress.Parse(address), 1812)).Address).ToArray();

    private static AddressMap<string> Map(params (Guid Tenant, string Range, string Name)[] claims)
    {
        var tenants = claims.ToDictionary(claim => claim.Name, claim => claim.Tenant);
        return AddressMap<string>.Of(
            claims.Select(claim => (AddressRange.Of(IPNetwork.Parse(claim.Range)), claim.Name)), name => tenants[name]);
    }
}
