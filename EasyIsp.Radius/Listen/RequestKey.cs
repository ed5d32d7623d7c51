using System.Buffers.Binary;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Listen;

/// <summary>
/// What tells a retransmission from a new request (RFC 5080 section 2.2.2). The slot is what a client may reuse;
/// another authenticator in the same slot is another request.
/// </summary>
internal readonly record struct RequestKey(RequestSlot Slot, UInt128 Authenticator)
{
    public static RequestKey Of(PeerEndpoint source, in RadiusPacket request)
        => new(
            new RequestSlot(source, request.Code, request.Identifier),
            BinaryPrimitives.ReadUInt128BigEndian(request.Authenticator));
}

internal readonly record struct RequestSlot(PeerEndpoint Source, PacketCode Code, byte Identifier);
