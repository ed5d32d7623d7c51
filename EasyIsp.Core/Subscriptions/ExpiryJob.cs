using EasyIsp.Core.Orders;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Subscriptions;

/// <summary>
/// Ends what has run out, over all tenants: marks the subscription closed and orders the end of its open sessions, or
/// their change where another subscription follows, in one transaction. Cuts even where the router never asks again. Safe to run twice and side by side.
/// </summary>
public sealed partial class ExpiryJob(
    PlatformDatabase database, Disconnecting disconnecting, Changing changing, TimeProvider clock, ILogger<ExpiryJob> logger)
{
    public const string Expired = "expired";

    /// <summary>The customer has another subscription from now on: the session is brought in line with it.</summary>
    public const string NextBegins = "next package";

    private const int BatchSize = 1000;

    /// <returns>How many subscriptions were closed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var closed = 0;
        int batch;
        do
        {
            batch = await CloseBatchAsync(cancellationToken);
            closed += batch;
        }
        while (batch == BatchSize);

        if (closed > 0)
            LogClosed(closed);
        return closed;
    }

    private async Task<int> CloseBatchAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await database.OpenAsync(cancellationToken);
        var ended = await CloseAsync(db, now, cancellationToken);
        if (ended.Count > 0)
        {
            var sessions = await OpenSessionsOfAsync(db, ended, now, cancellationToken);
            await disconnecting.DisconnectAsync(db, [.. Sessions(goingOn: false)], Expired, cancellationToken);
            await changing.ChangeAsync(db, [.. Sessions(goingOn: true)], NextBegins, cancellationToken);

            IEnumerable<Guid> Sessions(bool goingOn) => sessions.Where(s => s.GoesOn == goingOn).Select(s => s.SessionId);
        }

        await db.CommitAsync(cancellationToken);
        return ended.Count;
    }

    /// <summary>
    /// The customer's row is locked too, since a sale that makes the subscription longer holds it: whoever pays in the
    /// last moment is skipped here, and looked at again by the next run.
    /// </summary>
    private static Task<List<Ended>> CloseAsync(IspDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
        => db.Database.SqlQuery<Ended>($"""
            with due as (
              select s.ctid as place from subscriptions s
              join customers c on c.tenant_id = s.tenant_id and c.id = s.customer_id
              where s.ends_at <= {now} and s.closed_at is null
              order by s.ends_at limit {BatchSize} for no key update of s, c skip locked)
            update subscriptions s set closed_at = {now} from due where s.ctid = due.place
            returning s.tenant_id, s.customer_id, s.id as subscription_id
            """).ToListAsync(cancellationToken);

    private static Task<List<OnlineStill>> OpenSessionsOfAsync(
        IspDbContext db, List<Ended> ended, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var tenants = ended.Select(e => e.TenantId).ToArray();
        var customers = ended.Select(e => e.CustomerId).ToArray();
        var subscriptions = ended.Select(e => e.SubscriptionId).ToArray();
        return db.Database.SqlQuery<OnlineStill>($"""
            select o.id as session_id, exists (
                select from subscriptions n
                where n.tenant_id = o.tenant_id and n.customer_id = o.customer_id and n.starts_at <= {now} and n.ends_at > {now}) as goes_on
            from unnest({tenants}, {customers}, {subscriptions}) as ended(tenant_id, customer_id, subscription_id)
            join open_sessions o on o.tenant_id = ended.tenant_id and o.customer_id = ended.customer_id
              and o.subscription_id = ended.subscription_id
            """).ToListAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Closed {Count} subscriptions that had run out")]
    private partial void LogClosed(int count);

    private sealed record Ended(Guid TenantId, Guid CustomerId, Guid SubscriptionId);

    private sealed record OnlineStill(Guid SessionId, bool GoesOn);
}
