using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.ProviderOrders;

/// <summary>Writes orders, which <see cref="OrderSender"/> then sends. All are participants: the order is part of what it is for.</summary>
public sealed class OrderBook(TimeProvider clock)
{
    /// <summary>Asks what became of a transaction.</summary>
    internal ProviderOrder AskStatus(IspDbContext db, Guid accountId, string receipt, Guid? causeId, string by)
        => Add(db, accountId, new ProviderOrderDraft(ProviderOrderKind.Status, "Look-up", by.Truncate(120), causeId, receipt));

    /// <summary>Asks what became of another order, by the number that the provider knows it by.</summary>
    internal ProviderOrder AskAfter(IspDbContext db, ProviderOrder order)
        => Add(db, order.PaymentAccountId, new ProviderOrderDraft(
            ProviderOrderKind.Status, "Look-up", "EasyISP", order.Id, ConversationId: order.OriginatorConversationId));

    internal ProviderOrder AskBalance(IspDbContext db, Guid accountId, string by)
        => Add(db, accountId, new ProviderOrderDraft(ProviderOrderKind.Balance, "Balance", by.Truncate(120)));

    /// <summary>Gives a payment back, in full or in part, under its own receipt.</summary>
    /// <param name="causeId">Who is told of the outcome (<see cref="IOrderOutcome"/>).</param>
    /// <exception cref="ArgumentException">The payment has no receipt, or less came than is to be given back.</exception>
    public ProviderOrder Reverse(IspDbContext db, Payment payment, decimal amount, Guid causeId, string remarks, string by)
    {
        if (payment.Receipt is not { } receipt)
            throw new ArgumentException("A payment without receipt cannot be reversed.", nameof(payment));
        if (amount <= 0 || amount > payment.Amount || amount != decimal.Truncate(amount))
            throw new ArgumentException("Whole shillings, at most what came.", nameof(amount));
        return Add(db, payment.PaymentAccountId, new ProviderOrderDraft(
            ProviderOrderKind.Reversal, RemarksOf(remarks), by.Truncate(120), causeId, receipt, amount));
    }

    /// <summary>Pays a person.</summary>
    /// <param name="phone">E.164, a Kenyan mobile number.</param>
    /// <param name="amount">Whole shillings, 10 to 250,000.</param>
    /// <exception cref="ArgumentException">One of these rules is broken.</exception>
    public ProviderOrder PayOut(IspDbContext db, Guid accountId, string phone, decimal amount, Guid causeId, string remarks, string by)
    {
        if (!MpesaPhone.IsOne(phone))
            throw new ArgumentException("Not a Kenyan mobile number.", nameof(phone));
        if (amount is < OperationOrder.LeastPayout or > StkPushOrder.GreatestAmount || amount != decimal.Truncate(amount))
            throw new ArgumentException($"Whole shillings from {OperationOrder.LeastPayout} to {StkPushOrder.GreatestAmount} only.", nameof(amount));
        return Add(db, accountId, new ProviderOrderDraft(
            ProviderOrderKind.Payout, RemarksOf(remarks), by.Truncate(120), causeId, Amount: amount, Phone: phone));
    }

    private ProviderOrder Add(IspDbContext db, Guid accountId, ProviderOrderDraft draft)
    {
        var order = ProviderOrder.Write(db.CurrentTenantId, accountId, draft, clock.GetUtcNow());
        db.ProviderOrders.Add(order);
        return order;
    }

    private static string RemarksOf(string remarks)
        => remarks.Trim() is { Length: >= OperationOrder.ShortestRemark } text ? text.Truncate(OperationOrder.LongestRemark) : "Refund";
}

/// <summary>
/// Told when an order is settled, in the transaction that settles it; a participant. Every one is told of every order and
/// knows its own by <see cref="ProviderOrder.CauseId"/>. An order that had failed may be told of again, as done.
/// </summary>
public interface IOrderOutcome
{
    /// <param name="order">Done or failed; locked.</param>
    /// <param name="result">What the provider posted; null when it refused the order at once, or was asked after it.</param>
    Task SettledAsync(IspDbContext db, ProviderOrder order, OperationResult? result, CancellationToken cancellationToken);
}

internal static class OrderRows
{
    /// <summary>Participant: before the locks of <see cref="PaymentRows"/>.</summary>
    public static Task<ProviderOrder?> LockAsync(IspDbContext db, Guid orderId, CancellationToken cancellationToken)
        => db.ProviderOrders
            .FromSql($"select * from provider_orders where tenant_id = {db.CurrentTenantId} and id = {orderId} for update")
            .SingleOrDefaultAsync(cancellationToken);

    public static async Task TellAsync(
        this IEnumerable<IOrderOutcome> outcomes, IspDbContext db, ProviderOrder order, OperationResult? result, CancellationToken cancellationToken)
    {
        foreach (var outcome in outcomes)
            await outcome.SettledAsync(db, order, result, cancellationToken);
    }
}
