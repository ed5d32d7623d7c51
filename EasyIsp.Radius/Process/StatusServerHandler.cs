using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Process;

/// <summary>
/// Says that the worker lives (RFC 5997): no user is looked up, and the database may be away. One for each port, since
/// the answer's code is the port's.
/// </summary>
internal sealed class StatusServerHandler(ListenerRole role, StatusServerLimit limit) : IRequestHandler
{
    public PacketCode Code => PacketCode.StatusServer;

    public Task HandleAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        if (!limit.TryTake(exchange.Nas.Router))
        {
            exchange.Abandon(DropReason.StatusServerLimit);
            return Task.CompletedTask;
        }

        var code = role is ListenerRole.Accounting ? PacketCode.AccountingResponse : PacketCode.AccessAccept;
        Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
        exchange.Reply(PacketWriter.Reply(buffer, code, exchange.Request).Sign(exchange.Nas.Secret));
        return Task.CompletedTask;
    }
}
