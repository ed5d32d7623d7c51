using System.Globalization;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Testing.Chaos;

/// <summary>Lays the company's books beside the provider's own statement and beside what staff took, receipt by receipt.</summary>
internal sealed class ChaosBooks(ChaosTown town, ChaosPeople people)
{
    public async Task<ChaosReport> CloseAsync(IReadOnlyDictionary<string, int> kills, int placed, CancellationToken cancellationToken)
    {
        var statement = town.Provider.Daraja.Statement.Lines;
        var payments = await town.World.ReadAsync(db => db.Payments.AsNoTracking().Where(p => p.SameAsId == null && p.Reference == null).ToListAsync(cancellationToken));
        var delivered = await DeliveredAsync(cancellationToken);
        var paidPrompts = statement.Count(line => line.CheckoutRequestId.Length > 0);
        return await town.World.ReadAsync(async db => new ChaosReport
        {
            Begun = people.ByRail,
            Kills = kills,
            StatementLines = statement.Count,
            Statement = statement.Sum(line => line.Amount),
            Payments = payments.Count,
            PaymentsSum = payments.Sum(p => p.Amount),
            Ledger = await BalanceAsync(db, LedgerAccountKind.MobileMoney),
            Counter = people.Taken.Values.Sum(),
            CounterLedger = await BalanceAsync(db, LedgerAccountKind.Cash) + await BalanceAsync(db, LedgerAccountKind.Bank),
            Sales = -await BalanceAsync(db, LedgerAccountKind.Sales),
            Wallets = -await BalanceAsync(db, LedgerAccountKind.Wallet),
            Suspense = -await BalanceAsync(db, LedgerAccountKind.Suspense),
            SuspenseExpected = statement.Where(IsNobodys).Sum(line => line.Amount),
            PaidPrompts = paidPrompts,
            Delivered = delivered,
            Unlike = [.. Unlike(statement.ToDictionary(line => line.Receipt, line => line.Amount), payments), .. Astray(statement, payments)],
            Messages = await db.ProviderMessages.CountAsync(cancellationToken),
            Flagged = await db.ProviderMessages.CountAsync(
                m => m.Outcome == ProviderMessageOutcome.UnknownRequest || m.Outcome == ProviderMessageOutcome.Malformed, cancellationToken),
            Sms = await db.MoneySms.CountAsync(cancellationToken),
            BookedBySms = await db.MoneySms.CountAsync(s => s.BookedAt != null, cancellationToken),
            FoundByPull = await db.StatementLines.CountAsync(
                l => l.Outcome == ProviderMessageOutcome.Settled || l.Outcome == ProviderMessageOutcome.Unmatched, cancellationToken),
            PlacedByStaff = placed,
        });

        Task<decimal> BalanceAsync(IspDbContext db, LedgerAccountKind kind) => (
            from line in db.JournalLines
            join account in db.LedgerAccounts on line.AccountId equals account.Id
            where account.Kind == kind
            select line.Amount).SumAsync(cancellationToken);
    }

    /// <summary>Purchases that a prompt's payment bought, each with access that runs for the day that was sold.</summary>
    private Task<int> DeliveredAsync(CancellationToken cancellationToken) => town.World.ReadAsync(db => (
        from purchase in db.Purchases
        join payment in db.Payments on purchase.CauseId equals payment.Id
        join subscription in db.Subscriptions on purchase.SubscriptionId equals subscription.Id
        where payment.PaymentRequestId != null && payment.SameAsId == null && subscription.EndsAt > subscription.StartsAt
        select purchase.Id).CountAsync(cancellationToken));

    /// <summary>Receipts that are in one of the two alone, or with another amount.</summary>
    private static List<string> Unlike(Dictionary<string, decimal> statement, List<Payment> payments)
    {
        List<string> unlike = [];
        foreach (var payment in payments)
        {
            if (payment.Receipt is null)
                unlike.Add($"payment {payment.Id} has no receipt");
            else if (!statement.Remove(payment.Receipt, out var amount))
                unlike.Add($"{payment.Receipt} is not on the statement");
            else if (amount != payment.Amount)
                unlike.Add($"{payment.Receipt}: {amount} on the statement, {payment.Amount} in the books");
        }

        unlike.AddRange(statement.Keys.Select(receipt => $"{receipt} is not in the books"));
        return unlike;
    }

    /// <summary>A prompt's money that waits in suspense.</summary>
    private static IEnumerable<string> Astray(IEnumerable<Emulators.Daraja.DarajaStatementLine> statement, List<Payment> payments)
        => from line in statement
           where line.CheckoutRequestId.Length > 0
           join payment in payments on line.Receipt equals payment.Receipt
           where payment.IsInSuspense
           select string.Create(
               CultureInfo.InvariantCulture,
               $"{line.Receipt}, {line.Amount} of {line.Msisdn} at {line.SettledAt:T}, is a prompt's and in suspense since {payment.RecordedAt:T}, told as of {payment.PayerNumber ?? "nobody"} at {payment.PaidAt:T}");

    /// <summary>Money that no prompt asked for, and whose account, if one was typed, is no customer's.</summary>
    private static bool IsNobodys(Emulators.Daraja.DarajaStatementLine line)
        => line.CheckoutRequestId.Length == 0 && (line.ShortCode == ChaosTown.TillStore || line.AccountReference.StartsWith("ISP", StringComparison.Ordinal));
}
