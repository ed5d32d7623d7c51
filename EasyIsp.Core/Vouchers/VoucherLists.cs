using System.Globalization;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Vouchers;

/// <summary>What staff see of vouchers. Codes are not among it.</summary>
public sealed class VoucherLists(IspDatabase database, TenantContext tenant, BlindIndex index, TimeProvider clock)
{
    public async Task<Page<VoucherBatchRow>> BatchesAsync(VoucherBatchQuery query, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var batches = db.VoucherBatches.AsQueryable();
        if (!string.IsNullOrWhiteSpace(query.Name))
            batches = batches.Where(b => EF.Functions.ILike(b.Name, $"%{Like.Escape(query.Name.Trim())}%", Like.EscapeCharacter));
        if (query.PackageId is { } packageId)
            batches = batches.Where(b => b.PackageId == packageId);

        return await Counted(db, Sorted(batches, query)).ToPageAsync(query.Page, cancellationToken);
    }

    /// <returns>Null when there is no such batch.</returns>
    public async Task<VoucherBatchRow?> BatchAsync(Guid batchId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await Counted(db, db.VoucherBatches.Where(b => b.Id == batchId)).SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<Page<VoucherRow>> VouchersAsync(VoucherQuery query, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await database.OpenAsync(cancellationToken);
        var vouchers = db.Vouchers.AsQueryable();
        if (query.BatchId is { } batchId)
            vouchers = vouchers.Where(v => v.BatchId == batchId);
        if (query.State is { } state)
            vouchers = vouchers.Where(VoucherStates.Are(state, now));
        if (!string.IsNullOrWhiteSpace(query.Search))
            vouchers = Matching(vouchers, query.Search.Trim());

        var rows =
            from voucher in Sorted(vouchers, query)
            join package in db.Packages on voucher.PackageId equals package.Id
            join batch in db.VoucherBatches on voucher.BatchId equals batch.Id
            join customer in db.Customers on voucher.RedeemedBy equals customer.Id into owners
            from owner in owners.DefaultIfEmpty()
            select new VoucherRow(
                voucher.Id, voucher.Serial, batch.Id, batch.Name, package.Name,
                Voucher.StateOf(voucher.RedeemedAt, voucher.RevokedAt, voucher.ExpiresAt, now),
                voucher.ExpiresAt, voucher.RedeemedAt, voucher.RevokedAt, voucher.RedeemedBy, owner.Name);
        return await rows.ToPageAsync(query.Page, cancellationToken);
    }

    /// <returns>The code of the tenant's portal, for paper; null when there is none, or one for each of several routers.</returns>
    public async Task<string?> OnlyPortalAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var codes = await db.PortalSites.Where(site => site.TenantId == tenant.Id).Select(site => site.Code).Take(2).ToListAsync(cancellationToken);
        return codes is [var only] ? only : null;
    }

    private static IQueryable<VoucherBatch> Sorted(IQueryable<VoucherBatch> batches, VoucherBatchQuery query)
        => (query.Sort, query.Descending) switch
        {
            (VoucherBatchSort.Name, false) => batches.OrderBy(b => b.Name).ThenBy(b => b.Id),
            (VoucherBatchSort.Name, true) => batches.OrderByDescending(b => b.Name).ThenBy(b => b.Id),
            (VoucherBatchSort.Expires, false) => batches.OrderBy(b => b.ExpiresAt).ThenBy(b => b.Id),
            (VoucherBatchSort.Expires, true) => batches.OrderByDescending(b => b.ExpiresAt).ThenBy(b => b.Id),
            (_, false) => batches.OrderBy(b => b.Id),
            (_, true) => batches.OrderByDescending(b => b.Id),
        };

    private static IQueryable<Voucher> Sorted(IQueryable<Voucher> vouchers, VoucherQuery query)
        => (query.Sort, query.Descending) switch
        {
            (VoucherSort.Redeemed, false) => vouchers.OrderBy(v => v.RedeemedAt).ThenBy(v => v.Serial),
            (VoucherSort.Redeemed, true) => vouchers.OrderBy(v => v.RedeemedAt == null).ThenByDescending(v => v.RedeemedAt).ThenBy(v => v.Serial),
            (VoucherSort.Expires, false) => vouchers.OrderBy(v => v.ExpiresAt).ThenBy(v => v.Serial),
            (VoucherSort.Expires, true) => vouchers.OrderByDescending(v => v.ExpiresAt).ThenBy(v => v.Serial),
            (_, false) => vouchers.OrderBy(v => v.Serial),
            (_, true) => vouchers.OrderByDescending(v => v.Serial),
        };

    private IQueryable<VoucherBatchRow> Counted(IspDbContext db, IQueryable<VoucherBatch> batches)
    {
        var now = clock.GetUtcNow();
        return from batch in batches
               join package in db.Packages on batch.PackageId equals package.Id
               from counts in db.Vouchers
                   .Where(v => v.BatchId == batch.Id)
                   .GroupBy(v => v.BatchId)
                   .Select(vouchers => new
                   {
                       Used = vouchers.Count(v => v.RedeemedAt != null),
                       Revoked = vouchers.Count(v => v.RevokedAt != null),
                       Expired = vouchers.Count(v => v.RedeemedAt == null && v.RevokedAt == null && v.ExpiresAt <= now),
                   })
               select new VoucherBatchRow(
                   batch.Id, batch.Name, package.Id, package.Name, package.Price, package.Duration, batch.CreatedAt, batch.ExpiresAt,
                   batch.Count, counts.Used, counts.Revoked, counts.Expired);
    }

    /// <summary>A serial, or a whole code: the only way to find a voucher by its code, since codes are not readable.</summary>
    private IQueryable<Voucher> Matching(IQueryable<Voucher> vouchers, string search)
    {
        long? serial = long.TryParse(search.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        var digest = VoucherCode.Normalize(search) is { } code ? index.Of(tenant.Id, code) : null;
        return vouchers.Where(v => v.Serial == serial || v.CodeDigest == digest);
    }
}
