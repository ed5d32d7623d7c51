using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Routers;
using EasyIsp.Radius.Sessions;

namespace EasyIsp.Radius.Orders;

/// <summary>
/// Carries out the orders to end sessions. Routers are told side by side, so that a silent one holds up nobody. An
/// acknowledgement does not close the session: its Stop does, or we do when that does not come.
/// </summary>
internal sealed partial class DisconnectWorker(
    OrderQueue orders,
    RunningSessions sessions,
    CoaClient client,
    NasDirectory directory,
    AccountingWriter writer,
    SecretCodec codec,
    ChangeFeed feed,
    TimeProvider clock,
    ILogger<DisconnectWorker> logger)
    : QueueWorker(feed, "network_orders", Sweep, clock, logger)
{
    /// <summary>Orders under way to one router: its CoA service is one small thread.</summary>
    public const int AtOnceToOneRouter = 8;

    /// <summary>How long after the acknowledgement a Stop may take.</summary>
    public static readonly TimeSpan StopComesWithin = TimeSpan.FromSeconds(30);

    private const string WasGone = "was gone";
    private const int AtOneTake = 64;
    private const int AtOnce = 1024;
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);

    /// <summary>Together with a silent router's three waits, less than an order's lease.</summary>
    private static readonly TimeSpan WaitsAtDoor = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<Guid, SemaphoreSlim> _doors = new();
    private readonly ConcurrentQueue<(DateTimeOffset DueAt, SessionCut Cut)> _acknowledged = new();
    private readonly TimeProvider _clock = clock;
    private int _underWay;

    protected override async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        await CutOverdueAsync(cancellationToken);
        if (!directory.IsLoaded || Volatile.Read(ref _underWay) >= AtOnce)
            return false;

        var taken = await orders.TakeAsync(NetworkOrderKind.Disconnect, AtOneTake, cancellationToken);
        foreach (var order in taken)
            _ = CarryOutAsync(order, cancellationToken);
        return taken.Count == AtOneTake;
    }

    private async Task CarryOutAsync(NetworkOrder order, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _underWay);
        try
        {
            await EnterAsync(order, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopping: the next worker takes the order when its lease has run out.
        }
        catch (Exception exception)
        {
            // The outermost catch of one order: its lease runs out, and it is tried again.
            LogFailed(exception, order.Id);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    /// <summary>Whoever waits too long at a router's door leaves: his order comes back when its lease has run out.</summary>
    private async Task EnterAsync(NetworkOrder order, CancellationToken cancellationToken)
    {
        var door = _doors.GetOrAdd(order.RouterId, _ => new SemaphoreSlim(AtOnceToOneRouter));
        if (!await door.WaitAsync(WaitsAtDoor, cancellationToken))
            return;

        try
        {
            await orders.ReportAsync(order.TenantId, order.Id, await TellAsync(order, cancellationToken), cancellationToken);
        }
        finally
        {
            door.Release();
        }
    }

    private async Task<OrderReport> TellAsync(NetworkOrder order, CancellationToken cancellationToken)
    {
        if (order.SessionId is not { } sessionId
            || await sessions.FindAsync(order.TenantId, sessionId, cancellationToken) is not { } session)
            return new OrderReport.Done(WasGone);

        var (answer, why) = await AskAsync(order, session, cancellationToken);
        switch (answer)
        {
            case CoaAnswer.Acknowledged:
                var now = _clock.GetUtcNow();
                _acknowledged.Enqueue((now + StopComesWithin, new SessionCut(order.TenantId, order.RouterId, sessionId, now)));
                return new OrderReport.Done("disconnected");
            case CoaAnswer.Refused { IsSessionUnknown: true }:
                await writer.WriteAsync(new SessionCut(order.TenantId, order.RouterId, sessionId, EndedAt: null));
                return new OrderReport.Done(WasGone);
            default:
                LogNotDisconnected(order.RouterId, why);
                return new OrderReport.Failed(why, MayRetry: true);
        }
    }

    /// <returns>The router's answer, and in words why it was not done.</returns>
    private async Task<(CoaAnswer? Answer, string Why)> AskAsync(
        NetworkOrder order, RunningSession session, CancellationToken cancellationToken)
    {
        if (directory.Find(order.TenantId, order.RouterId) is not { } nas)
            return (null, "the router is archived, or its secret cannot be read");

        try
        {
            var userName = session.VoucherCode is { } code ? codec.Reveal(order.TenantId, code) : session.UserName;
            var answer = await client.DisconnectAsync(nas, session, userName, cancellationToken);
            return (answer, answer is CoaAnswer.Refused refused
                ? refused.InWords
                : "the router did not answer: it is away, takes no orders, or has another secret");
        }
        catch (SocketException exception)
        {
            return (null, $"the order could not be sent: {exception.SocketErrorCode}");
        }
        catch (Exception exception) when (exception is CryptographicException or PacketOverflowException)
        {
            return (null, "the session's user name cannot be told to the router");
        }
    }

    private async Task CutOverdueAsync(CancellationToken cancellationToken)
    {
        while (_acknowledged.TryPeek(out var next) && next.DueAt <= _clock.GetUtcNow())
        {
            await writer.WriteAsync(next.Cut);
            _acknowledged.TryDequeue(out _);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Router {RouterId} did not end a session: {Why}")]
    private partial void LogNotDisconnected(Guid routerId, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Order {OrderId} could not be carried out")]
    private partial void LogFailed(Exception exception, Guid orderId);
}
