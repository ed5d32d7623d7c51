using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Payments;

/// <summary>Messages of providers that a person should look at, newest first.</summary>
public sealed class FlaggedList(IspDatabase database)
{
    public async Task<Page<FlaggedMessage>> ListAsync(PageOf page, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.ProviderMessages
            .Where(m => m.PutAwayAt == null)
            .Where(m => m.Outcome == ProviderMessageOutcome.Malformed
                || m.Outcome == ProviderMessageOutcome.UnknownRequest
                || m.Outcome == ProviderMessageOutcome.AmountMismatch
                || m.Outcome == ProviderMessageOutcome.Contradicts
                || m.Outcome == ProviderMessageOutcome.ReceiptTaken
                || m.Outcome == ProviderMessageOutcome.Unconfirmed)
            .OrderByDescending(m => m.ReceivedAt)
            .Select(m => new FlaggedMessage(m.Id, m.PaymentRequestId, m.ReceivedAt, m.Outcome!.Value, m.Note, m.Receipt))
            .ToPageAsync(page, cancellationToken);
    }
}

/// <param name="Receipt">The money that it names; null when it names none.</param>
public sealed record FlaggedMessage(
    Guid Id, Guid? PaymentRequestId, DateTimeOffset ReceivedAt, ProviderMessageOutcome Outcome, string? Note, string? Receipt);
