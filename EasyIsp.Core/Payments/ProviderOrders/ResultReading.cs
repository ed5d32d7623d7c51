using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Payments.ProviderOrders;

/// <summary>Makes something of one stored outcome of an order.</summary>
public sealed class ResultReading(IEnumerable<IOrderOutcome> outcomes, ProviderMetrics metrics, TimeProvider clock)
{
    /// <summary>Already reversed, seen before, kept to be sent again (mpesa.md, 5.3): none of them says that no money went.</summary>
    private static readonly string[] MayBeDone = ["R000001", "15", "100000000"];

    /// <summary>Participant.</summary>
    internal async Task<(ProviderMessageOutcome, string? Note)> UnderstandAsync(
        IspDbContext db, ProviderMessage message, CancellationToken cancellationToken)
    {
        if (message.ProviderOrderId is not { } orderId || await OrderRows.LockAsync(db, orderId, cancellationToken) is not { } order)
            return (ProviderMessageOutcome.UnknownRequest, "It came to an address that no order of ours has.");
        if (message.Kind == ProviderMessageKind.TimedOut)
        {
            order.OutcomeUnknown("The provider says that it waited too long", clock.GetUtcNow());
            metrics.Ordered(order);
            return (ProviderMessageOutcome.TimedOut, null);
        }

        if (!OperationResult.TryParse(message.Body, out var result, out var malformed))
            return (ProviderMessageOutcome.Malformed, malformed);
        if (!IsAbout(order, result))
            return (ProviderMessageOutcome.UnknownRequest, "It names another order than its address does.");

        order.KnownAs(result.ConversationId, result.OriginatorConversationId);
        return await SettleAsync(db, order, result, cancellationToken);
    }

    private async Task<(ProviderMessageOutcome, string?)> SettleAsync(
        IspDbContext db, ProviderOrder order, OperationResult result, CancellationToken cancellationToken)
    {
        switch (order.State)
        {
            case ProviderOrderState.Done when result.IsSuccess:
            case ProviderOrderState.Failed when !result.IsSuccess:
                return (ProviderMessageOutcome.Repeated, null);
            case ProviderOrderState.Done:
                return (ProviderMessageOutcome.Contradicts, $"It says {result.ResultCode} of an order that was carried out.");
        }

        if (order.MovesMoney && MayBeDone.Contains(result.ResultCode))
        {
            order.Doubted(result.ResultCode, result.ResultDescription.Truncate(300));
            metrics.Ordered(order);
            return (ProviderMessageOutcome.TimedOut, $"It says {result.ResultCode}: the order may have been carried out before.");
        }

        order.Settled(result.ResultCode, result.ResultDescription.Truncate(300), result.Receipt, AnswerIn(order, result), clock.GetUtcNow());
        metrics.Ordered(order);
        await outcomes.TellAsync(db, order, result, cancellationToken);
        if (order is { Kind: ProviderOrderKind.Status, State: ProviderOrderState.Done, Receipt: null, CauseId: { } askedAfter })
            await SettleAskedAsync(db, askedAfter, TransactionReport.Of(result), cancellationToken);
        return (result.IsSuccess ? ProviderMessageOutcome.CarriedOut : ProviderMessageOutcome.NotCarriedOut, null);
    }

    /// <summary>The answer to a question about an order is that order's outcome; one that is under way is asked after again.</summary>
    private async Task SettleAskedAsync(IspDbContext db, Guid orderId, TransactionReport report, CancellationToken cancellationToken)
    {
        if (await OrderRows.LockAsync(db, orderId, cancellationToken) is not { IsSettled: false } asked)
            return;

        if (report.Outcome == TransactionOutcome.Completed)
            asked.Settled("0", "", report.Receipt, report.Receiver?.Name?.Truncate(ProviderOrder.MaxAnswerLength), clock.GetUtcNow());
        else if (report.Outcome is TransactionOutcome.Cancelled or TransactionOutcome.Declined or TransactionOutcome.Expired)
            asked.Settled($"{report.Outcome}", "So the provider says when asked", receipt: null, answer: null, clock.GetUtcNow());
        else
            return;

        metrics.Ordered(asked);
        await outcomes.TellAsync(db, asked, result: null, cancellationToken);
    }

    /// <summary>
    /// Nothing that both know may differ; and of an order that moves money they share a name, unless it has none yet since
    /// its outcome is faster than the answer to its submission.
    /// </summary>
    private static bool IsAbout(ProviderOrder order, OperationResult result)
    {
        var ours = order.Kind == ProviderOrderKind.Status ? null : order.OriginatorConversationId;
        if (!Agree(order.ConversationId, result.ConversationId) || !Agree(ours, result.OriginatorConversationId))
            return false;
        if (!order.MovesMoney)
            return true;
        return order.ConversationId is null && ours is null
            ? (result.ConversationId ?? result.OriginatorConversationId) is not null
            : (order.ConversationId is not null && result.ConversationId is not null) || (ours is not null && result.OriginatorConversationId is not null);
    }

    private static bool Agree(string? one, string? other) => one is null || other is null || one == other;

    private static string? AnswerIn(ProviderOrder order, OperationResult result) => (order.Kind switch
    {
        ProviderOrderKind.Balance => result["AccountBalance"],
        ProviderOrderKind.Status => result["TransactionStatus"],
        ProviderOrderKind.Payout => result["ReceiverPartyPublicName"],
        _ => result["CreditPartyPublicName"],
    })?.Truncate(ProviderOrder.MaxAnswerLength);
}
