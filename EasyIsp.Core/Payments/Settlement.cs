using EasyIsp.Core.Ledger;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Outbox;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Subscriptions;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>Makes money of a provider's word: payment, journal, purchase and the orders that follow, in the caller's one transaction.</summary>
public sealed class Settlement(GeneralLedger ledger, Selling selling, TimeProvider clock)
{
    /// <summary>
    /// Participant: books a request as paid. The caller holds the request's row lock; a request that is paid already
    /// is only enriched with its receipt.
    /// </summary>
    /// <param name="request">Locked by <see cref="PaymentRows.LockRequestAsync"/>.</param>
    internal async Task<SettlementOutcome> SettleAsync(
        IspDbContext db, PaymentRequest request, PaidEvidence evidence, CancellationToken cancellationToken)
    {
        var known = await db.Payments.SingleOrDefaultAsync(p => p.PaymentRequestId == request.Id, cancellationToken);
        if (evidence.Receipt is { } receipt && await IsTakenAsync(db, receipt, known, cancellationToken))
            return SettlementOutcome.ReceiptTaken;
        if (known is not null)
            return Enrich(known, evidence);

        var now = clock.GetUtcNow();
        var payment = Payment.Record(request, evidence, now);
        db.Payments.Add(payment);
        await ledger.PostAsync(
            db,
            JournalSource.Payment,
            payment.Id,
            $"M-Pesa {evidence.Receipt ?? request.CheckoutRequestId}",
            [
                Posting.Debit(AccountRef.MobileMoney(request.PaymentAccountId), payment.Amount),
                Posting.Credit(AccountRef.Wallet(request.CustomerId), payment.Amount),
            ],
            cancellationToken);
        request.Paid(now);
        await DeliverAsync(db, request, payment, now, cancellationToken);
        return SettlementOutcome.Settled;
    }

    private async Task DeliverAsync(
        IspDbContext db, PaymentRequest request, Payment payment, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Subscription? subscription = null;
        var package = request.PackageId is { } packageId
            ? await db.Packages.SingleAsync(p => p.Id == packageId, cancellationToken)
            : null;
        if (package is not null)
        {
            // The price that was asked for, though the package may cost something else by now; cents that the provider
            // cannot take stay in the wallet.
            var price = Prompts.WholeUnits(package.Price) == request.Amount ? package.Price : request.Amount;
            subscription = await selling.SellAsync(db, request.CustomerId, package, price, PurchaseMeans.Wallet, cancellationToken, payment.Id);
        }

        if (subscription is not null && request is { RouterId: { } routerId, DeviceMac: { } mac, DeviceAddress: { } address })
        {
            // Whoever holds the phone has confirmed with its PIN that the device before the portal is his.
            (await db.Customers.SingleAsync(c => c.Id == request.CustomerId, cancellationToken)).SeenWith(mac);
            db.NetworkOrders.Add(NetworkOrder.HotspotLogin(
                request.TenantId, routerId, request.CustomerId, new DeviceAtHotspot(mac, address), request.Id, now));
        }

        if (await db.SmsAccounts.AnyAsync(a => a.DisabledAt == null, cancellationToken))
        {
            var text = await ReceiptTexts.WriteAsync(db, payment.Amount, payment.Receipt, package?.Name, subscription?.EndsAt, cancellationToken);
            db.Messages.Add(Message.Sms(
                request.TenantId, request.Phone, text, MessageClass.Transactional, request.CustomerId, payment.Id, now));
        }
    }

    private static SettlementOutcome Enrich(Payment known, PaidEvidence evidence)
    {
        if (known.Receipt is null && evidence.Receipt is { } receipt)
            known.Enrich(receipt, evidence.PaidAt);
        return SettlementOutcome.Known;
    }

    private static Task<bool> IsTakenAsync(IspDbContext db, string receipt, Payment? own, CancellationToken cancellationToken)
    {
        var ownId = own?.Id ?? Guid.Empty;
        return own is not null && own.Receipt is not null && own.Receipt != receipt
            ? Task.FromResult(true)
            : db.Payments.AnyAsync(p => p.Receipt == receipt && p.Id != ownId, cancellationToken);
    }
}

internal enum SettlementOutcome
{
    Settled,

    /// <summary>Booked before; at most its receipt was added.</summary>
    Known,

    /// <summary>The receipt belongs to another payment, or this payment has another receipt.</summary>
    ReceiptTaken,
}
