using EasyIsp.Core.Ledger;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Subscriptions;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>
/// Makes money of a provider's word: payment, journal, purchase and the orders that follow, in the caller's one transaction.
/// Callback, query and confirmation may tell of one payment in any order and any number: the first books, the others add
/// what they know.
/// </summary>
public sealed class Settlement(GeneralLedger ledger, Selling selling, Deposits deposits, TimeProvider clock)
{
    /// <summary>
    /// Participant: books a request as paid. A request that is paid already is only enriched with its receipt; money that
    /// came before and waits is the request's from now on.
    /// </summary>
    /// <param name="request">Locked by <see cref="PaymentRows.LockRequestAsync"/>, after the evidence's receipt.</param>
    internal async Task<SettlementOutcome> SettleAsync(
        IspDbContext db, PaymentRequest request, PaidEvidence evidence, CancellationToken cancellationToken)
    {
        var told = evidence.Receipt is { } receipt ? await PaymentRows.LockReceiptedAsync(db, receipt, cancellationToken) : null;
        if (await PaymentRows.LockPaymentOfAsync(db, request, cancellationToken) is { } known)
            return await AgainAsync(db, request, known, told, evidence, cancellationToken);

        told ??= evidence.Receipt is null ? await TillMatching.ConfirmedAsync(db, request, clock.GetUtcNow(), cancellationToken) : null;
        return told is null
            ? await BookAsync(db, request, evidence, cancellationToken)
            : await TakeUpAsync(db, request, told, evidence, cancellationToken);
    }

    private async Task<SettlementOutcome> BookAsync(
        IspDbContext db, PaymentRequest request, PaidEvidence evidence, CancellationToken cancellationToken)
    {
        var payment = Payment.Record(request, evidence, clock.GetUtcNow());
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
        return await DeliverAsync(db, request, payment, mayBeSpent: false, cancellationToken);
    }

    /// <summary>The money was told of before the request was known to be its reason.</summary>
    private async Task<SettlementOutcome> TakeUpAsync(
        IspDbContext db, PaymentRequest request, Payment told, PaidEvidence evidence, CancellationToken cancellationToken)
    {
        if (told.PaymentRequestId is not null || told.Amount != request.Amount)
            return SettlementOutcome.ReceiptTaken;
        if (told.GivenBack > 0)
        {
            request.Failed("GivenBack", "Its money came without a name and was given back", clock.GetUtcNow());
            return SettlementOutcome.ReceiptTaken;
        }

        if (told.CustomerId is { } holder && holder != request.CustomerId)
            return SettlementOutcome.ReceiptTaken;

        var lay = told.CustomerId is not null;
        if (!lay)
            await deposits.PlaceAsync(db, told, request.CustomerId, evidence.Grounds, cancellationToken);
        told.Learn(evidence.Confirmation);
        told.Asked(request);
        return await DeliverAsync(db, request, told, mayBeSpent: lay, cancellationToken);
    }

    /// <param name="told">The payment that has the evidence's receipt, if one has.</param>
    private async Task<SettlementOutcome> AgainAsync(
        IspDbContext db, PaymentRequest request, Payment known, Payment? told, PaidEvidence evidence, CancellationToken cancellationToken)
    {
        if (evidence.Receipt is not { } receipt)
            return SettlementOutcome.Known;
        if (known.Receipt == receipt || (known.Receipt is null && told is null))
        {
            if (known.Receipt is null)
                known.Enrich(receipt, evidence.PaidAt);
            known.Learn(evidence.Confirmation);
            return SettlementOutcome.Known;
        }

        if (known.Receipt is null)
            return await deposits.JoinAsync(db, known, told!, evidence.Grounds, cancellationToken) ? SettlementOutcome.Known : SettlementOutcome.ReceiptTaken;

        if (evidence.Confirmation is null && await WasCalledBackAsync(db, request, known, cancellationToken))
            return SettlementOutcome.ReceiptTaken; // one prompt is paid once: of two callbacks that name two receipts one is wrong
        if (evidence.Confirmation is null && known is { IsGuess: true, GivenBack: > 0 })
            return SettlementOutcome.ReceiptTaken; // what was taken for its money has gone back to whoever paid
        return evidence.Confirmation is null && known.IsGuess && (told is null || told.IsInSuspense)
            ? await CorrectAsync(db, request, known, told, evidence, cancellationToken)
            : await PaidTwiceAsync(db, request, told, evidence, cancellationToken);
    }

    /// <summary>
    /// At a till the receipt was told by amount and time (<see cref="TillMatching"/>), and the callback names another: that
    /// was a stranger's money, which waits in suspense from now on.
    /// </summary>
    private async Task<SettlementOutcome> CorrectAsync(
        IspDbContext db, PaymentRequest request, Payment known, Payment? told, PaidEvidence evidence, CancellationToken cancellationToken)
    {
        var strangers = known.GiveUpReceipt();
        await db.SaveChangesAsync(cancellationToken);
        if (told is null)
            known.Enrich(evidence.Receipt!, evidence.PaidAt);
        else
            await deposits.JoinAsync(db, known, told, evidence.Grounds, cancellationToken);

        var account = await db.PaymentAccounts.SingleAsync(a => a.Id == request.PaymentAccountId, cancellationToken);
        await deposits.BookAsync(db, account, strangers, customerId: null, cancellationToken);
        return SettlementOutcome.Settled;
    }

    /// <summary>
    /// Another receipt than the one that settled the request: somebody answered the prompt and paid its reference by hand as
    /// well. Both are money that came; the second is the customer's.
    /// </summary>
    private async Task<SettlementOutcome> PaidTwiceAsync(
        IspDbContext db, PaymentRequest request, Payment? told, PaidEvidence evidence, CancellationToken cancellationToken)
    {
        if (told is not null)
        {
            if (told is { PaymentRequestId: null, IsInSuspense: true } && told.Amount == request.Amount)
            {
                await deposits.PlaceAsync(db, told, request.CustomerId, evidence.Grounds, cancellationToken);
                return SettlementOutcome.Settled;
            }

            return told.PaymentRequestId is null && told.CustomerId == request.CustomerId ? SettlementOutcome.Known : SettlementOutcome.ReceiptTaken;
        }

        var account = await db.PaymentAccounts.SingleAsync(a => a.Id == request.PaymentAccountId, cancellationToken);
        var deposit = new Deposit(
            evidence.Receipt!, evidence.Confirmation?.Amount ?? request.Amount, evidence.PaidAt, evidence.Confirmation);
        await deposits.BookAsync(db, account, deposit, request.CustomerId, cancellationToken);
        return SettlementOutcome.Settled;
    }

    private static Task<bool> WasCalledBackAsync(IspDbContext db, PaymentRequest request, Payment known, CancellationToken cancellationToken)
        => db.ProviderMessages.AnyAsync(
            m => m.PaymentRequestId == request.Id && m.Kind == ProviderMessageKind.Callback
                && (m.Outcome == ProviderMessageOutcome.Settled || (m.Outcome == ProviderMessageOutcome.Repeated && m.Receipt != null))
                && (m.Receipt == null || m.Receipt == known.Receipt),
            cancellationToken);

    /// <param name="mayBeSpent">The money lay in the wallet before it was known what for.</param>
    private async Task<SettlementOutcome> DeliverAsync(
        IspDbContext db, PaymentRequest request, Payment payment, bool mayBeSpent, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        request.Paid(now);
        var package = request.PackageId is { } packageId
            ? await db.Packages.SingleAsync(p => p.Id == packageId, cancellationToken)
            : null;
        var subscription = package is null ? null : await SellAsync(db, request, payment, package, mayBeSpent, cancellationToken);
        if (subscription is not null && request is { RouterId: { } routerId, DeviceMac: { } mac, DeviceAddress: { } address })
        {
            // Whoever holds the phone has confirmed with its PIN that the device before the portal is his.
            (await db.Customers.SingleAsync(c => c.Id == request.CustomerId, cancellationToken)).SeenWith(mac);
            db.NetworkOrders.Add(NetworkOrder.HotspotLogin(
                request.TenantId, routerId, request.CustomerId, new DeviceAtHotspot(mac, address), request.Id, now));
        }

        await PaymentReceipts.SendAsync(
            db, payment, request.Phone, request.CustomerId, package?.Name, subscription?.EndsAt, now, cancellationToken);
        return SettlementOutcome.Settled;
    }

    private async Task<Subscription?> SellAsync(
        IspDbContext db, PaymentRequest request, Payment payment, Package package, bool mayBeSpent, CancellationToken cancellationToken)
    {
        // The price that was asked for, though the package may cost something else by now; cents that the provider
        // cannot take stay in the wallet.
        var price = Prompts.WholeUnits(package.Price) == request.Amount ? package.Price : request.Amount;
        if (mayBeSpent)
        {
            await Selling.LockAsync(db, request.CustomerId, cancellationToken);
            if (await GeneralLedger.WalletAsync(db, request.CustomerId, cancellationToken) < price)
                return null;
        }

        return await selling.SellAsync(db, request.CustomerId, package, price, PurchaseMeans.Wallet, cancellationToken, payment.Id);
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
