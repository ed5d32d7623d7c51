using EasyIsp.Core.Payments.ProviderOrders;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Payments;

/// <summary>
/// Makes something of one stored callback: settles, notes the refusal, or flags it for a person. One transaction, so
/// a crash anywhere leaves the message waiting and nothing half done.
/// </summary>
public sealed partial class CallbackReading(
    IspDatabase database,
    PaymentProviders providers,
    PromptBooking booking,
    HintReading hints,
    ConfirmationReading confirmations,
    ResultReading results,
    TimeProvider clock,
    ILogger<CallbackReading> logger)
{
    /// <returns>Null when the message was read already, is being read by somebody else, or waits for the provider's word.</returns>
    public async Task<ProviderMessageOutcome?> ReadAsync(Guid messageId, CancellationToken cancellationToken)
    {
        ProviderMessageOutcome? outcome;
        string? note;
        await using (var db = await database.OpenAsync(cancellationToken))
        {
            if (await PaymentRows.LockWaitingAsync(db, messageId, cancellationToken) is not { } message)
                return null;

            (outcome, note) = await UnderstandAsync(db, message, cancellationToken);
            if (outcome is { } understood)
                message.Processed(understood, note?.Truncate(300), clock.GetUtcNow());
            await db.CommitAsync(cancellationToken);
        }

        // A hint: the provider is asked outside of any transaction, for it may take its time.
        if (outcome is null)
            (outcome, note) = await hints.ReadAsync(messageId, cancellationToken);
        if (note is not null && outcome is { } flagged and not ProviderMessageOutcome.NotOurs)
            LogFlagged(messageId, flagged, note);
        return outcome;
    }

    /// <returns>No outcome where the provider must be asked first.</returns>
    private async Task<(ProviderMessageOutcome?, string? Note)> UnderstandAsync(
        IspDbContext db, ProviderMessage message, CancellationToken cancellationToken) => message.Kind switch
    {
        ProviderMessageKind.Confirmation => await confirmations.UnderstandAsync(db, message, cancellationToken),
        ProviderMessageKind.Result or ProviderMessageKind.TimedOut => await results.UnderstandAsync(db, message, cancellationToken),
        _ => await UnderstandPromptAsync(db, message, cancellationToken),
    };

    private async Task<(ProviderMessageOutcome?, string? Note)> UnderstandPromptAsync(
        IspDbContext db, ProviderMessage message, CancellationToken cancellationToken)
    {
        var rail = await db.PaymentAccounts.Where(a => a.Id == message.PaymentAccountId).Select(a => a.Rail).SingleAsync(cancellationToken);
        var word = providers.Of(rail).Read(message);
        message.Names(word.Receipt);
        return word switch
        {
            ProviderWord.Malformed malformed => (ProviderMessageOutcome.Malformed, malformed.Why),
            ProviderWord.Elsewhere elsewhere => (ProviderMessageOutcome.NotOurs, elsewhere.What),
            ProviderWord.Hint when message.Kind != ProviderMessageKind.Event => (ProviderMessageOutcome.UnknownRequest, "It is not signed."),
            ProviderWord.Hint hint => await UnderstandHintAsync(db, message, hint, cancellationToken),
            ProviderWord.Outcome outcome => await UnderstandOutcomeAsync(db, message, rail, outcome, cancellationToken),
            _ => throw new InvalidOperationException($"No such word: {word.GetType().Name}."),
        };
    }

    private static async Task<(ProviderMessageOutcome?, string? Note)> UnderstandHintAsync(
        IspDbContext db, ProviderMessage message, ProviderWord.Hint hint, CancellationToken cancellationToken)
    {
        var request = await db.PaymentRequests.AsNoTracking().SingleOrDefaultAsync(
            r => r.CheckoutRequestId == hint.Reference && r.PaymentAccountId == message.PaymentAccountId, cancellationToken);
        if (request is null)
            return (ProviderMessageOutcome.UnknownRequest, "It names no request of this account.");

        message.Concerns(request.Id);
        return request.State == PaymentRequestState.Paid ? (ProviderMessageOutcome.Repeated, null) : (null, null);
    }

    private async Task<(ProviderMessageOutcome, string? Note)> UnderstandOutcomeAsync(
        IspDbContext db, ProviderMessage message, Rail rail, ProviderWord.Outcome outcome, CancellationToken cancellationToken)
    {
        if (message.PaymentRequestId is not { } requestId)
            return (ProviderMessageOutcome.UnknownRequest, "It came to an address that no request of ours has.");

        if (outcome.State is PromptState.Paid { Receipt: { } receipt })
            await PaymentRows.LockReceiptAsync(db, receipt, cancellationToken);
        var request = await PaymentRows.LockRequestAsync(db, requestId, cancellationToken);
        if (request is null || (request.CheckoutRequestId is { } expected && expected != outcome.Reference))
            return (ProviderMessageOutcome.UnknownRequest, "It names another request than its address does.");
        if (request.CheckoutRequestId is null && await IsAnothersAsync(db, outcome.Reference, cancellationToken))
            return (ProviderMessageOutcome.UnknownRequest, "It names a request that has another address.");

        request.KnownAs(outcome.SubmissionId, outcome.Reference);
        return outcome.State switch
        {
            PromptState.Failed failed => booking.NotPaid(request, failed),
            PromptState.Paid { Amount: not null, Receipt: not null } paid => await booking.PaidAsync(db, request, rail, paid, cancellationToken),
            PromptState.Paid { Amount: { } amount } paid when amount != request.Amount => await booking.PaidAsync(db, request, rail, paid, cancellationToken),
            _ => (ProviderMessageOutcome.Malformed, "It says paid without amount or receipt; the provider is asked instead."),
        };
    }

    private static Task<bool> IsAnothersAsync(IspDbContext db, string reference, CancellationToken cancellationToken)
        => db.PaymentRequests.AnyAsync(r => r.CheckoutRequestId == reference, cancellationToken);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Callback {MessageId} is flagged as {Outcome}: {Note}")]
    private partial void LogFlagged(Guid messageId, ProviderMessageOutcome outcome, string note);
}
