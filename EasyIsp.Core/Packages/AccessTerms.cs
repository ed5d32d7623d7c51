using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Packages;

/// <summary>What a package says to the router beyond a plain speed: all of it optional.</summary>
public sealed record AccessTerms
{
    public const int MaxBurstSeconds = 3600;
    public const int LowestPriority = 8;
    public const int MaxVlanId = 4094;
    public const int MaxRouters = 100;

    public static AccessTerms Plain { get; } = new();

    public Burst? Burst { get; init; }

    /// <summary>1 is served first, 8 last, which is usual.</summary>
    public int? Priority { get; init; }

    /// <summary>What is kept free where the line is full (limit-at); null is the speed itself.</summary>
    public int? MinDownloadKbps { get; init; }

    /// <inheritdoc cref="MinDownloadKbps"/>
    public int? MinUploadKbps { get; init; }

    /// <summary>The router's pool that an address is taken from; null leaves it to the router's profile.</summary>
    public string? AddressPool { get; init; }

    /// <summary>The router's address list that the device stands in while it is online.</summary>
    public string? AddressList { get; init; }

    /// <summary>For wireless and 802.1X ports; RouterOS gives PPP and hotspots none.</summary>
    public int? VlanId { get; init; }

    /// <summary>Pool of the prefix of the line itself.</summary>
    public string? IPv6Pool { get; init; }

    /// <summary>Pool of the prefix that the customer's router hands on.</summary>
    public string? DelegatedIPv6Pool { get; init; }

    public WhenFull WhenFull { get; init; }

    /// <summary>Null is always.</summary>
    public AllowedHours? Hours { get; init; }

    /// <summary>Empty is every router.</summary>
    public IReadOnlyList<Guid> RouterIds { get; init; } = [];

    /// <returns>The name of the first property that is out of range; null when all is well.</returns>
    internal static string? FaultIn(AccessTerms terms, int downloadKbps, int uploadKbps) => terms switch
    {
        { Burst: { } burst } when !burst.IsAbove(downloadKbps, uploadKbps) => nameof(Burst),
        { Priority: < 1 or > LowestPriority } => nameof(Priority),
        { MinDownloadKbps: { } kbps } when kbps < 1 || kbps > downloadKbps => nameof(MinDownloadKbps),
        { MinUploadKbps: { } kbps } when kbps < 1 || kbps > uploadKbps => nameof(MinUploadKbps),
        { AddressPool: { } name } when !RouterName.IsValid(name) => nameof(AddressPool),
        { AddressList: { } name } when !RouterName.IsValid(name) => nameof(AddressList),
        { VlanId: < 1 or > MaxVlanId } => nameof(VlanId),
        { IPv6Pool: { } name } when !RouterName.IsValid(name) => nameof(IPv6Pool),
        { DelegatedIPv6Pool: { } name } when !RouterName.IsValid(name) => nameof(DelegatedIPv6Pool),
        { RouterIds.Count: > MaxRouters } => nameof(RouterIds),
        _ => null,
    };
}

/// <summary>
/// A higher speed for a while: as long as the average of the last <paramref name="Seconds"/> stays below the threshold.
/// </summary>
/// <param name="ThresholdDownloadKbps">Null is the plain speed.</param>
/// <param name="ThresholdUploadKbps">Null is the plain speed.</param>
/// <param name="Seconds">The window that the average is taken over; the burst itself is shorter.</param>
public sealed record Burst(int DownloadKbps, int UploadKbps, int Seconds, int? ThresholdDownloadKbps = null, int? ThresholdUploadKbps = null)
{
    internal bool IsAbove(int downloadKbps, int uploadKbps)
        => DownloadKbps >= downloadKbps && DownloadKbps <= PackageTerms.MaxKbps
            && UploadKbps >= uploadKbps && UploadKbps <= PackageTerms.MaxKbps
            && Seconds is >= 1 and <= AccessTerms.MaxBurstSeconds
            && (ThresholdDownloadKbps is not { } down || (down >= 1 && down <= DownloadKbps))
            && (ThresholdUploadKbps is not { } up || (up >= 1 && up <= UploadKbps));
}

/// <summary>What happens when one device more than the package allows logs in.</summary>
public enum WhenFull
{
    RefuseNew,

    /// <summary>The device that has been online longest has to go.</summary>
    PushOutOldest,
}
