using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Tests.Protocol;

public sealed class AllocationTests
{
    private readonly RequestVerifier _verifier = new(Wire.Secret, MessageAuthenticatorMode.Auto, isTrustedProxy: false);
    private readonly byte[] _buffer = new byte[RadiusPacket.MaxSize];

    [Fact]
    public void Reading_proving_and_answering_a_login_allocates_nothing()
    {
        Answer(rounds: 1000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Answer(rounds: 1000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void Answer(int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            RadiusPacket.TryRead(MikrotikVectors.HotspotChapRequest, out var request, out _);
            if (_verifier.Verify(request) is not RequestVerdict.Genuine || !Chap.Verify(request, "voucher1"u8))
                Assert.Fail("The vector is genuine.");

            request.TryGet(AttributeType.UserName, out _);
            request.TryGet(MikrotikAttribute.HostIP, out _);
            var writer = PacketWriter.Reply(_buffer, PacketCode.AccessAccept, request);
            writer.AddText(MikrotikAttribute.RateLimit, "2M/5M");
            writer.AddUInt32(AttributeType.SessionTimeout, 86400);
            writer.Sign(Wire.Secret);
        }
    }
}
