using System.Data.Common;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Vouchers;

/// <summary>Turns a code into time on the network, once.</summary>
public sealed class VoucherRedemption(
    TenantContext tenant,
    IspDatabase database,
    BlindIndex index,
    VoucherGuard guard,
    UncheckedCodes uncheckedCodes,
    WalkInCustomers customers,
    Selling selling,
    TimeProvider clock)
{
    /// <summary>
    /// Redeems in one transaction: the walk-in customer, the claim, the sale. Of many who type one code at once, one
    /// claims it and the others find it used.
    /// </summary>
    public async Task<RedeemOutcome> RedeemAsync(string? text, Redeemer who, CancellationToken cancellationToken)
    {
        if (await guard.RefusesAsync(who, cancellationToken) is { } refusal)
            return new RedeemOutcome.TooManyTries(refusal);
        if (VoucherCode.Normalize(text) is not { } code)
            return new RedeemOutcome.Unknown();
        if (!VoucherCode.HasGoodCheck(code) && !await uncheckedCodes.MayExistAsync(tenant, database, cancellationToken))
            return new RedeemOutcome.Mistyped();

        var outcome = await LookUpAsync(code, who, cancellationToken);
        if (outcome is RedeemOutcome.Unknown)
            await guard.CountWrongAsync(who, cancellationToken);
        return outcome;
    }

    /// <summary>What would come of it: done, looked at, and undone. It counts as no try.</summary>
    /// <param name="look">Is shown the voucher's new owner, on the connection whose transaction is undone.</param>
    public async Task<RedeemOutcome> RehearseAsync(
        string? text, Redeemer who, Func<DbConnection, Guid, Task> look, CancellationToken cancellationToken)
    {
        if (VoucherCode.Normalize(text) is not { } code)
            return new RedeemOutcome.Unknown();

        await using var db = await database.OpenAsync(cancellationToken);
        var outcome = await RedeemAsync(db, code, who, cancellationToken);
        if (outcome is not RedeemOutcome.Redeemed redeemed)
            return outcome;

        await db.SaveChangesAsync(cancellationToken);
        await look(db.Database.GetDbConnection(), redeemed.CustomerId);
        return outcome;
    }

    private async Task<RedeemOutcome> LookUpAsync(string code, Redeemer who, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var outcome = await RedeemAsync(db, code, who, cancellationToken);
        if (outcome is RedeemOutcome.Redeemed)
            await db.CommitAsync(cancellationToken);
        return outcome;
    }

    private async Task<RedeemOutcome> RedeemAsync(IspDbContext db, string code, Redeemer who, CancellationToken cancellationToken)
    {
        var digest = index.Of(tenant.Id, code);
        if (await RefusalAsync(db, digest, who, cancellationToken) is { } refusal)
            return refusal;

        var customer = await customers.FindOrRegisterAsync(db, who.Phone, who.MacAddress, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        if (!await ClaimAsync(db, digest, customer.Id, cancellationToken))
            return await RefusalAsync(db, digest, who, cancellationToken) ?? new RedeemOutcome.Unknown();

        var package = await db.Packages.SingleAsync(
            p => db.Vouchers.Any(v => v.CodeDigest == digest && v.PackageId == p.Id), cancellationToken);
        var subscription = await selling.SellAsync(db, customer.Id, package, price: 0, PurchaseMeans.Voucher, cancellationToken);
        return new RedeemOutcome.Redeemed(customer.Id, subscription.Id, subscription.EndsAt);
    }

    /// <summary>The one statement that uses a voucher up.</summary>
    private async Task<bool> ClaimAsync(IspDbContext db, byte[] digest, Guid customerId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var claimed = await db.Vouchers
            .Where(v => v.CodeDigest == digest)
            .Where(VoucherStates.Are(VoucherState.Available, now))
            .ExecuteUpdateAsync(
                set => set.SetProperty(v => v.RedeemedAt, now).SetProperty(v => v.RedeemedBy, customerId), cancellationToken);
        return claimed == 1;
    }

    /// <returns>Null when the code can be redeemed.</returns>
    private async Task<RedeemOutcome?> RefusalAsync(IspDbContext db, byte[] digest, Redeemer who, CancellationToken cancellationToken)
    {
        var found = await (
            from v in db.Vouchers
            join package in db.Packages on v.PackageId equals package.Id
            where v.CodeDigest == digest
            select new { Voucher = v, package.ArchivedAt }).AsNoTracking().SingleOrDefaultAsync(cancellationToken);

        return found?.Voucher.StateAt(clock.GetUtcNow()) switch
        {
            null => new RedeemOutcome.Unknown(),
            VoucherState.Used => await AlreadyUsedAsync(db, found.Voucher.RedeemedBy!.Value, who, cancellationToken),
            VoucherState.Revoked => new RedeemOutcome.Revoked(),
            VoucherState.Expired => new RedeemOutcome.Expired(found.Voucher.ExpiresAt),
            _ when found.ArchivedAt is not null => new RedeemOutcome.PackageGone(),
            _ => null,
        };
    }

    private async Task<RedeemOutcome> AlreadyUsedAsync(
        IspDbContext db, Guid ownerId, Redeemer who, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var device = await db.Customers.Where(c => c.Id == ownerId).Select(c => c.MacAddress).SingleAsync(cancellationToken);
        var runsUntil = await db.Subscriptions
            .Where(s => s.CustomerId == ownerId && s.StartsAt <= now && s.EndsAt > now)
            .Select(s => (DateTimeOffset?)s.EndsAt)
            .SingleOrDefaultAsync(cancellationToken);
        return new RedeemOutcome.AlreadyUsed(ownerId, device is not null && device == who.MacAddress, runsUntil);
    }
}
