using EasyIsp.Core.Orders;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Subscriptions;

/// <summary>
/// Notes when a subscription's data is nearly used and when it is used up, each once, and orders the end of its sessions
/// or their slower speed where the package says so: in one transaction, over all tenants. Safe to run twice and side by
/// side.
/// </summary>
public sealed partial class DataLimits(
    PlatformDatabase database, Disconnecting disconnecting, Changing changing, TimeProvider clock, ILogger<DataLimits> logger)
{
    public const string UsedUp = "data used up";
    public const int NearlyUsedPercent = 80;

    private const int BatchSize = 1000;

    /// <summary>Looks at these subscriptions: their sessions have just grown.</summary>
    /// <returns>How many were found to have used up their data.</returns>
    public async Task<int> CheckAsync(IReadOnlyCollection<RowKey> subscriptions, CancellationToken cancellationToken)
    {
        var usedUp = 0;
        foreach (var batch in subscriptions.Order(RowOrder).Chunk(BatchSize))
            usedUp += await CheckBatchAsync(batch, cancellationToken);
        return usedUp;
    }

    /// <summary>Looks at everybody who is online with a limit: what a worker that died had not looked at any more.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        List<RowKey> online;
        await using (var db = await database.OpenAsync(cancellationToken))
        {
            online = await db.Database.SqlQuery<RowKey>($"""
                select distinct o.tenant_id, o.subscription_id as id
                from open_sessions o
                join subscriptions s on s.tenant_id = o.tenant_id and s.id = o.subscription_id
                where o.is_metered and s.data_limit_bytes is not null and s.data_used_up_at is null
                """).ToListAsync(cancellationToken);
        }

        return await CheckAsync(online, cancellationToken);
    }

    private async Task<int> CheckBatchAsync(RowKey[] batch, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var passed = await NoteAsync(db, batch, cancellationToken);
        if (passed.Count == 0)
            return 0;

        Passed[] usedUp = [.. passed.Where(s => s.IsUsedUp)];
        var ending = await SessionsAsync(db, usedUp, AtDataLimit.Cut, cancellationToken);
        var slowing = await SessionsAsync(db, usedUp, AtDataLimit.SlowDown, cancellationToken);
        await disconnecting.DisconnectAsync(db, ending, UsedUp, cancellationToken);
        await changing.ChangeAsync(db, slowing, UsedUp, cancellationToken);
        await db.CommitAsync(cancellationToken);
        LogPassed(passed.Count - usedUp.Length, usedUp.Length, ending.Count, slowing.Count);
        return usedUp.Length;
    }

    private Task<List<Passed>> NoteAsync(IspDbContext db, RowKey[] batch, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var tenants = Array.ConvertAll(batch, key => key.TenantId);
        var ids = Array.ConvertAll(batch, key => key.Id);
        return db.Database.SqlQuery<Passed>($"""
            with due as (
              select s.tenant_id, s.id, s.data_limit_bytes, used.bytes
              from unnest({tenants}, {ids}) as touched(tenant_id, id)
              cross join lateral (
                select * from subscriptions s where s.tenant_id = touched.tenant_id and s.id = touched.id
                offset 0) s -- by the key, whatever the planner thinks of the conditions below
              cross join lateral (
                select coalesce(sum(u.uploaded_bytes + u.downloaded_bytes), 0) as bytes from usage_by_day u
                where u.subscription_id = s.id) used
              where s.data_limit_bytes is not null and s.data_used_up_at is null
                and used.bytes * 100 >= s.data_limit_bytes::numeric * {NearlyUsedPercent}
                and (s.data_nearly_used_at is null or used.bytes >= s.data_limit_bytes)
            )
            update subscriptions s set
              data_nearly_used_at = coalesce(s.data_nearly_used_at, {now}),
              data_used_up_at = case when due.bytes >= s.data_limit_bytes then {now} end
            from due
            where s.tenant_id = due.tenant_id and s.id = due.id and s.data_used_up_at is null
              and s.data_limit_bytes = due.data_limit_bytes
              and (s.data_nearly_used_at is null or due.bytes >= s.data_limit_bytes)
            returning s.tenant_id, s.id, s.data_used_up_at is not null as is_used_up
            """).ToListAsync(cancellationToken);
    }

    private static Task<List<Guid>> SessionsAsync(
        IspDbContext db, Passed[] usedUp, AtDataLimit atLimit, CancellationToken cancellationToken)
    {
        var tenants = Array.ConvertAll(usedUp, s => s.TenantId);
        var ids = Array.ConvertAll(usedUp, s => s.Id);
        return db.Database.SqlQuery<Guid>($"""
            select o.id as "Value"
            from unnest({tenants}, {ids}) as used_up(tenant_id, id)
            join subscriptions s on s.tenant_id = used_up.tenant_id and s.id = used_up.id
            join packages p on p.tenant_id = s.tenant_id and p.id = s.package_id
            join open_sessions o on o.tenant_id = s.tenant_id and o.subscription_id = s.id
            where p.at_data_limit = {atLimit.ToString()}
            """).ToListAsync(cancellationToken);
    }

    private static Comparer<RowKey> RowOrder { get; }
        = Comparer<RowKey>.Create((a, b) => (a.TenantId, a.Id).CompareTo((b.TenantId, b.Id)));

    [LoggerMessage(Level = LogLevel.Information, Message = "Data: {Nearly} subscriptions have nearly used theirs, {UsedUp} have used it up; {Ending} sessions are to end, {Slowing} to slow down")]
    private partial void LogPassed(int nearly, int usedUp, int ending, int slowing);

    private sealed record Passed(Guid TenantId, Guid Id, bool IsUsedUp);
}
