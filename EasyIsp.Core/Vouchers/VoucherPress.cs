using EasyIsp.Core.Auditing;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Vouchers;

/// <summary>Makes vouchers: a batch at a time, every code new.</summary>
public sealed class VoucherPress(
    IspDatabase database, SecretCodec codec, BlindIndex index, AuditTrail audit, TimeProvider clock)
{
    /// <summary>Where codes come from; a test makes them clash here.</summary>
    internal Func<string, int, string> MakeCode { get; init; } = VoucherCode.Generate;

    /// <returns>What vouchers can be made for: hotspot packages that are sold, by name.</returns>
    public async Task<IReadOnlyList<VoucherPackage>> PackagesAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await Sold(db)
            .OrderBy(p => p.Name)
            .Select(p => new VoucherPackage(p.Id, p.Name, p.Price, p.Duration))
            .ToListAsync(cancellationToken);
    }

    /// <returns>The batch's id; null when the package is no longer sold or is not for hotspots.</returns>
    /// <exception cref="ArgumentException">Something is out of its range; <see cref="NewVoucherBatch.FaultIn"/> says what.</exception>
    public async Task<Guid?> GenerateAsync(NewVoucherBatch wanted, CancellationToken cancellationToken)
    {
        if (NewVoucherBatch.FaultIn(wanted) is { } fault)
            throw new ArgumentException($"A batch of vouchers cannot have this {fault}.", nameof(wanted));

        await using var db = await database.OpenAsync(cancellationToken);
        var package = await Sold(db).SingleOrDefaultAsync(p => p.Id == wanted.PackageId, cancellationToken);
        if (package is null)
            return null;

        var batch = VoucherBatch.Of(package, wanted.Name, wanted.Count, wanted.ShelfLife, clock.GetUtcNow());
        db.VoucherBatches.Add(batch);
        audit.Record(db, "voucher-batch.generate", batch.Id, new { batch.Name, batch.Count, Package = package.Name, batch.ExpiresAt });
        await db.SaveChangesAsync(cancellationToken);
        await PrintAsync(db, batch, wanted, cancellationToken);
        await db.CommitAsync(cancellationToken);
        return batch.Id;
    }

    private static IQueryable<Package> Sold(IspDbContext db)
        => db.Packages.Where(p => p.ArchivedAt == null && p.AccessType == AccessType.Hotspot);

    /// <summary>A code that exists already is left out by the database; its serial then gets another code.</summary>
    private async Task PrintAsync(IspDbContext db, VoucherBatch batch, NewVoucherBatch wanted, CancellationToken cancellationToken)
    {
        var first = await db.TakeNumbersAsync(TenantCounters.Vouchers, batch.Count, clock, cancellationToken);
        var missing = Enumerable.Range(0, batch.Count).Select(i => first + i).ToArray();
        while (missing.Length > 0)
        {
            var printed = await InsertAsync(db, batch, missing, wanted, cancellationToken);
            missing = [.. missing.Except(printed)];
        }
    }

    /// <summary>One statement for the whole batch: one announcement, and 10,000 rows in well under a second.</summary>
    private async Task<List<long>> InsertAsync(
        IspDbContext db, VoucherBatch batch, long[] serials, NewVoucherBatch wanted, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var ids = Array.ConvertAll(serials, _ => Guid.CreateVersion7(now));
        var codes = Array.ConvertAll(serials, _ => MakeCode(wanted.Prefix, wanted.CodeLength));
        var secrets = Array.ConvertAll(codes, code => codec.Protect(batch.TenantId, code).Protected);
        var digests = Array.ConvertAll(codes, code => index.Of(batch.TenantId, VoucherCode.Normalize(code)!));
        return await db.Database.SqlQuery<long>($"""
            insert into vouchers (tenant_id, id, batch_id, package_id, serial, code, code_digest, expires_at)
            select {batch.TenantId}, id, {batch.Id}, {batch.PackageId}, serial, code, digest, {batch.ExpiresAt}
            from unnest({ids}, {serials}, {secrets}, {digests}) as printed(id, serial, code, digest)
            on conflict (tenant_id, code_digest) do nothing
            returning serial as "Value"
            """).ToListAsync(cancellationToken);
    }
}
