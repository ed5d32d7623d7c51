using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Packages;

/// <summary>What a tenant sells: so much time at such a speed, over one kind of connection.</summary>
public sealed class Package : TenantEntity
{
    private Package() { }

    public AccessType AccessType { get; private set; }
    public string Name { get; private set; } = null!;
    public decimal Price { get; private set; }

    /// <summary>How long one purchase lasts, from the moment of purchase.</summary>
    public TimeSpan Duration { get; private set; }

    public int DownloadKbps { get; private set; }
    public int UploadKbps { get; private set; }

    /// <summary>Bytes in both directions together that one purchase allows; null is unlimited.</summary>
    public long? DataLimitBytes { get; private set; }

    /// <summary>What happens when <see cref="DataLimitBytes"/> are used up.</summary>
    public AtDataLimit AtDataLimit { get; private set; }

    /// <summary>The speed from then on, where <see cref="AtDataLimit"/> is <see cref="AtDataLimit.SlowDown"/>; null elsewhere.</summary>
    public int? SlowDownloadKbps { get; private set; }

    /// <inheritdoc cref="SlowDownloadKbps"/>
    public int? SlowUploadKbps { get; private set; }

    /// <summary>Running sessions may still have what the package said before; whoever has told them all takes it back.</summary>
    public bool IsToReachSessions { get; private set; }

    /// <summary>Devices that one customer may have online at once.</summary>
    public int SimultaneousSessions { get; private set; }

    public AccessTerms Access { get; private set; } = AccessTerms.Plain;

    /// <summary>Offered on the portal; staff may sell it either way.</summary>
    public bool IsOnPortal { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>No longer sold; subscriptions that have it run on.</summary>
    public DateTimeOffset? ArchivedAt { get; private set; }

    public static Package Create(Guid tenantId, AccessType accessType, PackageTerms terms, DateTimeOffset now)
    {
        var package = new Package
        {
            TenantId = tenantId,
            Id = Guid.CreateVersion7(now),
            AccessType = accessType,
            CreatedAt = now,
        };
        package.Take(terms);
        return package;
    }

    /// <exception cref="ArgumentException">A term is out of its range; <see cref="PackageTerms.FaultIn"/> says which.</exception>
    public void Change(PackageTerms terms)
    {
        var before = SessionTerms;
        Take(terms);
        IsToReachSessions |= SessionTerms != before;
    }

    public void Archive(DateTimeOffset now) => ArchivedAt ??= now;

    public void Restore() => ArchivedAt = null;

    /// <summary>What sessions that run have of the package, and can be told: a change of it is brought to them.</summary>
    private (string Rate, AtDataLimit, int?, int?, string? Hours) SessionTerms
        => (RateLimit.Of(UploadKbps, DownloadKbps, Access), AtDataLimit, SlowDownloadKbps, SlowUploadKbps, Access?.Hours?.ToString());

    private void Take(PackageTerms terms)
    {
        if (PackageTerms.FaultIn(terms) is { } fault)
            throw new ArgumentException($"A package cannot have this {fault}.", nameof(terms));

        Name = terms.Name.Trim();
        (Price, Duration, DownloadKbps, UploadKbps) = (terms.Price, terms.Duration, terms.DownloadKbps, terms.UploadKbps);
        (DataLimitBytes, AtDataLimit) = (terms.DataLimitBytes, terms.AtDataLimit);
        (SlowDownloadKbps, SlowUploadKbps) = AtDataLimit is AtDataLimit.SlowDown ? (terms.SlowDownloadKbps, terms.SlowUploadKbps) : (null, null);
        (SimultaneousSessions, IsOnPortal) = (terms.SimultaneousSessions, terms.IsOnPortal);
        Access = terms.Access ?? AccessTerms.Plain;
    }
}

/// <summary>Everything about a package that may be edited.</summary>
public sealed record PackageTerms(
    string Name,
    decimal Price,
    TimeSpan Duration,
    int DownloadKbps,
    int UploadKbps,
    long? DataLimitBytes = null,
    int SimultaneousSessions = 1,
    bool IsOnPortal = true,
    AtDataLimit AtDataLimit = AtDataLimit.Cut,
    int? SlowDownloadKbps = null,
    int? SlowUploadKbps = null,
    AccessTerms? Access = null)
{
    public const int MaxNameLength = 60;
    public const decimal MaxPrice = 250_000;
    public const int MaxKbps = 10_000_000;
    public const int MaxSimultaneousSessions = 50;
    public static readonly TimeSpan MinDuration = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan MaxDuration = TimeSpan.FromDays(731);

    /// <returns>The name of the first property that is out of range; null when all is well.</returns>
    public static string? FaultIn(PackageTerms terms) => terms switch
    {
        { Name: var name } when string.IsNullOrWhiteSpace(name) || name.Trim().Length > MaxNameLength => nameof(Name),
        { Price: < 0 or > MaxPrice } => nameof(Price),
        { Price: var price } when decimal.Round(price, 4) != price => nameof(Price),
        { Duration: var duration } when duration < MinDuration || duration > MaxDuration => nameof(Duration),
        { DownloadKbps: < 1 or > MaxKbps } => nameof(DownloadKbps),
        { UploadKbps: < 1 or > MaxKbps } => nameof(UploadKbps),
        { DataLimitBytes: <= 0 } => nameof(DataLimitBytes),
        { AtDataLimit: AtDataLimit.SlowDown, DataLimitBytes: null } => nameof(DataLimitBytes),
        { AtDataLimit: AtDataLimit.SlowDown, SlowDownloadKbps: null or < 1 } => nameof(SlowDownloadKbps),
        { AtDataLimit: AtDataLimit.SlowDown, SlowUploadKbps: null or < 1 } => nameof(SlowUploadKbps),
        { AtDataLimit: AtDataLimit.SlowDown } when terms.SlowDownloadKbps > terms.DownloadKbps => nameof(SlowDownloadKbps),
        { AtDataLimit: AtDataLimit.SlowDown } when terms.SlowUploadKbps > terms.UploadKbps => nameof(SlowUploadKbps),
        { SimultaneousSessions: < 1 or > MaxSimultaneousSessions } => nameof(SimultaneousSessions),
        { Access: { } access } => AccessTerms.FaultIn(access, terms.DownloadKbps, terms.UploadKbps),
        _ => null,
    };
}

public enum AtDataLimit
{
    /// <summary>Sessions end, and the next login is refused.</summary>
    Cut,

    /// <summary>Sessions go on at <see cref="Package.SlowDownloadKbps"/> and <see cref="Package.SlowUploadKbps"/>, and so does the next login.</summary>
    SlowDown,

    /// <summary>Nothing is taken away: the limit is noted, and staff see it.</summary>
    CarryOn,
}
