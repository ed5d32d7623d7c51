using EasyIsp.Core.Payments.Daraja;
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
    IspDatabase database, Settlement settlement, ConfirmationReading confirmations, TimeProvider clock, ILogger<CallbackReading> logger)
{
    /// <returns>Null when the message was read already, or is being read by somebody else.</returns>
    public async Task<ProviderMessageOutcome?> ReadAsync(Guid messageId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var message = await db.ProviderMessages
            .FromSql($"""
                select * from provider_messages
                where tenant_id = {db.CurrentTenantId} and id = {messageId} and processed_at is null for update skip locked
                """)
            .SingleOrDefaultAsync(cancellationToken);
        if (message is null)
            return null;

        var (outcome, note) = message.Kind == ProviderMessageKind.Confirmation
            ? await confirmations.UnderstandAsync(db, message, cancellationToken)
            : await UnderstandAsync(db, message, cancellationToken);
        message.Processed(outcome, note?.Truncate(300), clock.GetUtcNow());
        await db.CommitAsync(cancellationToken);
        if (note is not null)
            LogFlagged(messageId, outcome, note);
        return outcome;
    }

    private async Task<(ProviderMessageOutcome, string? Note)> UnderstandAsync(
        IspDbContext db, ProviderMessage message, CancellationToken cancellationToken)
    {
        if (!StkCallback.TryParse(message.Body, out var callback, out var malformed))
            return (ProviderMessageOutcome.Malformed, malformed);
        message.Names(callback.Receipt);
        if (message.PaymentRequestId is not { } requestId)
            return (ProviderMessageOutcome.UnknownRequest, "It came to an address that no request of ours has.");

        if (callback.Receipt is { } receipt)
            await PaymentRows.LockReceiptAsync(db, receipt, cancellationToken);
        var request = await PaymentRows.LockRequestAsync(db, requestId, cancellationToken);
        if (request is null || (request.CheckoutRequestId is { } expected && expected != callback.CheckoutRequestId))
            return (ProviderMessageOutcome.UnknownRequest, "It names another request than its address does.");
        if (request.CheckoutRequestId is null && await IsAnothersAsync(db, callback, cancellationToken))
            return (ProviderMessageOutcome.UnknownRequest, "It names a request that has another address.");

        request.KnownAs(callback.MerchantRequestId, callback.CheckoutRequestId);
        return callback.IsPaid
            ? await PaidAsync(db, request, callback, cancellationToken)
            : NotPaid(request, callback);
    }

    private async Task<(ProviderMessageOutcome, string?)> PaidAsync(
        IspDbContext db, PaymentRequest request, StkCallback callback, CancellationToken cancellationToken)
    {
        if (callback.Amount is { } amount && amount != request.Amount)
        {
            return (ProviderMessageOutcome.AmountMismatch,
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"It says {amount}; {request.Amount} was asked for."));
        }

        if (callback.Amount is null || callback.Receipt is null)
            return (ProviderMessageOutcome.Malformed, "It says paid without amount or receipt; the provider is asked instead.");

        return await settlement.SettleAsync(db, request, new PaidEvidence(callback.Receipt, callback.TransactedAt), cancellationToken) switch
        {
            SettlementOutcome.Settled => (ProviderMessageOutcome.Settled, null),
            SettlementOutcome.Known => (ProviderMessageOutcome.Repeated, null),
            _ => (ProviderMessageOutcome.ReceiptTaken, $"Receipt {callback.Receipt} belongs to another payment."),
        };
    }

    private (ProviderMessageOutcome, string?) NotPaid(PaymentRequest request, StkCallback callback)
    {
        switch (request.State)
        {
            case PaymentRequestState.Paid:
                return (ProviderMessageOutcome.Contradicts, $"It says {callback.ResultCode} of a request that is paid.");
            case PaymentRequestState.Failed when request.ResultCode == callback.ResultCode:
                return (ProviderMessageOutcome.Repeated, null);
            default:
                request.Failed(callback.ResultCode, callback.ResultDescription.Truncate(300), clock.GetUtcNow());
                return (ProviderMessageOutcome.NotPaid, null);
        }
    }

    private static Task<bool> IsAnothersAsync(IspDbContext db, StkCallback callback, CancellationToken cancellationToken)
        => db.PaymentRequests.AnyAsync(r => r.CheckoutRequestId == callback.CheckoutRequestId, cancellationToken);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Callback {MessageId} is flagged as {Outcome}: {Note}")]
    private partial void LogFlagged(Guid messageId, ProviderMessageOutcome outcome, string note);
}
