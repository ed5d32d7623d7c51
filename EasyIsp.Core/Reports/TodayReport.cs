using System.Net;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using EasyIsp.Core.Vouchers;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Reports;

/// <summary>The first screen of the day. Days and months begin at midnight in the tenant's zone.</summary>
public sealed class TodayReport(IspDatabase database, TimeProvider clock)
{
    private const int Days = 30;
    private const int Latest = 10;

    public async Task<TodayFigures> ReadAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var tenant = await db.Tenants.AsNoTracking().SingleAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var calendar = new TenantCalendar(tenant);
        var today = calendar.DayOf(now);
        var month = new DateOnly(today.Year, today.Month, 1);
        var firstDay = today.AddDays(1 - Days);
        var sales = await SalesByDayAsync(db, tenant, calendar.StartOf(firstDay < month ? firstDay : month), cancellationToken);

        return new TodayFigures
        {
            Today = today,
            OnlineNow = await db.OpenSessions.CountAsync(cancellationToken),
            SalesToday = sales.GetValueOrDefault(today),
            SalesThisMonth = sales.Where(day => day.Key >= month).Sum(day => day.Value),
            ReceivedToday = await ReceivedSinceAsync(db, calendar.StartOf(today), cancellationToken),
            ReceivedThisMonth = await ReceivedSinceAsync(db, calendar.StartOf(month), cancellationToken),
            SalesByDay = [.. Enumerable.Range(0, Days).Select(i => firstDay.AddDays(i)).Select(day => new DayAmount(day, sales.GetValueOrDefault(day)))],
            LatestPayments = await LatestPaymentsAsync(db, cancellationToken),
            ExpiringSoon = await ExpiringAsync(db, now, cancellationToken),
            Guessing = await GuessingAsync(db, now, cancellationToken),
        };
    }

    /// <summary>What was earned: credits of the Sales account, by the tenant's days.</summary>
    private static async Task<Dictionary<DateOnly, decimal>> SalesByDayAsync(
        IspDbContext db, Tenant tenant, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var days = await (
            from line in db.JournalLines
            join account in db.LedgerAccounts on line.AccountId equals account.Id
            join entry in db.JournalEntries on line.EntryId equals entry.Id
            where account.Kind == LedgerAccountKind.Sales && entry.BookedAt >= since
            group line by DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeBySystemTimeZoneId(entry.BookedAt.UtcDateTime, tenant.TimeZone)) into day
            select new { Day = day.Key, Amount = -day.Sum(line => line.Amount) }).ToListAsync(cancellationToken);
        return days.ToDictionary(day => day.Day, day => day.Amount);
    }

    /// <summary>What came in: payments, whatever they were then spent on.</summary>
    private static Task<decimal> ReceivedSinceAsync(IspDbContext db, DateTimeOffset since, CancellationToken cancellationToken)
        => db.Payments.Where(p => p.RecordedAt >= since && p.SameAsId == null && p.ReversedAt == null).SumAsync(p => p.Amount, cancellationToken);

    private static Task<List<LatestPayment>> LatestPaymentsAsync(IspDbContext db, CancellationToken cancellationToken) => (
        from payment in db.Payments.Where(p => p.SameAsId == null && p.ReversedAt == null)
        join customer in db.Customers on payment.CustomerId equals (Guid?)customer.Id into known
        from customer in known.DefaultIfEmpty()
        orderby payment.RecordedAt descending, payment.Id descending
        select new LatestPayment(
            payment.Id, payment.PaymentRequestId, customer == null ? payment.PayerName : customer.Name, payment.Phone, payment.Receipt ?? payment.Reference, payment.Amount, payment.PaidAt))
        .Take(Latest).ToListAsync(cancellationToken);

    /// <summary>Alarms of a day, the newest first; for who is restricted to some routers those of these.</summary>
    private static Task<List<GuessingSeen>> GuessingAsync(IspDbContext db, DateTimeOffset now, CancellationToken cancellationToken) => (
        from alarm in db.GuessingAlarms
        where alarm.RaisedAt > now - GuessingAlarm.Shown
        join router in db.Routers on alarm.RouterId equals (Guid?)router.Id into routers
        from router in routers.DefaultIfEmpty()
        where !db.IsRestricted || router != null
        orderby alarm.RaisedAt descending, alarm.Id descending
        select new GuessingSeen(alarm.RaisedAt, alarm.By, alarm.WrongCodes, alarm.MacAddress, alarm.Address, alarm.RouterId, router == null ? null : router.Name))
        .Take(Latest).ToListAsync(cancellationToken);

    /// <summary>Subscriptions that end within a day with nothing behind them.</summary>
    private static async Task<ExpiringSoon> ExpiringAsync(IspDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var soon =
            from subscription in db.Subscriptions
            join customer in db.Customers on subscription.CustomerId equals customer.Id
            join package in db.Packages on subscription.PackageId equals package.Id
            where subscription.StartsAt <= now && subscription.EndsAt > now && subscription.EndsAt <= now.AddDays(1)
                && customer.DeletedAt == null
                && !db.Subscriptions.Any(later => later.CustomerId == subscription.CustomerId && later.StartsAt >= subscription.EndsAt)
            select new { subscription, customer, package };
        return new ExpiringSoon(
            await soon.CountAsync(cancellationToken),
            await soon.OrderBy(row => row.subscription.EndsAt)
                .Take(Latest)
                .Select(row => new ExpiringCustomer(row.customer.Id, row.customer.Name, row.package.Name, row.subscription.EndsAt))
                .ToListAsync(cancellationToken));
    }
}

public sealed record TodayFigures
{
    /// <summary>The tenant's date.</summary>
    public required DateOnly Today { get; init; }

    public required int OnlineNow { get; init; }

    /// <summary>Earned: what the ledger's Sales account was credited.</summary>
    public required decimal SalesToday { get; init; }

    public required decimal SalesThisMonth { get; init; }

    /// <summary>Received: payments recorded, spent or still in wallets.</summary>
    public required decimal ReceivedToday { get; init; }

    public required decimal ReceivedThisMonth { get; init; }

    /// <summary>Thirty days to today, days without sales included.</summary>
    public required IReadOnlyList<DayAmount> SalesByDay { get; init; }

    public required IReadOnlyList<LatestPayment> LatestPayments { get; init; }
    public required ExpiringSoon ExpiringSoon { get; init; }
    public required IReadOnlyList<GuessingSeen> Guessing { get; init; }
}

public sealed record DayAmount(DateOnly Day, decimal Amount);

/// <param name="RequestId">The attempt that brought it, if one did.</param>
/// <param name="Receipt">Null until the provider names it.</param>
public sealed record LatestPayment(
    Guid Id, Guid? RequestId, string? Customer, string? Phone, string? Receipt, decimal Amount, DateTimeOffset PaidAt);

/// <param name="Count">All of them; the list names the first ten.</param>
public sealed record ExpiringSoon(int Count, IReadOnlyList<ExpiringCustomer> First);

/// <summary>Somebody guessed voucher codes.</summary>
/// <param name="By">What the wrong codes have in common.</param>
public sealed record GuessingSeen(
    DateTimeOffset At, GuessedBy By, int WrongCodes, string? MacAddress, IPAddress? Address, Guid? RouterId, string? Router);

public sealed record ExpiringCustomer(Guid CustomerId, string Customer, string Package, DateTimeOffset EndsAt);
