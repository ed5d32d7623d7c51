using EasyIsp.Core.Ledger;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Subscriptions;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>Books money that no prompt asked for, and moves it between suspense and wallets. All are participants.</summary>
public sealed class Deposits(GeneralLedger ledger, Selling selling, TimeProvider clock)
{
    /// <summary>Money that came: into the customer's wallet, or into suspense when it is not known whose it is.</summary>
    internal async Task<Payment> BookAsync(
        IspDbContext db, PaymentAccount account, Deposit deposit, Guid? customerId, CancellationToken cancellationToken)
    {
        var payment = Payment.Deposit(
            account, deposit.Receipt, deposit.Amount, deposit.PaidAt, deposit.Confirmation, customerId, clock.GetUtcNow());
        await EnterAsync(db, account, payment, $"{account.Rail.Label()} {deposit.Receipt}", cancellationToken);
        return payment;
    }

    /// <summary>A payment with its entry, and what follows when it is known whose it is.</summary>
    internal async Task EnterAsync(IspDbContext db, PaymentAccount account, Payment payment, string memo, CancellationToken cancellationToken)
    {
        db.Payments.Add(payment);
        await ledger.PostAsync(
            db,
            JournalSource.Payment,
            payment.Id,
            memo,
            [Posting.Debit(account.Ledger, payment.Amount), Posting.Credit(PlaceOf(payment.CustomerId), payment.Amount)],
            cancellationToken);
        if (payment.CustomerId is { } customer)
            await FollowAsync(db, payment, customer, account.Deposits, cancellationToken);
    }

    /// <summary>What staff wrote down did not come after all. The caller holds the payment's row lock.</summary>
    /// <returns>False when the wallet holds less by now.</returns>
    internal async Task<bool> ReverseAsync(
        IspDbContext db, Payment payment, PaymentAccount account, Guid customerId, AllocationGrounds grounds, CancellationToken cancellationToken)
    {
        if (payment.GivenBack > 0 || !await HoldsAsync(db, customerId, payment.Amount, cancellationToken))
            return false;

        payment.Reverse(clock.GetUtcNow());
        await MoveAsync(db, payment, AllocationKind.Reversed, customerId, grounds, AccountRef.Wallet(customerId), account.Ledger, cancellationToken);
        return true;
    }

    /// <summary>Out of suspense into a wallet. The caller holds the payment's row lock and has seen that it waits.</summary>
    internal async Task PlaceAsync(
        IspDbContext db, Payment payment, Guid customerId, AllocationGrounds grounds, CancellationToken cancellationToken)
    {
        payment.Belongs(customerId);
        await MoveAsync(db, payment, AllocationKind.Placed, customerId, grounds, AccountRef.Suspense, AccountRef.Wallet(customerId), cancellationToken);
    }

    /// <summary>What the account's rule says of a customer's own payment, and the receipt by SMS.</summary>
    internal async Task FollowAsync(IspDbContext db, Payment payment, Guid customerId, DepositRule rule, CancellationToken cancellationToken)
    {
        var renewed = rule == DepositRule.RenewLastPackage ? await RenewAsync(db, payment, customerId, cancellationToken) : null;
        await PaymentReceipts.SendAsync(
            db, payment, asked: null, customerId, renewed?.Package.Name, renewed?.EndsAt, clock.GetUtcNow(), cancellationToken);
    }

    /// <summary>From the wallet back into suspense.</summary>
    /// <returns>False when the wallet holds less by now: spent money cannot be taken back.</returns>
    internal async Task<bool> TakeBackAsync(IspDbContext db, Payment payment, AllocationGrounds grounds, CancellationToken cancellationToken)
    {
        if (payment is not { CustomerId: { } customerId, GivenBack: 0 } || !await HoldsAsync(db, customerId, payment.Amount, cancellationToken))
            return false;

        payment.Belongs(null);
        await MoveAsync(db, payment, AllocationKind.TakenBack, customerId, grounds, AccountRef.Wallet(customerId), AccountRef.Suspense, cancellationToken);
        return true;
    }

    /// <summary>
    /// Two payments are one: told once by a query, without a receipt, and once by a confirmation that named no request. The
    /// confirmation's is undone and leaves its receipt to the other.
    /// </summary>
    /// <returns>False when they cannot be one, or the money has been spent meanwhile.</returns>
    internal async Task<bool> JoinAsync(IspDbContext db, Payment asked, Payment told, AllocationGrounds grounds, CancellationToken cancellationToken)
    {
        if (asked.Receipt is not null || told is not { PaymentRequestId: null, SameAsId: null, GivenBack: 0 } || told.Amount != asked.Amount)
            return false;
        var holder = told.CustomerId;
        if (holder is { } customerId && !(customerId == asked.CustomerId && await HoldsAsync(db, customerId, told.Amount, cancellationToken)))
            return false;

        await MoveAsync(
            db, told, AllocationKind.FoundSame, holder, grounds, PlaceOf(holder), AccountRef.MobileMoney(told.PaymentAccountId), cancellationToken);
        asked.LearnFrom(told);
        var (receipt, paidAt) = (told.IsSameAs(asked), told.PaidAt);
        await db.SaveChangesAsync(cancellationToken); // the receipt is free before the other takes it
        asked.Enrich(receipt!, paidAt);
        return true;
    }

    private async Task<Renewed?> RenewAsync(IspDbContext db, Payment payment, Guid customerId, CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken); // the wallet is asked below
        await Selling.LockAsync(db, customerId, cancellationToken);
        var package = await LastPackageAsync(db, customerId, cancellationToken);
        if (package is null || await GeneralLedger.WalletAsync(db, customerId, cancellationToken) < package.Price)
            return null;

        var subscription = await selling.SellAsync(db, customerId, package, package.Price, PurchaseMeans.Wallet, cancellationToken, payment.Id);
        return new Renewed(package, subscription.EndsAt);
    }

    /// <returns>Null when he never had one, when it is not sold any more, or he may not buy.</returns>
    private static Task<Package?> LastPackageAsync(IspDbContext db, Guid customerId, CancellationToken cancellationToken) => (
        from subscription in db.Subscriptions
        join customer in db.Customers on subscription.CustomerId equals customer.Id
        join package in db.Packages on subscription.PackageId equals package.Id
        where customer.Id == customerId && customer.DeletedAt == null && customer.SuspendedAt == null
        orderby subscription.EndsAt descending
        select package).Take(1).Where(p => p.ArchivedAt == null && p.Price > 0).SingleOrDefaultAsync(cancellationToken);

    private static async Task<bool> HoldsAsync(IspDbContext db, Guid customerId, decimal amount, CancellationToken cancellationToken)
    {
        await Selling.LockAsync(db, customerId, cancellationToken);
        return await GeneralLedger.WalletAsync(db, customerId, cancellationToken) >= amount;
    }

    private async Task MoveAsync(
        IspDbContext db,
        Payment payment,
        AllocationKind kind,
        Guid? customerId,
        AllocationGrounds grounds,
        AccountRef from,
        AccountRef to,
        CancellationToken cancellationToken)
    {
        var allocation = Allocation.Of(payment, kind, customerId, grounds, clock.GetUtcNow());
        db.Allocations.Add(allocation);
        await ledger.PostAsync(
            db,
            JournalSource.Allocation,
            allocation.Id,
            $"{payment.Number}: {grounds.Reason}".Truncate(200),
            [Posting.Debit(from, payment.Amount), Posting.Credit(to, payment.Amount)],
            cancellationToken);
    }

    private static AccountRef PlaceOf(Guid? customerId) => customerId is { } customer ? AccountRef.Wallet(customer) : AccountRef.Suspense;

    private sealed record Renewed(Package Package, DateTimeOffset EndsAt);
}

/// <summary>Money that a provider says came, by its own number of it.</summary>
internal sealed record Deposit(string Receipt, decimal Amount, DateTimeOffset? PaidAt, C2bConfirmation? Confirmation)
{
    public static Deposit Of(C2bConfirmation confirmation)
        => new(confirmation.Receipt, confirmation.Amount, confirmation.PaidAt, confirmation);
}
