using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Providers;

/// <summary>
/// A signed message that says paid is a hint: the provider is asked, and its answer is what counts. Until it has one the
/// message waits.
/// </summary>
public sealed class HintReading(IspDatabase database, PaymentProviders providers, PromptBooking booking, TimeProvider clock)
{
    /// <param name="messageId">Of a message that waits and whose request is known.</param>
    /// <returns>No outcome while the provider does not say, or when somebody else has read the message meanwhile.</returns>
    internal async Task<(ProviderMessageOutcome? Outcome, string? Note)> ReadAsync(Guid messageId, CancellationToken cancellationToken)
    {
        var (account, request) = await FindAsync(messageId, cancellationToken);
        var answer = await providers.QueryAsync(account, request.CheckoutRequestId!, cancellationToken);

        await using var db = await database.OpenAsync(cancellationToken);
        if (await PaymentRows.LockWaitingAsync(db, messageId, cancellationToken) is not { } message)
            return (null, null);

        if (answer is PromptState.Paid paid)
            await PromptBooking.LockAsync(db, account, request.Amount, paid, cancellationToken);
        var locked = (await PaymentRows.LockRequestAsync(db, request.Id, cancellationToken))!;
        var (outcome, note) = locked.State == PaymentRequestState.Paid
            ? (ProviderMessageOutcome.Repeated, null)
            : await JudgeAsync(db, account, locked, message, answer, cancellationToken);
        if (outcome is { } known)
            message.Processed(known, note?.Truncate(300), clock.GetUtcNow());
        else
            message.ReadAgain(clock.GetUtcNow());
        await db.CommitAsync(cancellationToken);
        return (outcome, note);
    }

    private async Task<(ProviderMessageOutcome?, string?)> JudgeAsync(
        IspDbContext db, PaymentAccount account, PaymentRequest request, ProviderMessage message, PromptState answer, CancellationToken cancellationToken)
    {
        switch (answer)
        {
            case PromptState.Paid paid:
                message.Names(paid.Receipt);
                return await booking.PaidAsync(db, request, account.Rail, paid, cancellationToken);
            case PromptState.Failed failed:
                return (ProviderMessageOutcome.Unconfirmed, $"It says paid; asked, {account.Rail.Label()} says {failed.Code}.");
            default:
                return clock.GetUtcNow() - message.ReceivedAt < ProviderMessage.ConfirmedWithin
                    ? (null, null)
                    : (ProviderMessageOutcome.Unconfirmed, $"It says paid; asked for days, {account.Rail.Label()} did not confirm it.");
        }
    }

    private async Task<(PaymentAccount, PaymentRequest)> FindAsync(Guid messageId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var request = await db.PaymentRequests.AsNoTracking()
            .SingleAsync(r => db.ProviderMessages.Any(m => m.Id == messageId && m.PaymentRequestId == r.Id), cancellationToken);
        return (await db.PaymentAccounts.AsNoTracking().SingleAsync(a => a.Id == request.PaymentAccountId, cancellationToken), request);
    }
}
