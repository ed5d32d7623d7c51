using EasyIsp.Core.Customers;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Subscriptions;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Reports;

/// <summary>Everything that the page of one customer answers at once.</summary>
public sealed class CustomerOverview(IspDatabase database, TimeProvider clock)
{
    /// <returns>Null when there never was such a customer; a deleted one is still shown.</returns>
    public async Task<CustomerFacts?> FindAsync(Guid customerId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var now = clock.GetUtcNow();
        if (await db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == customerId, cancellationToken) is not { } customer)
            return null;

        var subscriptions = await SubscriptionsAsync(db, customerId, now, cancellationToken);
        var present = subscriptions.FirstOrDefault(s => s.StartsAt <= now) ?? subscriptions.FirstOrDefault();
        var used = present is null ? 0 : await UsedBytesAsync(db, present.Id, cancellationToken);
        var online = await OnlineAsync(db, customerId, cancellationToken);
        var latest = subscriptions.FirstOrDefault();
        var zone = TimeZoneInfo.FindSystemTimeZoneById(
            await db.Tenants.Where(t => t.Id == db.CurrentTenantId).Select(t => t.TimeZone).SingleAsync(cancellationToken));
        return new CustomerFacts
        {
            Id = customer.Id,
            Number = customer.Number,
            Name = customer.Name,
            AccessType = customer.AccessType,
            Phone = customer.Phone,
            Email = customer.Email,
            Address = customer.Address,
            Notes = customer.Notes,
            Latitude = customer.Latitude,
            Longitude = customer.Longitude,
            Username = customer.Username,
            MacAddress = customer.MacAddress,
            CreatedAt = customer.CreatedAt,
            SuspendedAt = customer.SuspendedAt,
            DeletedAt = customer.DeletedAt,
            State = CustomerStates.Of(
                customer.DeletedAt is not null, customer.SuspendedAt is not null, latest?.StartsAt, latest?.EndsAt, now),
            Subscription = present,
            Next = subscriptions.LastOrDefault(s => s.StartsAt > now),
            EndsAt = latest?.EndsAt,
            UsedBytes = used,
            Online = online,
            LastSessionEndedAt = await LastSessionAsync(db, customerId, cancellationToken),
            Wallet = await GeneralLedger.WalletAsync(db, customerId, cancellationToken),
            Hindrance = HindranceTo(customer, present, used, online.Count(session => !session.IsLimited), now, zone),
        };
    }

    /// <summary>What RADIUS would say to a login now, in the order in which it asks.</summary>
    private static Hindrance HindranceTo(
        Customer customer, SubscriptionFacts? present, long usedBytes, int online, DateTimeOffset now, TimeZoneInfo zone)
        => (customer, present) switch
        {
            ({ DeletedAt: not null }, _) => Hindrance.Deleted,
            ({ SuspendedAt: not null }, _) => Hindrance.Suspended,
            (_, null) => Hindrance.NothingBought,
            (_, { } s) when s.EndsAt <= now => Hindrance.Expired,
            (_, { } s) when s.StartsAt > now => Hindrance.NotBegun,
            (_, { Hours: { } hours }) when !hours.IsOpenAt(now, zone) => Hindrance.OutsideHours,
            (_, { DataLimitBytes: { } limit, AtDataLimit: AtDataLimit.Cut }) when usedBytes >= limit => Hindrance.DataUsedUp,
            (_, { } s) when online >= s.SimultaneousSessions => Hindrance.AllDevicesOnline,
            _ => Hindrance.None,
        };

    /// <summary>What is and what comes, and else what was last; the latest end first.</summary>
    private static async Task<List<SubscriptionFacts>> SubscriptionsAsync(
        IspDbContext db, Guid customerId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var all = db.Subscriptions.Where(s => s.CustomerId == customerId);
        var running = await Select(db, all.Where(s => s.EndsAt > now)).ToListAsync(cancellationToken);
        return running.Count > 0 ? running : await Select(db, all).Take(1).ToListAsync(cancellationToken);
    }

    private static IQueryable<SubscriptionFacts> Select(IspDbContext db, IQueryable<Subscription> subscriptions)
        => from s in subscriptions
           join p in db.Packages on s.PackageId equals p.Id
           orderby s.EndsAt descending
           select new SubscriptionFacts(
               s.Id, p.Id, p.Name, s.StartsAt, s.EndsAt, s.DataLimitBytes, p.DownloadKbps, p.UploadKbps, p.SimultaneousSessions,
               p.AtDataLimit, s.DataNearlyUsedAt, s.DataUsedUpAt, p.Access.Hours);

    /// <summary>At whichever router: what a package has left is one figure.</summary>
    private static async Task<long> UsedBytesAsync(IspDbContext db, Guid subscriptionId, CancellationToken cancellationToken)
        => await db.Sessions.IgnoreQueryFilters([QueryFilters.Place]).Where(s => s.SubscriptionId == subscriptionId)
                .SumAsync(s => s.UploadedBytes + s.DownloadedBytes, cancellationToken)
            + await db.OpenSessions.IgnoreQueryFilters([QueryFilters.Place]).Where(s => s.SubscriptionId == subscriptionId)
                .SumAsync(s => s.UploadedBytes + s.DownloadedBytes, cancellationToken);

    private static Task<List<OnlineFacts>> OnlineAsync(IspDbContext db, Guid customerId, CancellationToken cancellationToken)
        => (from s in db.OpenSessions
            join r in db.Routers on s.RouterId equals r.Id
            where s.CustomerId == customerId
            orderby s.StartedAt
            select new OnlineFacts(s.Id, s.StartedAt, r.Id, r.Name, s.SubscriptionId == null)).ToListAsync(cancellationToken);

    private static Task<DateTimeOffset?> LastSessionAsync(IspDbContext db, Guid customerId, CancellationToken cancellationToken)
        => db.Sessions.Where(s => s.CustomerId == customerId).MaxAsync(s => (DateTimeOffset?)s.EndedAt, cancellationToken);
}

public sealed record CustomerFacts
{
    public required Guid Id { get; init; }
    public required long Number { get; init; }
    public required string Name { get; init; }
    public required AccessType AccessType { get; init; }
    public required string? Phone { get; init; }
    public required string? Email { get; init; }
    public required string? Address { get; init; }
    public required string? Notes { get; init; }
    public required double? Latitude { get; init; }
    public required double? Longitude { get; init; }
    public required string? Username { get; init; }
    public required string? MacAddress { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset? SuspendedAt { get; init; }
    public required DateTimeOffset? DeletedAt { get; init; }
    public required CustomerState State { get; init; }

    /// <summary>The one that counts now; else the last one there was.</summary>
    public required SubscriptionFacts? Subscription { get; init; }

    /// <summary>What begins when the present one ends.</summary>
    public required SubscriptionFacts? Next { get; init; }

    /// <summary>When access ends or ended, over all that was bought.</summary>
    public required DateTimeOffset? EndsAt { get; init; }

    /// <summary>In both directions, within <see cref="Subscription"/>.</summary>
    public required long UsedBytes { get; init; }

    public required IReadOnlyList<OnlineFacts> Online { get; init; }
    public required DateTimeOffset? LastSessionEndedAt { get; init; }
    public required decimal Wallet { get; init; }
    public required Hindrance Hindrance { get; init; }
}

public sealed record SubscriptionFacts(
    Guid Id,
    Guid PackageId,
    string Package,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    long? DataLimitBytes,
    int DownloadKbps,
    int UploadKbps,
    int SimultaneousSessions,
    AtDataLimit AtDataLimit,
    DateTimeOffset? DataNearlyUsedAt,
    DateTimeOffset? DataUsedUpAt,
    AllowedHours? Hours);

/// <summary>A session that is open now.</summary>
/// <param name="IsLimited">Of no subscription: the customer was refused, and let in as far as a page that says why. It takes no place.</param>
public sealed record OnlineFacts(Guid SessionId, DateTimeOffset StartedAt, Guid RouterId, string Router, bool IsLimited);

/// <summary>Why a customer cannot connect, or connect one device more.</summary>
public enum Hindrance
{
    None,
    Deleted,
    Suspended,
    NothingBought,
    Expired,
    NotBegun,
    OutsideHours,
    DataUsedUp,
    AllDevicesOnline,
}
