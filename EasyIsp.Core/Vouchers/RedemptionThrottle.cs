using System.Threading.RateLimiting;

namespace EasyIsp.Core.Vouchers;

/// <summary>
/// Makes guessing codes hopeless: ten tries a minute for a device, and sixty for a network address, since a device may
/// claim any hardware address while a whole hotspot may share one network address. Counts in this process alone.
/// </summary>
public sealed class RedemptionThrottle : IDisposable
{
    public const int TriesOfDevice = 10;
    public const int TriesOfAddress = 60;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<(Guid TenantId, Redeemer Who)> _limiter = PartitionedRateLimiter.CreateChained(
        Limiter(who => who.MacAddress ?? who.Address?.ToString(), TriesOfDevice),
        Limiter(who => who.Address?.ToString() ?? who.MacAddress, TriesOfAddress));

    /// <returns>Null when the try may go on; else how long to wait.</returns>
    public TimeSpan? Refuses(Guid tenantId, Redeemer who)
    {
        using var lease = _limiter.AttemptAcquire((tenantId, who));
        if (lease.IsAcquired)
            return null;

        return lease.TryGetMetadata(MetadataName.RetryAfter, out var pause) ? pause : Window;
    }

    public void Dispose() => _limiter.Dispose();

    private static PartitionedRateLimiter<(Guid TenantId, Redeemer Who)> Limiter(Func<Redeemer, string?> keyOf, int tries)
        => PartitionedRateLimiter.Create<(Guid TenantId, Redeemer Who), (Guid, string)>(attempt => RateLimitPartition.GetFixedWindowLimiter(
            (attempt.TenantId, keyOf(attempt.Who) ?? ""),
            _ => new FixedWindowRateLimiterOptions { PermitLimit = tries, Window = Window }));
}
