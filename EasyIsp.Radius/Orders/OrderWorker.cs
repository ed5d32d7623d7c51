using System.Collections.Concurrent;
using System.Security.Cryptography;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Persistence;
using EasyIsp.Radius.Routers;

namespace EasyIsp.Radius.Orders;

/// <summary>
/// Carries out the orders about sessions. Routers are told side by side, so that a slow or silent one holds up nobody
/// else.
/// </summary>
internal sealed partial class OrderWorker(
    OrderQueue orders,
    OrderReports reports,
    RunningSessions sessions,
    SessionEnder ender,
    SessionChanger changer,
    NasDirectory directory,
    RouterDoors doors,
    ChangeFeed feed,
    TimeProvider clock,
    ILogger<OrderWorker> logger)
    : QueueWorker(feed, "network_orders", Sweep, clock, logger)
{
    /// <summary>After this time an order to a dead router waits for no probe any more.</summary>
    public static readonly TimeSpan WaitsForTheDead = TimeSpan.FromMinutes(2);

    private const int AtOneTake = 500;
    private const int AtOnce = 4096;
    private const string Many = "waits: the router has many orders";
    private const string Dead = "waits: the router answered none of the last orders";
    private static readonly NetworkOrderKind[] Kinds = [NetworkOrderKind.Disconnect, NetworkOrderKind.Change];
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);

    /// <summary>Together with a silent router's three waits and its API's one, less than an order's lease.</summary>
    private static readonly TimeSpan WaitsAtDoor = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> _turns = new();
    private readonly TimeProvider _clock = clock;
    private int _underWay;

    protected override async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        await ender.CloseOverdueAsync(cancellationToken);
        if (!directory.IsLoaded || Volatile.Read(ref _underWay) >= AtOnce)
            return false;

        var taken = await orders.TakeAsync(Kinds, AtOneTake, doors.Busy, cancellationToken);
        var found = await sessions.FindAsync(taken, cancellationToken);
        foreach (var order in taken)
            _ = CarryOutAsync(order, found.GetValueOrDefault(order.SessionId ?? Guid.Empty), doors.Of(order.RouterId), cancellationToken);
        return taken.Count == AtOneTake;
    }

    /// <param name="session">Null when it has ended.</param>
    private async Task CarryOutAsync(
        NetworkOrder order, Lazy<RunningSession>? session, RouterDoor door, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _underWay);
        door.Arrive();
        try
        {
            using var turn = await TakeTurnAsync(order, cancellationToken);
            reports.Add(order, session is null ? new OrderReport.Done(Ending.WasGone) : await EnterAsync(order, session, door, cancellationToken));
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
            door.Leave();
            Interlocked.Decrement(ref _underWay);
        }
    }

    /// <summary>
    /// An order that is placed anew while it is carried out is taken again: it waits for the first time's end, or the older
    /// packet might be the last to arrive.
    /// </summary>
    private async Task<Turn> TakeTurnAsync(NetworkOrder order, CancellationToken cancellationToken)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (!_turns.TryAdd(order.Id, mine))
        {
            if (_turns.TryGetValue(order.Id, out var others))
                await others.Task.WaitAsync(cancellationToken);
        }

        return new Turn(() =>
        {
            _turns.TryRemove(order.Id, out _);
            mine.SetResult();
        });
    }

    private async Task<OrderReport> EnterAsync(
        NetworkOrder order, Lazy<RunningSession> session, RouterDoor door, CancellationToken cancellationToken)
    {
        using var place = await door.EnterAsync(WaitsAtDoor, cancellationToken);
        if (place is null)
            return new OrderReport.Postponed(order.Outcome ?? Many, _clock.GetUtcNow());
        if (place.ShutUntil is { } until && _clock.GetUtcNow() < order.CreatedAt + WaitsForTheDead)
            return new OrderReport.Postponed(order.Outcome ?? Dead, until);

        try
        {
            return await TellAsync(order, session.Value, place, cancellationToken);
        }
        catch (CryptographicException)
        {
            return new OrderReport.Failed("the session's user name cannot be told to the router", MayRetry: false);
        }
    }

    private async Task<OrderReport> TellAsync(
        NetworkOrder order, RunningSession session, RouterDoor.Place place, CancellationToken cancellationToken)
    {
        var nas = directory.Find(order.TenantId, order.RouterId);
        var resort = ResortOf(order, session, place);
        var report = order.Kind is NetworkOrderKind.Change
            ? await changer.CarryOutAsync(order, nas, session, place, resort, cancellationToken)
            : await EndAsync(order, nas, session, place, resort, cancellationToken);
        if (report is not OrderReport.Failed failed)
            return report;

        LogNotDone(order.Kind, order.RouterId, failed.Outcome);
        return place.ShutUntil is null ? failed : failed with { MayRetry = false };
    }

    private async Task<OrderReport> EndAsync(
        NetworkOrder order, Nas? nas, RunningSession session, RouterDoor.Place place, Resort resort, CancellationToken cancellationToken)
    {
        var ending = resort is Resort.Api
            ? await ender.ByApiAsync(session, cancellationToken)
            : await ender.ByRadiusAsync(order, nas, session, place, cancellationToken);
        return ending.IsOver ? new OrderReport.Done(ending.InWords) : new OrderReport.Failed(ending.InWords, MayRetry: true);
    }

    /// <summary>The last try, and what waited too long for a dead router, is the API's.</summary>
    private static Resort ResortOf(NetworkOrder order, RunningSession session, RouterDoor.Place place)
    {
        if (place.ShutUntil is not null || (session.HasApi && order.Tries >= NetworkOrder.MaxTries - 1))
            return Resort.Api;
        return order is { Kind: NetworkOrderKind.Change, Tries: < SessionChanger.TriesOfChange } ? Resort.Change : Resort.Disconnect;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} order not done by router {RouterId}: {Why}")]
    private partial void LogNotDone(NetworkOrderKind kind, Guid routerId, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Order {OrderId} could not be carried out")]
    private partial void LogFailed(Exception exception, Guid orderId);

    private sealed class Turn(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
