using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Statistics;

/// <summary>
/// Sessions counted together, so that a month of millions is read as some hundred rows. Written by
/// <see cref="SessionRollUp"/> in SQL, over and over: what it says of a time can always be counted anew from the sessions,
/// as long as these are kept.
/// </summary>
public abstract class SessionTally : TenantEntity, IPartitionedByMonth
{
    public TallyScope Scope { get; private set; }

    /// <summary>Null where it is of all routers.</summary>
    public Guid? RouterId { get; private set; }

    /// <summary>Null where it is of all packages, or of those who had none: the scope says which.</summary>
    public Guid? PackageId { get; private set; }

    /// <summary>Sessions that began in this time.</summary>
    public int Begun { get; private set; }

    /// <summary>Of all sessions together, within this time.</summary>
    public long OnlineSeconds { get; private set; }
}

/// <summary>What a tally tells apart. Each time is told in all four ways: the question picks the one that has the fewest rows.</summary>
public enum TallyScope
{
    Everything,
    Router,
    Package,
    RouterAndPackage,
}

/// <summary>One hour, counted from midnight in the tenant's zone.</summary>
public sealed class SessionHour : SessionTally
{
    /// <summary>Between two counts of those who are online.</summary>
    public static readonly TimeSpan MarkEvery = TimeSpan.FromMinutes(5);

    private SessionHour() { }

    public DateTimeOffset Hour { get; private set; }

    /// <summary>
    /// How many were online at the hour's first instant, and at each <see cref="MarkEvery"/> after it that has come. Counts of
    /// one instant add up over routers and packages, which highest numbers do not.
    /// </summary>
    public IReadOnlyList<int> Online { get; private set; } = [];
}

/// <summary>One of the tenant's days.</summary>
public sealed class SessionDay : SessionTally
{
    private SessionDay() { }

    /// <summary>From midnight to midnight in the tenant's zone.</summary>
    public DateOnly Day { get; private set; }

    /// <summary>Sessions that ran on from the day before.</summary>
    public int Carried { get; private set; }

    public int Ended { get; private set; }

    /// <summary>Of the sessions that ended, from their beginning.</summary>
    public long EndedSeconds { get; private set; }

    /// <summary>Different customers who were online.</summary>
    public int Customers { get; private set; }

    /// <summary>
    /// Of the day itself, as it is booked (<c>usage_by_day</c>). Who was at several routers on one day has it shared among
    /// them by time. Of sessions that are nobody's it counts at their end.
    /// </summary>
    public long UploadedBytes { get; private set; }

    public long DownloadedBytes { get; private set; }

    /// <summary>How many ended by each Acct-Terminate-Cause (RFC 2866, 5.10), and by <c>silent</c>: <c>{"2": 31}</c>.</summary>
    public string Endings { get; private set; } = "{}";

    /// <summary>How often a login was refused for each reason; not known by package, so of routers and of everything alone.</summary>
    public string Refusals { get; private set; } = "{}";
}

internal sealed class SessionHourConfiguration : IEntityTypeConfiguration<SessionHour>
{
    public void Configure(EntityTypeBuilder<SessionHour> hour)
    {
        hour.ToTable("session_hours");
        hour.PrimitiveCollection(h => h.Online).HasColumnType("integer[]");
        hour.HasIndex(h => new { h.TenantId, h.Scope, h.Id });
    }
}

internal sealed class SessionDayConfiguration : IEntityTypeConfiguration<SessionDay>
{
    public void Configure(EntityTypeBuilder<SessionDay> day)
    {
        day.ToTable("session_days");
        day.Property(d => d.Endings).HasColumnType("jsonb").HasDefaultValueSql("'{}'");
        day.Property(d => d.Refusals).HasColumnType("jsonb").HasDefaultValueSql("'{}'");
        day.HasIndex(d => new { d.TenantId, d.Scope, d.Id });
    }
}
