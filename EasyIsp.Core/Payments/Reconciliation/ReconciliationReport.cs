using System.ComponentModel.DataAnnotations.Schema;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Reconciliation;

/// <summary>
/// Day by day: what the provider's books and the staff say came, what is booked of it, and what became of that. Days begin
/// at midnight in the tenant's zone.
/// </summary>
public sealed class ReconciliationReport(IspDatabase database, TimeProvider clock)
{
    /// <summary>Days of one question at most.</summary>
    public const int MostDays = 31;

    private const int MostDifferences = 200;

    /// <returns>Days on which nothing came are in it too.</returns>
    public async Task<ReconciliationFigures> ReadAsync(ReconciliationQuery query, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenSnapshotAsync(cancellationToken);
        var tenant = await db.Tenants.AsNoTracking().SingleAsync(cancellationToken);
        var calendar = new TenantCalendar(tenant);
        var (start, end) = (calendar.StartOf(query.From), calendar.StartOf(query.Until.AddDays(1)));
        var sums = await db.Database
            .SqlQueryRaw<DaySums>(ReconciliationSql.Days, start, end, query.AccountId!, tenant.TimeZone)
            .ToDictionaryAsync(day => day.Day, cancellationToken);
        var covers = await CoversAsync(db, query, start, end, cancellationToken);
        var days = Enumerable.Range(0, query.Days).Select(query.From.AddDays).Select(day => new ReconciledDay(
            sums.GetValueOrDefault(day) ?? new DaySums { Day = day },
            covers.Of(calendar.StartOf(day), calendar.StartOf(day.AddDays(1)), clock.GetUtcNow())));
        return new ReconciliationFigures([.. days], await DifferencesAsync(db, query, tenant, start, end, cancellationToken));
    }

    /// <summary>The tenant's money accounts, for the filter.</summary>
    public async Task<IReadOnlyList<ReconciledAccount>> AccountsAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.PaymentAccounts.OrderBy(a => a.DisabledAt != null).ThenBy(a => a.Name)
            .Select(a => new ReconciledAccount(a.Id, a.Name, a.Rail, a.DisabledAt != null, a.Rail == Rail.Mpesa && a.Kind != ShortCodeKind.BankPaybill))
            .ToListAsync(cancellationToken);
    }

    /// <summary>The books as they stand now: each kind of account, and whether what was sold is what was bought.</summary>
    public async Task<BooksToday> BooksAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenSnapshotAsync(cancellationToken);
        var kinds = await (
            from line in db.JournalLines
            join account in db.LedgerAccounts on line.AccountId equals account.Id
            group line by account.Kind into kind
            select new { kind.Key, Amount = kind.Sum(line => line.Amount) }).ToDictionaryAsync(kind => kind.Key, kind => kind.Amount, cancellationToken);
        var bought = await db.Purchases.Where(p => p.PaidBy == PurchaseMeans.Wallet && p.TakenBackAt == null).SumAsync(p => p.Price, cancellationToken);
        return new BooksToday(
            Held: MoneyKinds.Sum(kind => kinds.GetValueOrDefault(kind)),
            Wallets: -kinds.GetValueOrDefault(LedgerAccountKind.Wallet),
            Suspense: -kinds.GetValueOrDefault(LedgerAccountKind.Suspense),
            RefundsUnderway: -kinds.GetValueOrDefault(LedgerAccountKind.RefundsUnderway),
            Sold: -kinds.GetValueOrDefault(LedgerAccountKind.Sales),
            Bought: bought);
    }

    private static readonly LedgerAccountKind[] MoneyKinds =
        [LedgerAccountKind.MobileMoney, LedgerAccountKind.Cash, LedgerAccountKind.Cheques, LedgerAccountKind.Bank];

    private static async Task<IReadOnlyList<Difference>> DifferencesAsync(
        IspDbContext db, ReconciliationQuery query, Tenant tenant, DateTimeOffset start, DateTimeOffset end, CancellationToken cancellationToken)
    {
        var differences = await db.Database
            .SqlQueryRaw<Difference>(ReconciliationSql.Differences, start, end, query.AccountId!, tenant.TimeZone, MostDifferences)
            .ToListAsync(cancellationToken);
        var told = differences.SelectMany(difference => new[] { difference.LineId, difference.PaymentId }).OfType<Guid>().ToArray();
        var explanations = await db.Explanations.AsNoTracking()
            .Where(e => told.Contains(e.StatementLineId!.Value) || told.Contains(e.PaymentId!.Value))
            .OrderBy(e => e.At).ThenBy(e => e.Id)
            .ToListAsync(cancellationToken);
        return [.. differences.Select(difference => difference with { Earlier = [.. explanations.Where(difference.WasOnce)] })];
    }

    private static async Task<CoveredAccounts> CoversAsync(
        IspDbContext db, ReconciliationQuery query, DateTimeOffset start, DateTimeOffset end, CancellationToken cancellationToken)
    {
        var accounts = await db.PaymentAccounts.AtOwnShortCode().AsNoTracking()
            .Where(a => a.CreatedAt < end)
            .Where(a => query.AccountId == null || a.Id == query.AccountId)
            .Select(a => new CoveredAccount(a.Id, a.CreatedAt, a.DisabledAt))
            .ToListAsync(cancellationToken);
        var covers = await db.StatementCovers.AsNoTracking()
            .Where(c => c.Until > start && c.From < end)
            .OrderBy(c => c.From)
            .ToListAsync(cancellationToken);
        var late = await (
            from payment in db.Payments
            join account in db.PaymentAccounts.AtOwnShortCode() on payment.PaymentAccountId equals account.Id
            where account.DisabledAt <= payment.PaidAt && payment.PaidAt >= start && payment.PaidAt < end
                && payment.SameAsId == null && payment.ReversedAt == null
            select new { account.Id, payment.PaidAt }).ToListAsync(cancellationToken);
        return new CoveredAccounts(accounts, covers.ToLookup(c => c.PaymentAccountId), late.ToLookup(p => p.Id, p => p.PaidAt));
    }
}

/// <param name="AccountId">Null is all.</param>
public sealed record ReconciliationQuery(DateOnly From, DateOnly Until, Guid? AccountId = null)
{
    public int Days => Until.DayNumber - From.DayNumber + 1;
}

/// <param name="Differences">Those without an explanation first; at most 200.</param>
public sealed record ReconciliationFigures(IReadOnlyList<ReconciledDay> Days, IReadOnlyList<Difference> Differences);

/// <param name="HasStatement">Its provider has books of it that can be read.</param>
public sealed record ReconciledAccount(Guid Id, string Name, Rail Rail, bool IsDisabled, bool HasStatement);

/// <summary>What one day's money was, in the tenant's currency.</summary>
public sealed record DaySums
{
    public required DateOnly Day { get; init; }
    public int StatementLines { get; init; }

    /// <summary>By the provider's books.</summary>
    public decimal Statement { get; init; }

    public int CounterPayments { get; init; }

    /// <summary>By the staff's word.</summary>
    public decimal Counter { get; init; }

    /// <summary>Booked, of hours whose statement is not read, or by a provider whose statement nobody reads: it proves nothing yet.</summary>
    public decimal Awaited { get; init; }

    public int PaymentCount { get; init; }
    public decimal Payments { get; init; }

    /// <summary>What the journal of these payments says came.</summary>
    public decimal Ledger { get; init; }

    /// <summary>Spent on packages up to now.</summary>
    public decimal Access { get; init; }

    public decimal Suspense { get; init; }

    /// <summary>Or on its way back.</summary>
    public decimal GivenBack { get; init; }

    /// <summary>That nobody has explained.</summary>
    public int Differences { get; init; }

    public int Explained { get; init; }

    /// <summary>Statement less books, of <see cref="Differences"/>.</summary>
    public decimal Difference { get; init; }

    /// <summary>In wallets still.</summary>
    public decimal Unspent => Payments - Access - Suspense - GivenBack;

    internal DaySums Plus(DaySums other) => this with
    {
        StatementLines = StatementLines + other.StatementLines,
        Statement = Statement + other.Statement,
        CounterPayments = CounterPayments + other.CounterPayments,
        Counter = Counter + other.Counter,
        Awaited = Awaited + other.Awaited,
        PaymentCount = PaymentCount + other.PaymentCount,
        Payments = Payments + other.Payments,
        Ledger = Ledger + other.Ledger,
        Access = Access + other.Access,
        Suspense = Suspense + other.Suspense,
        GivenBack = GivenBack + other.GivenBack,
        Differences = Differences + other.Differences,
        Explained = Explained + other.Explained,
        Difference = Difference + other.Difference,
    };
}

public sealed record ReconciledDay(DaySums Sums, StatementCoverage Coverage)
{
    /// <summary>Every receipt agrees, and there is none that nothing was compared with.</summary>
    public bool IsZero => Coverage is StatementCoverage.NotNeeded or StatementCoverage.Whole && Sums is { Differences: 0, Awaited: 0 };

    /// <returns>All days as one.</returns>
    public static DaySums Total(IReadOnlyList<ReconciledDay> days)
        => days.Aggregate(new DaySums { Day = days[0].Sums.Day }, (sum, day) => sum.Plus(day.Sums));
}

/// <summary>How much of a day's provider statement is read.</summary>
public enum StatementCoverage
{
    /// <summary>No provider has books of that day.</summary>
    NotNeeded,

    /// <summary>It has just begun: what came may be missing only because the provider's books are late.</summary>
    NotYet,
    None,
    Part,
    Whole,
}

/// <summary>One receipt on which the sides do not agree.</summary>
/// <param name="LineId">On the provider's statement; null when it is not there.</param>
/// <param name="PaymentId">Booked; null when it is not.</param>
/// <param name="RequestId">The prompt that it paid, if one did.</param>
/// <param name="Number">Null while the provider has not told the receipt.</param>
/// <param name="Entered">By the journal.</param>
/// <param name="Note">What was made of the line when it was read.</param>
/// <param name="Explanation">A person's; null while there is none of these very amounts.</param>
public sealed record Difference(
    // Of a type that is no table's the model's conventions are not asked: by the column's type the name is what is read.
    [property: Column(TypeName = "text")] DifferenceKind Kind,
    DateTimeOffset At,
    Guid? LineId,
    Guid? PaymentId,
    Guid? RequestId,
    Guid AccountId,
    string? Number,
    decimal? Stated,
    decimal? Booked,
    decimal? Entered,
    string? Note,
    string? Explanation)
{
    public DifferenceKey Key => new(LineId, LineId is null ? PaymentId : null, Kind, Stated, Booked, Entered);

    /// <summary>What was found out while the two sides differed otherwise, the oldest first.</summary>
    [NotMapped]
    public IReadOnlyList<Explanation> Earlier { get; init; } = [];

    internal bool WasOnce(Explanation explanation)
        => (explanation.StatementLineId ?? explanation.PaymentId) is { } told && (told == LineId || told == PaymentId) && explanation.Key != Key;
}

/// <summary>What an <see cref="Explanation"/> is of: the line, or the payment that has none, and how the two sides stand.</summary>
public readonly record struct DifferenceKey(
    Guid? LineId, Guid? PaymentId, DifferenceKind Kind, decimal? Stated, decimal? Booked, decimal? Entered);

public enum DifferenceKind
{
    /// <summary>The provider received it, and no payment is booked.</summary>
    NotBooked,
    AmountDiffers,

    /// <summary>It is booked, and the provider's books do not name it.</summary>
    NotOnStatement,

    /// <summary>The journal has another amount than the payment.</summary>
    LedgerDiffers,
}

/// <summary>All accounts of the books, now.</summary>
/// <param name="Held">At M-Pesa, in drawers and boxes, at banks.</param>
/// <param name="Sold">By the ledger.</param>
/// <param name="Bought">By the purchases.</param>
public sealed record BooksToday(decimal Held, decimal Wallets, decimal Suspense, decimal RefundsUnderway, decimal Sold, decimal Bought)
{
    /// <summary>Zero, or the books are broken.</summary>
    public decimal Off => Held - Wallets - Suspense - RefundsUnderway - Sold;

    public bool AreEven => Off == 0 && Sold == Bought;
}
