using System.Net;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Benchmarks.Radius.Load;

/// <summary>One kind of request: how it is written, and what must come back. The octets are the product's own codec's; that FreeRADIUS understands them is its check.</summary>
internal abstract class RequestKind
{
    private static readonly Dictionary<string, RequestKind> All = new(StringComparer.Ordinal)
    {
        ["pap"] = new PapLogin(),
        ["chap"] = new ChapLogin(),
        ["mschap"] = new MsChapLogin(),
        ["wrong"] = new WrongPassword(),
        ["start"] = new AccountingReport(AcctStatusType.Start),
        ["interim"] = new AccountingReport(AcctStatusType.InterimUpdate),
        ["stop"] = new AccountingReport(AcctStatusType.Stop),
    };

    public abstract bool IsAccounting { get; }

    public static RequestKind Named(string name) => All[name];

    /// <summary>What need not be computed while the time is taken.</summary>
    public virtual void Prepare(Customer customer)
    {
    }

    public abstract ReadOnlySpan<byte> Write(Span<byte> buffer, byte identifier, ReadOnlySpan<byte> random, Customer customer, Router router);

    /// <returns>Null when the answer is what it must be, else what is wrong with it. Its authenticators are verified before.</returns>
    public abstract string? FaultIn(in RadiusPacket reply, Customer customer);

    protected static void AddPort(ref PacketWriter packet, Customer customer, Router router)
    {
        packet.AddText(AttributeType.UserName, customer.UserName);
        packet.AddUInt32(AttributeType.ServiceType, (uint)ServiceType.Framed);
        packet.AddUInt32(AttributeType.FramedProtocol, 1);
        packet.AddUInt32(AttributeType.NasPort, customer.Address & 0xFF_FFFF);
        packet.AddUInt32(AttributeType.NasPortType, (uint)NasPortType.Ethernet);
        packet.AddText(AttributeType.CallingStationId, customer.MacAddress);
        packet.AddText(AttributeType.CalledStationId, "service1");
        packet.AddText(AttributeType.NasPortId, "ether2");
        packet.AddText(AttributeType.NasIdentifier, router.Name);
        packet.AddIPv4(AttributeType.NasIPAddress, router.Address);
    }
}

/// <summary>The router that a socket plays.</summary>
internal sealed record Router(string Name, IPAddress Address, SharedSecret Secret);
