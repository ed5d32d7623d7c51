using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Routers;

namespace EasyIsp.Radius.Process;

/// <summary>
/// What stands behind one port: lets through what is a packet, for this port, from a router of ours, genuine and new;
/// drops the rest without a word, and repeats the answer to what was answered already.
/// </summary>
internal sealed partial class RequestGate(
    ListenerRole role,
    ReplyCache cache,
    NasDirectory directory,
    NasHeartbeat heartbeat,
    UnknownSources unknownSources,
    IReadOnlyDictionary<PacketCode, IRequestHandler> handlers,
    Admission admission,
    RadiusMetrics metrics,
    TimeProvider clock,
    ILogger<RequestGate> logger,
    CancellationToken stopping) : IDatagramHandler
{
    public void Handle(Datagram datagram)
    {
        if (!RadiusPacket.TryRead(datagram.Octets.Span, out var request, out _))
            Drop(datagram, DropReason.Malformed);
        else if (!role.Accepts(request.Code))
            Drop(datagram, DropReason.UnexpectedCode);
        else if (Identify(datagram, request) is { } nas)
            Admit(datagram, request, nas);
        else
            datagram.Dispose();
    }

    /// <summary>
    /// A packet of a connection whose other end has proved which router it is. Nothing is looked up by its address.
    /// </summary>
    /// <returns>
    /// False when the connection cannot go on: where one packet's framing or proof is wrong, nothing says where the next
    /// one begins (RFC 6613 section 2.6.4).
    /// </returns>
    public bool TryTake(IArrival packet, Nas nas)
    {
        if (!RadiusPacket.TryRead(packet.Octets.Span, out var request, out _))
        {
            Drop(packet, DropReason.Malformed);
            return false;
        }

        if (!role.Accepts(request.Code))
        {
            Drop(packet, DropReason.UnexpectedCode);
            return true;
        }

        if (nas.Verifier.Verify(request) is not RequestVerdict.Genuine and var verdict)
        {
            Drop(packet, ReasonOf(verdict));
            return false;
        }

        Admit(packet, request, nas);
        return true;
    }

    /// <summary>Of several who claim the address, the packet belongs to the one whose secret made it.</summary>
    private Nas? Identify(Datagram datagram, in RadiusPacket request)
    {
        if (!directory.IsLoaded)
        {
            metrics.Dropped(DropReason.DatabaseUnavailable);
            return null;
        }

        var claimants = directory.At(datagram.Source);
        if (claimants.IsEmpty)
        {
            unknownSources.Note(datagram.Source, role, request);
            return null;
        }

        var verdict = RequestVerdict.NotARequest;
        foreach (var nas in claimants)
        {
            if (!nas.IsCandidate(request, clock))
                continue;

            verdict = nas.Verifier.Verify(request);
            if (verdict is not RequestVerdict.Genuine)
                continue;

            nas.Believed(request, clock);
            return nas;
        }

        metrics.Dropped(ReasonOf(verdict));
        return null;
    }

    private void Admit(IArrival arrival, in RadiusPacket request, Nas nas)
    {
        heartbeat.Heard(nas);
        metrics.Received(request.Code);
        if (request.Code is PacketCode.AccessRequest && request.HasZeroAuthenticator)
            metrics.ZeroAuthenticator();

        var key = RequestKey.Of(arrival.Source, request);
        switch (cache.Begin(key))
        {
            case ReplyCacheOutcome.New when admission.TryEnter(nas):
                _ = WorkAsync(handlers[request.Code], new RouterExchange(arrival, nas, key, cache, admission, metrics, clock));
                return;
            case ReplyCacheOutcome.New:
                cache.Abandon(key);
                metrics.Dropped(DropReason.TooManyInWork);
                break;
            case ReplyCacheOutcome.Answered:
                Repeat(arrival, key);
                break;
            default:
                metrics.Ignored();
                break;
        }

        arrival.Dispose();
    }

    private void Repeat(IArrival arrival, in RequestKey key)
    {
        Span<byte> reply = stackalloc byte[RadiusPacket.MaxSize];
        if (cache.Recall(key, reply) is var length and > 0)
            arrival.Reply(reply[..length], isRepeated: true);
        else
            metrics.Ignored();
    }

    private async Task WorkAsync(IRequestHandler handler, Exchange exchange)
    {
        try
        {
            await handler.HandleAsync(exchange, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            exchange.Abandon(DropReason.NotSent);
        }
        catch (PacketOverflowException exception)
        {
            LogFailed(exception, handler.Code, exchange.Nas.RouterId);
            exchange.Abandon(DropReason.ReplyTooLong);
        }
        catch (Exception exception)
        {
            // The outermost catch of one packet: the others go on.
            LogFailed(exception, handler.Code, exchange.Nas.RouterId);
            exchange.Abandon(DropReason.HandlerFailed);
        }
    }

    private void Drop(IArrival arrival, DropReason reason)
    {
        metrics.Dropped(reason);
        arrival.Dispose();
    }

    private static DropReason ReasonOf(RequestVerdict verdict) => verdict switch
    {
        RequestVerdict.WrongRequestAuthenticator => DropReason.WrongRequestAuthenticator,
        RequestVerdict.MissingMessageAuthenticator => DropReason.MissingMessageAuthenticator,
        RequestVerdict.WrongMessageAuthenticator => DropReason.WrongMessageAuthenticator,
        RequestVerdict.MalformedMessageAuthenticator => DropReason.MalformedMessageAuthenticator,
        RequestVerdict.UnprotectedProxyState => DropReason.UnprotectedProxyState,
        _ => DropReason.UnexpectedCode,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "A {Code} of router {RouterId} could not be handled")]
    private partial void LogFailed(Exception exception, PacketCode code, Guid routerId);
}
