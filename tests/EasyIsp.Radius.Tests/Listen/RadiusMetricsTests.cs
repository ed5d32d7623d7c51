using System.Net;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Tests.Listen;

public sealed class RadiusMetricsTests : IDisposable
{
    private readonly RadiusCounts _counts = new();

    public void Dispose() => _counts.Dispose();

    [Fact]
    public void Packets_are_counted_by_code_and_strange_codes_together()
    {
        _counts.Metrics.Received(PacketCode.AccessRequest);
        _counts.Metrics.Received((PacketCode)250);
        _counts.Metrics.Received((PacketCode)13);
        _counts.Metrics.Replied(PacketCode.AccessAccept, TimeSpan.FromMilliseconds(2));

        Assert.Equal(1, _counts.Of("radius.requests", "access_request"));
        Assert.Equal(2, _counts.Of("radius.requests", "unknown"));
        Assert.Equal(1, _counts.Of("radius.replies", "access_accept"));
        Assert.Equal(0.002, _counts.Of("radius.request.duration", "access_accept"), precision: 6);
    }

    [Fact]
    public void Duplicates_and_drops_are_told_apart()
    {
        _counts.Metrics.Sent(new Answer(PacketCode.AccessAccept, ArrivedAt: 0, IsRepeated: true), TimeProvider.System);
        _counts.Metrics.Ignored();
        _counts.Metrics.Dropped(DropReason.WrongMessageAuthenticator);
        _counts.Metrics.ZeroAuthenticator();

        Assert.Equal(0, _counts.Total("radius.replies"));
        Assert.Equal(1, _counts.Of("radius.duplicates", "repeated"));
        Assert.Equal(1, _counts.Of("radius.duplicates", "ignored"));
        Assert.Equal(1, _counts.Of("radius.drops", "wrong_message_authenticator"));
        Assert.Equal(1, _counts.Of("radius.zero_authenticators", ""));
    }

    [Fact]
    public void Strangers_are_counted_by_address_but_a_flood_of_addresses_is_counted_together()
    {
        for (var i = 0; i < 1000; i++)
            _counts.Metrics.UnknownNas(PeerEndpoint.From(new IPEndPoint(new IPAddress([10, 9, (byte)(i >> 8), (byte)i]), i)));

        Assert.Equal(1, _counts.Of("radius.unknown_nas", "10.9.0.0"));
        Assert.Equal(1000 - RadiusMetrics.MaxUnknownSources, _counts.Of("radius.unknown_nas", "other"));
        Assert.Equal(RadiusMetrics.MaxUnknownSources + 1, _counts.TagsOf("radius.unknown_nas"));
        Assert.Equal(1000, _counts.Of("radius.drops", "unknown_nas"));
    }
}
