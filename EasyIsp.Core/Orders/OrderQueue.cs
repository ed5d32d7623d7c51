using System.Net;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Orders;

/// <summary>
/// Where workers take the orders of all tenants, many at a time. Taking is a lease: the order of a worker that dies comes
/// back by itself, so an order may be carried out twice and must bear it. The statements do not trust the planner's guess
/// of how many wait: a queue was empty when it was last analysed, and then there are ten thousand. So the rows are locked
/// one by one in a CTE, which runs once and keeps to its limit, and then written by their place.
/// </summary>
public sealed partial class OrderQueue(PlatformDatabase database, TimeProvider clock, ILogger<OrderQueue> logger)
{
    /// <summary>Longer than any worker needs for one order.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>The reason of a login that follows an end which we ordered ourselves.</summary>
    private const string Return = "return";

    /// <returns>Orders that no other worker has, those that wait longest first.</returns>
    public Task<IReadOnlyList<NetworkOrder>> TakeAsync(NetworkOrderKind kind, int max, CancellationToken cancellationToken)
        => TakeAsync([kind], max, [], cancellationToken);

    /// <param name="butNotFor">Routers that have enough to do: their orders stay for later, and for other workers.</param>
    /// <returns>Orders that no other worker has, those that wait longest first.</returns>
    public async Task<IReadOnlyList<NetworkOrder>> TakeAsync(
        IReadOnlyCollection<NetworkOrderKind> kinds, int max, IReadOnlyCollection<Guid> butNotFor, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        string[] names = [.. kinds.Select(kind => kind.ToString())];
        Guid[] busy = [.. butNotFor];
        await using var db = await database.OpenAsync(cancellationToken);
        var taken = await db.NetworkOrders.FromSql($"""
            with due as (
              select ctid as place from network_orders
              where kind = any({names}) and state = 'Waiting' and next_try_at <= {now} and router_id <> all({busy})
              order by next_try_at limit {max} for update skip locked)
            update network_orders o set next_try_at = {now + Lease} from due where o.ctid = due.place
            returning o.*
            """).IgnoreQueryFilters([QueryFilters.Tenant]).AsNoTracking().ToListAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
        return [.. taken.OrderBy(order => order.Id)];
    }

    /// <summary>What came of an order; a report on an order that is finished already changes nothing.</summary>
    public Task ReportAsync(Guid tenantId, Guid orderId, OrderReport report, CancellationToken cancellationToken)
        => ReportAsync([new OrderResult(tenantId, orderId, LeasedUntil: null, report)], cancellationToken);

    /// <summary>
    /// What came of orders, with what follows from it, in one transaction. A failed one is tried again with growing pauses
    /// (2, 4, 8 … seconds) and loudly given up after <see cref="NetworkOrder.MaxTries"/>.
    /// </summary>
    public async Task ReportAsync(IReadOnlyCollection<OrderResult> results, CancellationToken cancellationToken)
    {
        if (results.Count == 0)
            return;

        var now = clock.GetUtcNow();
        var sorted = results.OrderBy(result => result.TenantId).ThenBy(result => result.OrderId).ToList();
        await using var db = await database.OpenAsync(cancellationToken);
        var counted = (await CloseAsync(db, sorted, now, cancellationToken)).ToDictionary(order => order.Id);
        var done = sorted.Where(result => counted.ContainsKey(result.OrderId) && result.Report is OrderReport.Done).ToList();
        await TellAsync(db, done, counted, cancellationToken);
        await LetReturnAsync(db, done, now, cancellationToken);
        await db.CommitAsync(cancellationToken);

        foreach (var result in sorted)
        {
            if (counted.TryGetValue(result.OrderId, out var order) && order.State == nameof(NetworkOrderState.Failed))
                LogGivenUp(order.Kind, order.Id, order.Tries, result.Report.Outcome);
        }
    }

    private static Task<List<Reported>> CloseAsync(
        IspDbContext db, List<OrderResult> results, DateTimeOffset now, CancellationToken cancellationToken)
    {
        T[] Column<T>(Func<OrderResult, T> of) => [.. results.Select(of)];
        var (tenants, ids, leases) = (Column(r => r.TenantId), Column(r => r.OrderId), Column(r => r.LeasedUntil));
        var (outcomes, areDone) = (Column(r => Shortened(r.Report.Outcome)), Column(r => r.Report is OrderReport.Done));
        var mayRetry = Column(r => r.Report is not OrderReport.Failed { MayRetry: false });
        var untils = Column(r => (r.Report as OrderReport.Postponed)?.Until);
        return db.Database.SqlQuery<Reported>($"""
            with news as (
              select news.*, o.place, o.tries + case when later is null then 1 else 0 end as tries,
                case when is_done then 'Done'
                  when not may_retry or later is null and o.tries + 1 >= {NetworkOrder.MaxTries} then 'Failed'
                  else 'Waiting' end as state
              from unnest({tenants}, {ids}, {leases}, {outcomes}, {areDone}, {mayRetry}, {untils})
                as news(tenant_id, id, leased_until, outcome, is_done, may_retry, later)
              cross join lateral (
                select o.ctid as place, o.tries, o.state, o.next_try_at from network_orders o
                where o.tenant_id = news.tenant_id and o.id = news.id for no key update) o
              where o.state = 'Waiting' and (leased_until is null or o.next_try_at = leased_until)
            )
            update network_orders o set
              tries = news.tries, outcome = news.outcome, state = news.state,
              finished_at = case when news.state <> 'Waiting' then {now} end,
              next_try_at = case when news.state <> 'Waiting' then o.next_try_at
                else coalesce(news.later, {now} + interval '1 second' * power(2, news.tries)) end
            from news where o.ctid = news.place
            returning o.id, o.session_id, o.kind, o.state, o.tries
            """).ToListAsync(cancellationToken);
    }

    private static async Task TellAsync(
        IspDbContext db, List<OrderResult> done, Dictionary<Guid, Reported> counted, CancellationToken cancellationToken)
    {
        var told = done
            .Select(result => (result.TenantId, counted[result.OrderId].SessionId, (result.Report as OrderReport.Done)?.Told))
            .Where(row => row is { SessionId: not null, Told: not null })
            .OrderBy(row => row.TenantId).ThenBy(row => row.SessionId)
            .ToList();
        if (told.Count == 0)
            return;

        Guid[] tenants = [.. told.Select(row => row.TenantId)];
        Guid[] sessions = [.. told.Select(row => row.SessionId!.Value)];
        string[] texts = [.. told.Select(row => row.Told!)];
        await db.Database.ExecuteSqlAsync($"""
            with news as (
              select s.tenant_id, s.id, news.told
              from unnest({tenants}, {sessions}, {texts}) as news(tenant_id, session_id, told)
              cross join lateral (
                select s.tenant_id, s.id from open_sessions s
                where s.tenant_id = news.tenant_id and s.id = news.session_id for no key update) s
            )
            update open_sessions s set told = news.told::jsonb
            from news where s.tenant_id = news.tenant_id and s.id = news.id
            """, cancellationToken);
    }

    private static async Task LetReturnAsync(
        IspDbContext db, List<OrderResult> done, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var returning = done.Where(result => result.Report is OrderReport.Done { Returning: not null }).ToList();
        if (returning.Count == 0)
            return;

        Guid[] tenants = [.. returning.Select(result => result.TenantId)];
        Guid[] causes = [.. returning.Select(result => result.OrderId)];
        Guid[] ids = [.. returning.Select(_ => Guid.CreateVersion7(now))];
        var devices = returning.ConvertAll(result => ((OrderReport.Done)result.Report).Returning!);
        string[] macs = [.. devices.Select(device => device.MacAddress)];
        IPAddress[] addresses = [.. devices.Select(device => device.Address)];
        await db.Database.ExecuteSqlAsync($"""
            insert into network_orders (tenant_id, id, kind, router_id, customer_id, mac_address, address, reason, cause_id,
              state, tries, created_at, next_try_at)
            select o.tenant_id, news.id, {nameof(NetworkOrderKind.HotspotLogin)}, o.router_id, o.customer_id,
              news.mac_address, news.address, {Return}, o.id, {nameof(NetworkOrderState.Waiting)}, 0, {now}, {now}
            from unnest({tenants}, {causes}, {ids}, {macs}, {addresses}) as news(tenant_id, cause_id, id, mac_address, address)
            join network_orders o on o.tenant_id = news.tenant_id and o.id = news.cause_id
            """, cancellationToken);
    }

    private static string Shortened(string outcome)
        => outcome.Length <= NetworkOrder.MaxOutcomeLength ? outcome : outcome[..NetworkOrder.MaxOutcomeLength];

    [LoggerMessage(Level = LogLevel.Warning, Message = "Gave up {Kind} order {OrderId} after {Tries} tries: {Outcome}")]
    private partial void LogGivenUp(string kind, Guid orderId, int tries, string outcome);

    private sealed record Reported(Guid Id, Guid? SessionId, string Kind, string State, int Tries);
}
