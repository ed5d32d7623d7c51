using System.Net;
using EasyIsp.Core.Routers;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Routers;

/// <summary>What came from one unknown address since the last writing. Whoever has it holds the lock of <see cref="UnknownSources"/>.</summary>
internal sealed class Sighting(PeerEndpoint peer, DateTimeOffset firstSeenAt)
{
    public Guid Id { get; } = Guid.CreateVersion7(firstSeenAt);
    public IPAddress Address { get; } = peer.ToIPAddress();
    public string? NasIdentifier { get; private set; }
    public long LoginPackets { get; private set; }
    public long AccountingPackets { get; private set; }
    public DateTimeOffset FirstSeenAt { get; } = firstSeenAt;
    public DateTimeOffset LastSeenAt { get; private set; } = firstSeenAt;

    public void Note(ListenerRole role, in RadiusPacket request, DateTimeOffset now)
    {
        if (role is ListenerRole.Accounting)
            AccountingPackets++;
        else
            LoginPackets++;
        LastSeenAt = now;
        if (NasIdentifier is null && request.TryGet(AttributeType.NasIdentifier, out var octets))
            NasIdentifier = OpaqueText.Printable(octets, UnknownRouter.MaxNasIdentifierLength);
    }

    public void Add(Sighting later)
    {
        LoginPackets += later.LoginPackets;
        AccountingPackets += later.AccountingPackets;
        LastSeenAt = later.LastSeenAt;
        NasIdentifier = later.NasIdentifier ?? NasIdentifier;
    }
}
