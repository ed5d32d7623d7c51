using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Sessions;

namespace EasyIsp.Radius.Process;

/// <summary>
/// Records what routers report (RFC 2866) and answers once it is durable; what cannot be recorded is not answered, so
/// that the router keeps it and asks again or elsewhere.
/// </summary>
internal sealed partial class AccountingRequestHandler(
    AccountingWriter writer, Places places, ILogger<AccountingRequestHandler> logger) : IRequestHandler
{
    public PacketCode Code => PacketCode.AccountingRequest;

    public async Task HandleAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        if (!AccountingRecord.TryRead(exchange.Request, exchange.ReceivedAt, out var record))
        {
            exchange.Abandon(DropReason.MissingAttribute);
            return;
        }

        try
        {
            await RecordAsync(exchange, record);
        }
        catch (NotRecordedException exception)
        {
            LogNotRecorded(exchange.Nas.RouterId, exception.Message);
            exchange.Abandon(exception.IsSpoolFull ? DropReason.SpoolFull : DropReason.DatabaseUnavailable);
            return;
        }

        if (record is { Status: AcctStatusType.Stop, SessionId: { } ended })
            places.Free(exchange.Nas.TenantId, ended);
        Acknowledge(exchange);
    }

    /// <summary>Tunnel reports and unknown ones concern no session of ours: they are answered, so that the router stops.</summary>
    private async Task RecordAsync(Exchange exchange, AccountingRecord record)
    {
        var nas = exchange.Nas;
        switch (record.Status)
        {
            case AcctStatusType.Start or AcctStatusType.InterimUpdate or AcctStatusType.Stop:
                var place = record.SessionId is { } id ? places.Hear(nas.TenantId, id) : null;
                await writer.WriteAsync(record.ReportOf(nas.TenantId, nas.RouterId, place?.Owner));
                break;
            case AcctStatusType.AccountingOn or AcctStatusType.AccountingOff:
                await writer.WriteAsync(
                    new RouterRestarted(nas.TenantId, nas.RouterId, record.SentAt, (int)TerminateCause.NasReboot));
                break;
        }
    }

    private static void Acknowledge(Exchange exchange)
    {
        Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
        exchange.Reply(PacketWriter.Reply(buffer, PacketCode.AccountingResponse, exchange.Request).Sign(exchange.Nas.Secret));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A report of router {RouterId} could not be recorded ({Reason})")]
    private partial void LogNotRecorded(Guid routerId, string reason);
}
