using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Routers;
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
            if (NewsOf(exchange.Nas, record) is { } news)
                await writer.WriteAsync(news);
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

    /// <summary>Null for tunnel reports and unknown ones, which concern no session of ours: they are answered, so that the router stops.</summary>
    private SessionNews? NewsOf(Nas nas, AccountingRecord record) => record.Status switch
    {
        AcctStatusType.Start or AcctStatusType.InterimUpdate or AcctStatusType.Stop
            => record.ReportOf(nas.TenantId, nas.RouterId, record.SessionId is { } id ? places.Hear(nas.TenantId, id)?.Owner : null),
        AcctStatusType.AccountingOn or AcctStatusType.AccountingOff
            => new RouterRestarted(nas.TenantId, nas.RouterId, record.SentAt, (int)TerminateCause.NasReboot),
        _ => null,
    };

    private static void Acknowledge(Exchange exchange)
    {
        Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
        exchange.Reply(PacketWriter.Reply(buffer, PacketCode.AccountingResponse, exchange.Request).Sign(exchange.Nas.Secret));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A report of router {RouterId} could not be recorded ({Reason})")]
    private partial void LogNotRecorded(Guid routerId, string reason);
}
