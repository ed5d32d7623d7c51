using System.Net;
using System.Threading.RateLimiting;

namespace EasyIsp.Portal.Hosting;

/// <summary>
/// What one visit or one network address may do in a minute. A whole hotspot may share one address, so addresses get
/// more than visits. Counts in this process alone.
/// </summary>
internal sealed class PortalThrottle : IDisposable
{
    public const int PurchasesOfVisit = 5;
    public const int PurchasesOfAddress = 60;
    public const int ReceiptsOfAddress = 5;
    public const int ArrivalsOfAddress = 600;
    public const int LoginsOfVisit = 6;
    public const int ForwardsOfPhone = 120;
    public const int ForwardsOfAddress = 600;

    private readonly PartitionedRateLimiter<Guid> _purchasesOfVisit = PerMinute<Guid>(PurchasesOfVisit);
    private readonly PartitionedRateLimiter<string> _purchasesOfAddress = PerMinute<string>(PurchasesOfAddress);
    private readonly PartitionedRateLimiter<string> _receipts = PerMinute<string>(ReceiptsOfAddress);
    private readonly PartitionedRateLimiter<string> _arrivals = PerMinute<string>(ArrivalsOfAddress);
    private readonly PartitionedRateLimiter<Guid> _logins = PerMinute<Guid>(LoginsOfVisit);
    private readonly PartitionedRateLimiter<Guid> _forwardsOfPhone = PerMinute<Guid>(ForwardsOfPhone);
    private readonly PartitionedRateLimiter<string> _forwardsOfAddress = PerMinute<string>(ForwardsOfAddress);

    public bool AllowsPurchase(Guid visitId, IPAddress? address)
        => Allows(_purchasesOfVisit, visitId) && Allows(_purchasesOfAddress, Text(address));

    public bool AllowsReceipt(IPAddress? address) => Allows(_receipts, Text(address));

    public bool AllowsArrival(IPAddress? address) => Allows(_arrivals, Text(address));

    /// <summary>A router that refuses a device sends its browser back; this ends the circle.</summary>
    public bool AllowsLogin(Guid visitId) => Allows(_logins, visitId);

    public bool AllowsForwarding(IPAddress? address) => Allows(_forwardsOfAddress, Text(address));

    /// <summary>A phone that was away passes on a day's messages at once; what is refused it sends again.</summary>
    public bool AllowsForwarding(Guid phoneId) => Allows(_forwardsOfPhone, phoneId);

    public void Dispose()
    {
        _purchasesOfVisit.Dispose();
        _purchasesOfAddress.Dispose();
        _receipts.Dispose();
        _arrivals.Dispose();
        _logins.Dispose();
        _forwardsOfPhone.Dispose();
        _forwardsOfAddress.Dispose();
    }

    private static string Text(IPAddress? address) => address?.ToString() ?? "";

    private static bool Allows<TKey>(PartitionedRateLimiter<TKey> limiter, TKey key)
    {
        using var lease = limiter.AttemptAcquire(key);
        return lease.IsAcquired;
    }

    private static PartitionedRateLimiter<TKey> PerMinute<TKey>(int permits) where TKey : notnull
        => PartitionedRateLimiter.Create<TKey, TKey>(key => RateLimitPartition.GetFixedWindowLimiter(
            key, _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = TimeSpan.FromMinutes(1) }));
}
