using System.Linq.Expressions;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Persistence;

namespace EasyIsp.Core.Reports;

/// <summary>How things stand with a customer, in a word.</summary>
public enum CustomerState
{
    /// <summary>Never bought anything.</summary>
    New,
    Active,

    /// <summary>Active, and about to end; see <see cref="CustomerStates.ExpiringWithin"/>.</summary>
    Expiring,
    Expired,
    Suspended,
    Deleted,
}

/// <summary>The one place that says which state follows from which facts, in code and in queries.</summary>
internal static class CustomerStates
{
    /// <summary>Somebody who has paid for a week or more is "expiring" in the last days; an hour's guest never is.</summary>
    public static readonly TimeSpan ExpiringWithin = TimeSpan.FromDays(3);

    public static readonly TimeSpan LongEnoughToWarn = TimeSpan.FromDays(7);

    /// <param name="start">Of the latest subscription; null when there never was one.</param>
    /// <param name="end">When access ends or ended.</param>
    public static CustomerState Of(bool isDeleted, bool isSuspended, DateTimeOffset? start, DateTimeOffset? end, DateTimeOffset now)
        => (isDeleted, isSuspended, end) switch
        {
            (true, _, _) => CustomerState.Deleted,
            (_, true, _) => CustomerState.Suspended,
            (_, _, null) => CustomerState.New,
            (_, _, { } ends) when ends <= now => CustomerState.Expired,
            (_, _, { } ends) when ends - now <= ExpiringWithin && ends - start >= LongEnoughToWarn => CustomerState.Expiring,
            _ => CustomerState.Active,
        };

    public static Expression<Func<Customer, bool>> Are(CustomerState state, IspDbContext db, DateTimeOffset now)
    {
        var soon = now + ExpiringWithin;
        return state switch
        {
            CustomerState.New => c => c.SuspendedAt == null && !db.Subscriptions.Any(s => s.CustomerId == c.Id),
            CustomerState.Active => c => c.SuspendedAt == null && db.Subscriptions.Any(s => s.CustomerId == c.Id && s.EndsAt > now),
            CustomerState.Expiring => c => c.SuspendedAt == null
                && db.Subscriptions.Any(s => s.CustomerId == c.Id && s.EndsAt > now && s.EndsAt <= soon && s.EndsAt - s.StartsAt >= LongEnoughToWarn)
                && !db.Subscriptions.Any(s => s.CustomerId == c.Id && s.EndsAt > soon),
            CustomerState.Expired => c => c.SuspendedAt == null
                && db.Subscriptions.Any(s => s.CustomerId == c.Id)
                && !db.Subscriptions.Any(s => s.CustomerId == c.Id && s.EndsAt > now),
            CustomerState.Suspended => c => c.SuspendedAt != null,
            _ => c => false,
        };
    }
}
