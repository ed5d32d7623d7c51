using EasyIsp.Core.Orders;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Subscriptions;

/// <summary>
/// Brings a package that was changed to the sessions of everybody who has it: one order each, written with the mark that
/// it is done. A package changed again meanwhile is marked again. Safe to run side by side.
/// </summary>
public sealed partial class PackageRollout(
    PlatformDatabase database, Changing changing, ChangeFeed feed, TimeProvider clock, ILogger<PackageRollout> logger)
    : QueueWorker(feed, "packages", Sweep, clock, logger)
{
    public const string PackageChanged = "package changed";

    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(10);

    protected override async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await TakeAsync(db, cancellationToken) is not [var package])
            return false;

        var sessions = await SessionsOfAsync(db, package, cancellationToken);
        await changing.ChangeAsync(db, sessions, PackageChanged, cancellationToken, package.Id);
        await db.CommitAsync(cancellationToken);
        LogRolledOut(package.Id, sessions.Count);
        return true;
    }

    private static Task<List<RowKey>> TakeAsync(IspDbContext db, CancellationToken cancellationToken)
        => db.Database.SqlQuery<RowKey>($"""
            with due as (
              select ctid as place from packages where is_to_reach_sessions
              order by tenant_id, id limit 1 for update skip locked)
            update packages p set is_to_reach_sessions = false from due where p.ctid = due.place
            returning p.tenant_id, p.id
            """).ToListAsync(cancellationToken);

    private static Task<List<Guid>> SessionsOfAsync(IspDbContext db, RowKey package, CancellationToken cancellationToken)
        => db.Database.SqlQuery<Guid>($"""
            select o.id as "Value"
            from open_sessions o
            join subscriptions s on s.tenant_id = o.tenant_id and s.id = o.subscription_id
            where o.tenant_id = {package.TenantId} and s.package_id = {package.Id}
            """).ToListAsync(cancellationToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "Package {PackageId} was changed: {Sessions} sessions are told")]
    private partial void LogRolledOut(Guid packageId, int sessions);
}
