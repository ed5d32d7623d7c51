using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Vouchers;

/// <summary>What staff do with vouchers that exist: take them back, and read their codes for the printer.</summary>
public sealed class VoucherDesk(IspDatabase database, SecretCodec codec, AuditTrail audit, TimeProvider clock)
{
    /// <returns>False when it is used, expired, revoked or unknown: then nothing changed.</returns>
    public async Task<bool> RevokeAsync(Guid voucherId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var revoked = await RevokeAsync(db.Vouchers.Where(v => v.Id == voucherId), cancellationToken);
        if (revoked == 0)
            return false;

        var serial = await db.Vouchers.Where(v => v.Id == voucherId).Select(v => v.Serial).SingleAsync(cancellationToken);
        audit.Record(db, "voucher.revoke", voucherId, new { Serial = serial });
        await db.CommitAsync(cancellationToken);
        return true;
    }

    /// <returns>How many were still available and no longer are.</returns>
    public async Task<int> RevokeBatchAsync(Guid batchId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var revoked = await RevokeAsync(db.Vouchers.Where(v => v.BatchId == batchId), cancellationToken);
        if (revoked == 0)
            return 0;

        audit.Record(db, "voucher-batch.revoke", batchId, new { Count = revoked });
        await db.CommitAsync(cancellationToken);
        return revoked;
    }

    /// <summary>
    /// The batch's codes that can still be sold, by serial, for print and export. Needs
    /// <see cref="Identity.Permission.VouchersExport"/>; audited before the first code leaves, however many are read.
    /// </summary>
    public async IAsyncEnumerable<PrintedVoucher> RevealCodesAsync(
        Guid batchId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await RecordRevealAsync(batchId, cancellationToken);
        await using var db = await database.OpenAsync(cancellationToken);
        var codes = db.Vouchers.AsNoTracking()
            .Where(v => v.BatchId == batchId)
            .Where(VoucherStates.Are(VoucherState.Available, clock.GetUtcNow()))
            .OrderBy(v => v.Serial)
            .Select(v => new { v.TenantId, v.Serial, v.Code, v.ExpiresAt })
            .AsAsyncEnumerable();
        await foreach (var voucher in codes.WithCancellation(cancellationToken))
            yield return new PrintedVoucher(voucher.Serial, codec.Reveal(voucher.TenantId, voucher.Code), voucher.ExpiresAt);
    }

    private async Task RecordRevealAsync(Guid batchId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        audit.Record(db, "voucher-batch.reveal-codes", batchId);
        await db.CommitAsync(cancellationToken);
    }

    private Task<int> RevokeAsync(IQueryable<Voucher> vouchers, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return vouchers
            .Where(VoucherStates.Are(VoucherState.Available, now))
            .ExecuteUpdateAsync(set => set.SetProperty(v => v.RevokedAt, now), cancellationToken);
    }
}

/// <summary>A code as it goes to paper, with its hyphens. It is a bearer's money: printing the record does not show it.</summary>
public sealed record PrintedVoucher(long Serial, string Code, DateTimeOffset ExpiresAt)
{
    public override string ToString() => $"voucher {Serial}";
}
