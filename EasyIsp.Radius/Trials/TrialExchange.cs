using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Process;
using EasyIsp.Radius.Routers;

namespace EasyIsp.Radius.Trials;

/// <summary>A request that no router has sent: its answer is kept, and goes nowhere.</summary>
internal sealed class TrialExchange(byte[] request, Nas nas, TimeProvider clock) : Exchange(new OwnArrival(request, clock.GetTimestamp()), nas, clock)
{
    /// <summary>Null when none would be sent.</summary>
    public byte[]? Answer { get; private set; }

    public TimeSpan Took { get; private set; }

    public override void Reply(ReadOnlySpan<byte> packet) => (Answer, Took) = (packet.ToArray(), Elapsed);

    public override void Abandon(DropReason reason) => Took = Elapsed;

    private sealed class OwnArrival(byte[] octets, long receivedAt) : IArrival
    {
        public ReadOnlyMemory<byte> Octets => octets;
        public PeerEndpoint Source => default;
        public long ReceivedAt => receivedAt;

        public void Reply(ReadOnlySpan<byte> packet, bool isRepeated = false) => throw new NotSupportedException("The exchange keeps its reply.");

        public void Dispose()
        {
        }
    }
}
