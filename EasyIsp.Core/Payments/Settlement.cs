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
        var known = await PaymentRows.LockPaymentOfAsync(db, request, cancellationToken);
        if (told is { IsGuess: true } && told.PaymentRequestId != request.Id && told.Amount == request.Amount && evidence.NamesRequest
            && (known?.Receipt is null || (known.IsGuess && await MayGiveUpAsync(db, known, cancellationToken)))
            && await GiveUpAsync(db, told, cancellationToken))
        {
            told = null;
        }

        if (known is not null)
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
            $"{evidence.Rail.Label()} {evidence.Receipt ?? request.CheckoutRequestId}",
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

        var isCalledBack = await WasCalledBackAsync(db, known, cancellationToken);
        if (evidence.Confirmation is null && isCalledBack)
            return SettlementOutcome.ReceiptTaken; // one prompt is paid once: of two callbacks that name two receipts one is wrong
        if (evidence.Confirmation is null && known is { IsGuess: true, GivenBack: > 0 })
            return SettlementOutcome.ReceiptTaken; // what was taken for its money has gone back to whoever paid
        var isExchanged = known is { IsGuess: true, GivenBack: 0 } && (told is null || (told.IsInSuspense && told.Amount == known.Amount))
            && (evidence.Confirmation is null || (evidence.Confirmation.Account is not null && !isCalledBack && !await WasGivenByPersonAsync(db, known, cancellationToken)));
        return isExchanged
            ? await CorrectAsync(db, request, known, told, evidence, cancellationToken)
            : await PaidTwiceAsync(db, request, told, evidence, cancellationToken);
    }

    /// <summary>
    /// The receipt was told by amount and time, at a till (<see cref="TillMatching"/>) or by a claim, and who names the request
    /// names another: that was a stranger's money, another prompt's or nobody's.
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
        known.Learn(evidence.Confirmation);

        await db.SaveChangesAsync(cancellationToken); // this one has its receipt, when others without are looked for
        var account = await db.PaymentAccounts.SingleAsync(a => a.Id == request.PaymentAccountId, cancellationToken);
        if (await TillMatching.AskedAsync(db, account, strangers.Confirmation!, clock.GetUtcNow(), cancellationToken) is not { } asked)
        {
            await deposits.BookAsync(db, account, strangers, customerId: null, cancellationToken);
            return SettlementOutcome.Settled;
        }

        asked.Enrich(strangers.Receipt, strangers.PaidAt);
        asked.Learn(strangers.Confirmation);
        return SettlementOutcome.Settled;
    }

    /// <summary>
    /// Participant: a receipt was taken for a prompt's by phone, amount and time alone, and it was other money. The prompt stays
    /// paid, as a query said; its own receipt is still to come, or waits as money that was nobody's while this one was in its place.
    /// </summary>
    /// <returns>False where more than a guess says that it is the prompt's, or it was given back as that.</returns>
    internal async Task<bool> GiveUpAsync(IspDbContext db, Payment guess, CancellationToken cancellationToken)
    {
        if (!await MayGiveUpAsync(db, guess, cancellationToken))
            return false;

        guess.GiveUpReceipt();
        await db.SaveChangesAsync(cancellationToken); // the receipt is free before the other takes it
        var request = await db.PaymentRequests.AsNoTracking().SingleAsync(r => r.Id == guess.PaymentRequestId, cancellationToken);
        if (await TillMatching.ConfirmedAsync(db, request, clock.GetUtcNow(), cancellationToken) is { } own)
            await deposits.JoinAsync(db, guess, own, AllocationGrounds.Provider("Other money was in its place"), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }

    private static async Task<bool> MayGiveUpAsync(IspDbContext db, Payment guess, CancellationToken cancellationToken)
        => guess.GivenBack == 0
            && !await WasCalledBackAsync(db, guess, cancellationToken)
            && !await WasGivenByPersonAsync(db, guess, cancellationToken);

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

    /// <summary>Participant: whether a callback said that a request's payment is its, by this receipt as far as it named one.</summary>
    internal static Task<bool> WasCalledBackAsync(IspDbContext db, Payment known, CancellationToken cancellationToken)
        => db.ProviderMessages.AnyAsync(
            m => m.PaymentRequestId == known.PaymentRequestId && m.Kind == ProviderMessageKind.Callback
                && (m.Outcome == ProviderMessageOutcome.Settled || (m.Outcome == ProviderMessageOutcome.Repeated && m.Receipt != null))
                && (m.Receipt == null || m.Receipt == known.Receipt),
            cancellationToken);

    /// <summary>Participant: whether a person said that a receipt is this payment's.</summary>
    internal static Task<bool> WasGivenByPersonAsync(IspDbContext db, Payment known, CancellationToken cancellationToken)
        => db.Allocations.AnyAsync(
            a => a.By != AllocationGrounds.Providers && (a.PaymentId == known.Id || db.Payments.Any(p => p.Id == a.PaymentId && p.SameAsId == known.Id)),
            cancellationToken);

    /// <param name="mayBeSpent">The money lay in the wallet before it was known what for.</param>
    private async Task<SettlementOutcome> DeliverAsync(
        IspDbContext db, PaymentRequest request, Payment payment, bool mayBeSpent, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        request.Paid(now);
        if (request.PackageId is not { } packageId)
        {
            await FillAsync(db, request, payment, wasFollowed: mayBeSpent, cancellationToken);
            return SettlementOutcome.Settled;
        }

        var package = await db.Packages.SingleAsync(p => p.Id == packageId, cancellationToken);
        var subscription = await SellAsync(db, request, payment, package, mayBeSpent, cancellationToken);
        if (subscription is not null && request is { RouterId: { } routerId, DeviceMac: { } mac, DeviceAddress: { } address })
        {
            // Whoever holds the phone has confirmed with its PIN that the device before the portal is his.
            (await db.Customers.SingleAsync(c => c.Id == request.CustomerId, cancellationToken)).SeenWith(mac);
            db.NetworkOrders.Add(NetworkOrder.HotspotLogin(
                request.TenantId, routerId, request.CustomerId, new DeviceAtHotspot(mac, address), request.Id, now));
        }

        await PaymentReceipts.SendAsync(
            db, payment, request.Phone, request.CustomerId, package.Name, subscription?.EndsAt, now, cancellationToken);
        return SettlementOutcome.Settled;
    }

    /// <summary>The wallet's money is treated as what a customer pays in by himself.</summary>
    /// <param name="wasFollowed">It lay in the wallet already: the account's rule has been followed then.</param>
    private async Task FillAsync(
        IspDbContext db, PaymentRequest request, Payment payment, bool wasFollowed, CancellationToken cancellationToken)
    {
        if (wasFollowed)
            return;
        var rule = await db.PaymentAccounts.Where(a => a.Id == request.PaymentAccountId).Select(a => a.Deposits).SingleAsync(cancellationToken);
        await deposits.FollowAsync(db, payment, request.CustomerId, rule, cancellationToken);
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
