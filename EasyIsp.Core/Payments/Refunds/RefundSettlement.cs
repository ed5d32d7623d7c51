using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.ProviderOrders;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Refunds;

/// <summary>Makes a refund's end of the outcome of its order.</summary>
internal sealed class RefundSettlement(RefundBooks books, TimeProvider clock) : IOrderOutcome
{
    public async Task SettledAsync(IspDbContext db, ProviderOrder order, OperationResult? result, CancellationToken cancellationToken)
    {
        if (!order.MovesMoney || order.CauseId is not { } refundId)
            return;
        if (await RefundRows.LockAsync(db, refundId, cancellationToken) is not { } refund || refund.State == RefundState.Done)
            return;

        var payment = (await PaymentRows.LockPaymentAsync(db, refund.PaymentId, cancellationToken))!;
        var now = clock.GetUtcNow();
        if (order.State == ProviderOrderState.Done)
        {
            if (refund.State == RefundState.Failed)
                await books.HoldAgainAsync(db, refund, payment, cancellationToken);
            var account = await db.PaymentAccounts.SingleAsync(a => a.Id == payment.PaymentAccountId, cancellationToken);
            await books.PayAsync(db, refund, account.Ledger, cancellationToken);
            refund.Done(order.ResultReceipt, now);
            await RefundNotices.SendAsync(db, refund, payment, now, cancellationToken);
        }
        else if (refund.State == RefundState.Underway)
        {
            await books.ReleaseAsync(db, refund, payment, cancellationToken);
            refund.Failed(order.ResultText ?? order.ResultCode, now);
        }
    }
}
