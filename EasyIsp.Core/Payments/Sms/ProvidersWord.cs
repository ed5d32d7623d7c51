using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>
/// Whether the provider itself has told of a receipt. A payment with that receipt is its word, unless an SMS made the
/// payment: then it is a message that came to our addresses, or a line of the provider's own books.
/// </summary>
internal static class ProvidersWord
{
    /// <summary>Participant; a payment with the receipt is there.</summary>
    public static Task<bool> IsThereAsync(IspDbContext db, string receipt, CancellationToken cancellationToken)
        => db.Payments.AnyAsync(
            p => p.Receipt == receipt
                && (!db.MoneySms.Any(s => s.Receipt == receipt && s.BookedAt != null)
                    || db.StatementLines.Any(l => l.Receipt == receipt && l.Amount == p.Amount)
                    || db.ProviderMessages.Any(m => m.Receipt == receipt
                        && (m.Outcome == ProviderMessageOutcome.Settled || m.Outcome == ProviderMessageOutcome.Repeated || m.Outcome == ProviderMessageOutcome.Unmatched))),
            cancellationToken);
}
