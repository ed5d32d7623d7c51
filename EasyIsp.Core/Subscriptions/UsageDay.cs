using System.Globalization;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Subscriptions;

/// <summary>
/// What one subscription used on one of the tenant's days. The RADIUS worker adds to it, in SQL and in the transaction
/// that moves a session's counters, just what they moved by: the days of a subscription always sum to its sessions.
/// </summary>
public sealed class UsageDay : TenantEntity, IPartitionedByMonth
{
    private UsageDay() { }

    public Guid SubscriptionId { get; private set; }
    public Guid CustomerId { get; private set; }

    /// <summary>From midnight to midnight in the tenant's zone.</summary>
    public DateOnly Day { get; private set; }

    public long UploadedBytes { get; private set; }
    public long DownloadedBytes { get; private set; }

    /// <summary>Time online, of all its devices together.</summary>
    public long Seconds { get; private set; }

    /// <summary>
    /// One row for a subscription and day, and sorted by day: the day's time in front, as of a UUID version 7, and the
    /// random part of the subscription's own id behind.
    /// </summary>
    public static Guid IdOf(DateOnly day, Guid subscriptionId)
        => Guid.ParseExact(IdPrefixOf(day) + subscriptionId.ToString("D")[IdPrefixLength..], "D");

    /// <summary>The part of the id that is the day's: as text, so that SQL can put a subscription's behind it.</summary>
    public static string IdPrefixOf(DateOnly day)
    {
        var milliseconds = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds();
        var digits = milliseconds.ToString("x12", CultureInfo.InvariantCulture);
        return $"{digits[..8]}-{digits[8..]}";
    }

    public const int IdPrefixLength = 13;
}

internal sealed class UsageDayConfiguration : IEntityTypeConfiguration<UsageDay>
{
    public void Configure(EntityTypeBuilder<UsageDay> usage)
    {
        usage.ToTable("usage_days");
        usage.References<UsageDay, Subscription>(nameof(UsageDay.SubscriptionId));
        usage.HasIndex(u => u.SubscriptionId);
        usage.HasIndex(u => new { u.CustomerId, u.Day });
    }
}
