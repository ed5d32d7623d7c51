using EasyIsp.Core.Packages;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Hotspot;

/// <summary>What the customer behind a visit has at this moment.</summary>
/// <param name="DataLimitBytes">Both directions together; null where no limit ends the access.</param>
/// <param name="UsedBytes">Of this subscription, in all its sessions.</param>
/// <param name="IsOnline">The visit's own device is online; another device of the customer does not count.</param>
public sealed record AccessNow(
    Guid CustomerId, string Package, DateTimeOffset EndsAt, long? DataLimitBytes, long UsedBytes, bool IsOnline, bool IsSuspended)
{
    public long? DataLeftBytes => DataLimitBytes is { } limit ? Math.Max(0, limit - UsedBytes) : null;

    /// <summary>Whether RADIUS would let the device in.</summary>
    public bool IsUsable => !IsSuspended && DataLeftBytes is not 0;
}

/// <summary>Tells what a device at the portal may do.</summary>
public sealed class HotspotAccess(IspDatabase database, TimeProvider clock)
{
    /// <returns>Null when nobody is known behind the visit, or he has nothing that runs now.</returns>
    public async Task<AccessNow?> OfAsync(HotspotVisit visit, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await OfAsync(db, visit, cancellationToken);
    }

    /// <summary>Participant.</summary>
    internal async Task<AccessNow?> OfAsync(IspDbContext db, HotspotVisit visit, CancellationToken cancellationToken)
        => (visit.CustomerId ?? await RecognizeAsync(db, visit.MacAddress, cancellationToken)) is { } customerId
            ? await OfAsync(db, customerId, visit.MacAddress, cancellationToken)
            : null;

    /// <summary>Participant.</summary>
    internal async Task<AccessNow?> OfAsync(IspDbContext db, Guid customerId, string? macAddress, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var running = await (
            from subscription in db.Subscriptions
            join package in db.Packages on subscription.PackageId equals package.Id
            join customer in db.Customers on subscription.CustomerId equals customer.Id
            where subscription.CustomerId == customerId && subscription.StartsAt <= now && subscription.EndsAt > now
                && customer.DeletedAt == null
            select new
            {
                subscription.Id,
                subscription.EndsAt,
                DataLimitBytes = package.AtDataLimit == AtDataLimit.Cut ? subscription.DataLimitBytes : null,
                package.Name,
                customer.SuspendedAt,
            })
            .SingleOrDefaultAsync(cancellationToken);
        if (running is null)
            return null;

        var used = running.DataLimitBytes is null ? 0 : await UsedAsync(db, running.Id, cancellationToken);
        var isOnline = macAddress is not null && await db.OpenSessions
            .AnyAsync(s => s.CustomerId == customerId && s.MacAddress == macAddress, cancellationToken);
        return new AccessNow(
            customerId, running.Name, running.EndsAt, running.DataLimitBytes, used, isOnline, running.SuspendedAt is not null);
    }

    private static async Task<long> UsedAsync(IspDbContext db, Guid subscriptionId, CancellationToken cancellationToken)
        => await db.OpenSessions.Where(s => s.SubscriptionId == subscriptionId)
               .SumAsync(s => s.UploadedBytes + s.DownloadedBytes, cancellationToken)
           + await db.Sessions.Where(s => s.SubscriptionId == subscriptionId)
               .SumAsync(s => s.UploadedBytes + s.DownloadedBytes, cancellationToken);

    /// <summary>
    /// The customer whose device this is. That a browser once named it beside his phone number proves nothing; that
    /// RADIUS let it in as him does.
    /// </summary>
    private static async Task<Guid?> RecognizeAsync(IspDbContext db, string? macAddress, CancellationToken cancellationToken)
        => macAddress is null
            ? null
            : await db.Customers
                .Where(c => c.MacAddress == macAddress && c.DeletedAt == null)
                .Where(c => db.OpenSessions.Any(s => s.CustomerId == c.Id && s.MacAddress == macAddress)
                    || db.Sessions.Any(s => s.CustomerId == c.Id && s.MacAddress == macAddress))
                .OrderByDescending(c => c.Id)
                .Select(c => (Guid?)c.Id)
                .FirstOrDefaultAsync(cancellationToken);
}
