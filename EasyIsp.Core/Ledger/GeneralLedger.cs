using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Ledger;

/// <summary>The books. Every shilling that moves, moves here, in the transaction of the event that moved it.</summary>
public sealed class GeneralLedger(TimeProvider clock)
{
    /// <summary>
    /// Participant: books one event. A second booking of the same source fails on the unique index
    /// <c>ix_journal_entries_tenant_id_source_source_id</c>.
    /// </summary>
    /// <exception cref="ArgumentException">The postings do not sum to zero.</exception>
    public async Task PostAsync(
        IspDbContext db, JournalSource source, Guid sourceId, string memo, IReadOnlyList<Posting> postings, CancellationToken cancellationToken)
    {
        if (postings.Count < 2 || postings.Sum(posting => posting.Amount) != 0)
            throw new ArgumentException("An entry has two or more postings that sum to zero.", nameof(postings));

        var now = clock.GetUtcNow();
        var entry = JournalEntry.Book(db.CurrentTenantId, source, sourceId, memo, now);
        db.JournalEntries.Add(entry);
        var known = await FindAsync(db, postings, cancellationToken);
        foreach (var posting in postings)
        {
            var accountId = known.TryGetValue(posting.Account, out var found) ? found : await AccountIdAsync(db, posting.Account, cancellationToken);
            db.JournalLines.Add(JournalLine.Of(entry, accountId, posting.Amount, now));
        }
    }

    /// <summary>Participant.</summary>
    /// <returns>Debits less credits: positive for what the tenant has, negative for what it owes.</returns>
    public static async Task<decimal> BalanceAsync(IspDbContext db, AccountRef account, CancellationToken cancellationToken)
        => await (
            from line in db.JournalLines
            join found in db.LedgerAccounts on line.AccountId equals found.Id
            where found.Kind == account.Kind && found.SubjectId == account.SubjectId
            select line.Amount).SumAsync(cancellationToken);

    /// <summary>Participant: what a customer has paid and not yet spent.</summary>
    public static async Task<decimal> WalletAsync(IspDbContext db, Guid customerId, CancellationToken cancellationToken)
        => -await BalanceAsync(db, AccountRef.Wallet(customerId), cancellationToken);

    private async Task<Guid> AccountIdAsync(IspDbContext db, AccountRef account, CancellationToken cancellationToken)
    {
        if (await FindAsync(db, account, cancellationToken) is { } known)
            return known;

        // Two first payments at once make the account once; the loser of the race reads the winner's.
        await db.Database.ExecuteSqlAsync($"""
            insert into ledger_accounts (tenant_id, id, kind, subject_id)
            values ({db.CurrentTenantId}, {Guid.CreateVersion7(clock.GetUtcNow())}, {account.Kind.ToString()}, {account.SubjectId})
            on conflict do nothing
            """, cancellationToken);
        return await FindAsync(db, account, cancellationToken)
            ?? throw new InvalidOperationException($"The account {account} could not be opened.");
    }

    /// <summary>The first two, which is all of most entries, at once; each by its index, which an "or" would not be.</summary>
    private static Task<Dictionary<AccountRef, Guid>> FindAsync(IspDbContext db, IReadOnlyList<Posting> postings, CancellationToken cancellationToken)
    {
        var (one, other) = (postings[0].Account, postings[1].Account);
        return db.LedgerAccounts.Where(a => a.Kind == one.Kind && a.SubjectId == one.SubjectId)
            .Union(db.LedgerAccounts.Where(a => a.Kind == other.Kind && a.SubjectId == other.SubjectId))
            .Select(a => new { a.Kind, a.SubjectId, a.Id })
            .ToDictionaryAsync(a => new AccountRef(a.Kind, a.SubjectId), a => a.Id, cancellationToken);
    }

    private static async Task<Guid?> FindAsync(IspDbContext db, AccountRef account, CancellationToken cancellationToken)
        => await db.LedgerAccounts
            .Where(a => a.Kind == account.Kind && a.SubjectId == account.SubjectId)
            .Select(a => (Guid?)a.Id)
            .SingleOrDefaultAsync(cancellationToken);
}

/// <summary>Names an account before it may exist.</summary>
public readonly record struct AccountRef(LedgerAccountKind Kind, Guid? SubjectId = null)
{
    public static AccountRef Sales { get; } = new(LedgerAccountKind.Sales);
    public static AccountRef Suspense { get; } = new(LedgerAccountKind.Suspense);
    public static AccountRef RefundsUnderway { get; } = new(LedgerAccountKind.RefundsUnderway);
    public static AccountRef Cash { get; } = new(LedgerAccountKind.Cash);

    public static AccountRef Wallet(Guid customerId) => new(LedgerAccountKind.Wallet, customerId);

    public static AccountRef MobileMoney(Guid paymentAccountId) => new(LedgerAccountKind.MobileMoney, paymentAccountId);

    public static AccountRef CashAt(Guid paymentAccountId) => new(LedgerAccountKind.Cash, paymentAccountId);

    public static AccountRef Cheques(Guid paymentAccountId) => new(LedgerAccountKind.Cheques, paymentAccountId);

    public static AccountRef Bank(Guid paymentAccountId) => new(LedgerAccountKind.Bank, paymentAccountId);
}

/// <summary>A debit (positive) or credit (negative).</summary>
public readonly record struct Posting(AccountRef Account, decimal Amount)
{
    public static Posting Debit(AccountRef account, decimal amount) => new(account, amount);

    public static Posting Credit(AccountRef account, decimal amount) => new(account, -amount);
}

public static class LedgerFeature
{
    public static IServiceCollection AddLedger(this IServiceCollection services) => services.AddSingleton<GeneralLedger>();
}
