using System.Collections.Concurrent;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Vouchers;

/// <summary>
/// Whether a tenant still has codes on sale that were printed before codes had a check letter. As long as it has, a code without a
/// good one is looked up like any other; the last such batch's shelf life ends this by itself.
/// </summary>
public sealed class UncheckedCodes(TimeProvider clock)
{
    /// <summary>A process of an earlier version may print one yet, while an installation is brought up to date.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<Guid, (DateTimeOffset? Until, DateTimeOffset ReadAt)> _known = new();

    public async Task<bool> MayExistAsync(TenantContext tenant, IspDatabase database, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (!_known.TryGetValue(tenant.Id, out var known) || known.ReadAt + Remembered <= now)
        {
            await using var db = await database.OpenAsync(cancellationToken);
            known = (await db.VoucherBatches.Where(b => !b.HasCheckLetter).MaxAsync(b => (DateTimeOffset?)b.ExpiresAt, cancellationToken), now);
            _known[tenant.Id] = known;
        }

        return known.Until > now;
    }
}
