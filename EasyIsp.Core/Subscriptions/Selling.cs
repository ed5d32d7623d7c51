using EasyIsp.Core.Ledger;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Subscriptions;

/// <summary>Turns money or a voucher into time: the one place where subscriptions begin and grow.</summary>
public sealed class Selling(GeneralLedger ledger, Changing changing, TimeProvider clock)
{
    /// <summary>Why sessions that run are changed after a sale.</summary>
    public const string Bought = "bought";

    /// <summary>Why sessions that run are changed when a sale is undone.</summary>
    public const string TakenBack = "taken back";

    /// <summary>
    /// Participant: sells one package. The same package makes the latest subscription longer; another one begins when
    /// that ends. Sessions that run are told of it. Purchases of one customer wait for each other.
    /// </summary>
    /// <param name="price">Taken from the wallet when it pays; must be zero otherwise.</param>
    /// <param name="causeId">The payment or voucher behind it, for the timeline.</param>
    public async Task<Subscription> SellAsync(
        IspDbContext db, Guid customerId, Package package, decimal price, PurchaseMeans paidBy, CancellationToken cancellationToken, Guid? causeId = null)
    {
        if (paidBy != PurchaseMeans.Wallet && price != 0)
            throw new ArgumentException("Only the wallet pays a price.", nameof(price));

        await db.SaveChangesAsync(cancellationToken); // the customer may be new in this very transaction
        await LockAsync(db, customerId, cancellationToken);
        var now = clock.GetUtcNow();
        var subscription = await ExtendOrStartAsync(db, customerId, package, now, cancellationToken);
        var purchase = Purchase.Of(subscription, package, price, paidBy, causeId, now);
        db.Purchases.Add(purchase);
        if (price > 0)
        {
            await ledger.PostAsync(
                db,
                JournalSource.Purchase,
                purchase.Id,
                package.Name,
                [Posting.Debit(AccountRef.Wallet(customerId), price), Posting.Credit(AccountRef.Sales, price)],
                cancellationToken);
        }

        await changing.ChangeAllOfAsync(db, customerId, Bought, cancellationToken, purchase.Id);
        return subscription;
    }

    /// <summary>
    /// Participant: undoes a purchase, the customer's last, as far as its time has not been used. Its price is the caller's to
    /// give back. The caller holds <see cref="LockAsync"/>.
    /// </summary>
    /// <returns>False when it is undone already, or something was bought after it.</returns>
    public async Task<bool> TakeBackAsync(IspDbContext db, Guid purchaseId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var purchase = await db.Purchases.SingleAsync(p => p.Id == purchaseId, cancellationToken);
        if (purchase.TakenBackAt is not null
            || await db.Purchases.AnyAsync(p => p.CustomerId == purchase.CustomerId && p.At > purchase.At && p.TakenBackAt == null, cancellationToken))
            return false;

        purchase.TakeBack(now);
        var subscription = await db.Subscriptions.SingleAsync(s => s.Id == purchase.SubscriptionId, cancellationToken);
        if (subscription.EndsAt > now)
        {
            subscription.Shorten(await db.Packages.SingleAsync(p => p.Id == purchase.PackageId, cancellationToken), now);
            await db.SaveChangesAsync(cancellationToken);
            await changing.ChangeAllOfAsync(db, purchase.CustomerId, TakenBack, cancellationToken, purchase.Id);
        }

        return true;
    }

    /// <summary>Participant: one purchase, payment or change of a customer at a time.</summary>
    public static async Task LockAsync(IspDbContext db, Guid customerId, CancellationToken cancellationToken)
        => await db.Database.ExecuteSqlAsync(
            $"select 1 from customers where tenant_id = {db.CurrentTenantId} and id = {customerId} for update", cancellationToken);

    private static async Task<Subscription> ExtendOrStartAsync(
        IspDbContext db, Guid customerId, Package package, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var latest = await db.Subscriptions
            .Where(s => s.CustomerId == customerId && s.EndsAt > now)
            .OrderByDescending(s => s.EndsAt)
            .FirstOrDefaultAsync(cancellationToken);
        if (latest is not null && latest.PackageId == package.Id && latest.ClosedAt is null)
        {
            latest.Extend(package);
            return latest;
        }

        var subscription = Subscription.Start(customerId, package, latest?.EndsAt ?? now, now);
        db.Subscriptions.Add(subscription);
        return subscription;
    }
}
