using EasyIsp.Radius.Protocol;

namespace EasyIsp.Benchmarks.Radius.Load;

/// <summary>A Start, Interim or Stop of the customer's present session.</summary>
internal sealed class AccountingReport(AcctStatusType status) : RequestKind
{
    private const uint UploadedPerInterim = 30_000_000;

    public override bool IsAccounting => true;

    public override ReadOnlySpan<byte> Write(
        Span<byte> buffer, byte identifier, ReadOnlySpan<byte> random, Customer customer, Router router)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (status is AcctStatusType.Start)
            customer.BeginSession(now.ToUnixTimeSeconds());
        else
            customer.Interims++;

        var packet = PacketWriter.DigestedRequest(buffer, PacketCode.AccountingRequest, identifier);
        packet.AddUInt32(AttributeType.AcctStatusType, (uint)status);
        packet.AddText(AttributeType.AcctSessionId, customer.SessionId);
        AddPort(ref packet, customer, router);
        packet.AddUInt32(AttributeType.FramedIPAddress, customer.Address);
        packet.AddUInt32(AttributeType.AcctAuthentic, 1);
        packet.AddTime(AttributeType.EventTimestamp, now);
        packet.AddUInt32(AttributeType.AcctDelayTime, 0);
        if (customer.Class is { } octets)
            packet.Add(AttributeType.Class, octets);
        if (status is not AcctStatusType.Start)
            AddUsage(ref packet, customer, now.ToUnixTimeSeconds());
        if (status is AcctStatusType.Stop)
            packet.AddUInt32(AttributeType.AcctTerminateCause, (uint)TerminateCause.UserRequest);
        return packet.Sign(router.Secret);
    }

    public override string? FaultIn(in RadiusPacket reply, Customer customer)
        => reply.Code is PacketCode.AccountingResponse ? null : $"{reply.Code} for a report";

    private static void AddUsage(ref PacketWriter packet, Customer customer, long now)
    {
        var uploaded = (ulong)customer.Interims * UploadedPerInterim;
        packet.AddUInt32(AttributeType.AcctSessionTime, (uint)(now - customer.StartedAt));
        packet.AddUInt32(AttributeType.AcctInputOctets, (uint)uploaded);
        packet.AddUInt32(AttributeType.AcctInputGigawords, (uint)(uploaded >> 32));
        packet.AddUInt32(AttributeType.AcctOutputOctets, (uint)(uploaded * 8));
        packet.AddUInt32(AttributeType.AcctOutputGigawords, (uint)(uploaded * 8 >> 32));
        packet.AddUInt32(AttributeType.AcctInputPackets, customer.Interims * 30_000);
        packet.AddUInt32(AttributeType.AcctOutputPackets, customer.Interims * 200_000);
    }
}
