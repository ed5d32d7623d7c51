using EasyIsp.Core.Auditing;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Subscriptions;

/// <summary>Staff give a customer a package: from his own wallet, or as a gift.</summary>
public sealed class SellDesk(IspDatabase database, Selling selling, AuditTrail audit)
{
    public async Task<SellOutcome> SellFromWalletAsync(Guid customerId, Guid packageId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        await Selling.LockAsync(db, customerId, cancellationToken);
        if (await RefusalAsync(db, customerId, packageId, cancellationToken) is { } refusal)
            return refusal;

        var package = await db.Packages.SingleAsync(p => p.Id == packageId, cancellationToken);
        var balance = await GeneralLedger.WalletAsync(db, customerId, cancellationToken);
        if (balance < package.Price)
            return new SellOutcome.WalletShort(balance, package.Price);

        return await SellAsync(db, customerId, package, PurchaseMeans.Wallet, cancellationToken);
    }

    public async Task<SellOutcome> GiveAsync(Guid customerId, Guid packageId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await RefusalAsync(db, customerId, packageId, cancellationToken) is { } refusal)
            return refusal;

        var package = await db.Packages.SingleAsync(p => p.Id == packageId, cancellationToken);
        return await SellAsync(db, customerId, package, PurchaseMeans.Gift, cancellationToken);
    }

    private async Task<SellOutcome> SellAsync(
        IspDbContext db, Guid customerId, Package package, PurchaseMeans paidBy, CancellationToken cancellationToken)
    {
        var price = paidBy == PurchaseMeans.Wallet ? package.Price : 0;
        var subscription = await selling.SellAsync(db, customerId, package, price, paidBy, cancellationToken);
        var action = paidBy == PurchaseMeans.Gift ? "package.give" : "package.sell";
        audit.Record(db, action, customerId, new { Package = package.Name, Price = price, subscription.EndsAt });
        await db.CommitAsync(cancellationToken);
        return new SellOutcome.Sold(subscription.EndsAt);
    }

    private static async Task<SellOutcome?> RefusalAsync(
        IspDbContext db, Guid customerId, Guid packageId, CancellationToken cancellationToken)
    {
        var customer = await db.Customers
            .Where(c => c.Id == customerId && c.DeletedAt == null)
            .Select(c => new { c.AccessType })
            .SingleOrDefaultAsync(cancellationToken);
        if (customer is null)
            return new SellOutcome.CustomerGone();

        var isSold = await db.Packages.AnyAsync(
            p => p.Id == packageId && p.ArchivedAt == null && p.AccessType == customer.AccessType, cancellationToken);
        return isSold ? null : new SellOutcome.NotSold();
    }
}

public abstract record SellOutcome
{
    private SellOutcome() { }

    /// <param name="EndsAt">The first moment without access.</param>
    public sealed record Sold(DateTimeOffset EndsAt) : SellOutcome;

    public sealed record WalletShort(decimal Balance, decimal Price) : SellOutcome;

    /// <summary>The package is archived, or for another kind of connection than the customer's.</summary>
    public sealed record NotSold : SellOutcome;

    public sealed record CustomerGone : SellOutcome;
}
