using EasyIsp.Core.Packages;
using EasyIsp.Core.Shared;

namespace EasyIsp.Web.Packages;

/// <summary>What the folded fields of the form hold.</summary>
public sealed class AccessInput
{
    public WhenFull WhenFull { get; set; }
    public List<HoursInput> Hours { get; init; } = [];
    public IReadOnlyList<Guid> RouterIds { get; set; } = [];
    public decimal? BurstDownloadMbps { get; set; }
    public decimal? BurstUploadMbps { get; set; }
    public int? BurstSeconds { get; set; }
    public decimal? ThresholdDownloadMbps { get; set; }
    public decimal? ThresholdUploadMbps { get; set; }
    public int? Priority { get; set; }
    public decimal? MinDownloadMbps { get; set; }
    public decimal? MinUploadMbps { get; set; }
    public string? AddressPool { get; set; }
    public string? AddressList { get; set; }
    public int? VlanId { get; set; }
    public string? IPv6Pool { get; set; }
    public string? DelegatedIPv6Pool { get; set; }

    /// <summary>A window without a day or without times.</summary>
    public bool HasIncompleteHours => Hours.Exists(window => window.ToWindow() is null);

    private bool HasBurst => (BurstDownloadMbps, BurstUploadMbps, BurstSeconds, ThresholdDownloadMbps, ThresholdUploadMbps) is not (null, null, null, null, null);

    public static AccessInput Of(AccessTerms terms) => new()
    {
        WhenFull = terms.WhenFull,
        Hours = [.. (terms.Hours?.Windows ?? []).Select(HoursInput.Of)],
        RouterIds = terms.RouterIds,
        BurstDownloadMbps = Mbps(terms.Burst?.DownloadKbps),
        BurstUploadMbps = Mbps(terms.Burst?.UploadKbps),
        BurstSeconds = terms.Burst?.Seconds,
        ThresholdDownloadMbps = Mbps(terms.Burst?.ThresholdDownloadKbps),
        ThresholdUploadMbps = Mbps(terms.Burst?.ThresholdUploadKbps),
        Priority = terms.Priority,
        MinDownloadMbps = Mbps(terms.MinDownloadKbps),
        MinUploadMbps = Mbps(terms.MinUploadKbps),
        AddressPool = terms.AddressPool,
        AddressList = terms.AddressList,
        VlanId = terms.VlanId,
        IPv6Pool = terms.IPv6Pool,
        DelegatedIPv6Pool = terms.DelegatedIPv6Pool,
    };

    /// <summary>Half a burst, and whatever is beyond all measure, becomes what the domain refuses.</summary>
    public AccessTerms ToTerms() => new()
    {
        WhenFull = WhenFull,
        Hours = AllowedHours.Of([.. Hours.Select(window => window.ToWindow()).OfType<WeeklyWindow>()]),
        RouterIds = RouterIds,
        Burst = HasBurst
            ? new Burst(Kbps(BurstDownloadMbps) ?? 0, Kbps(BurstUploadMbps) ?? 0, BurstSeconds ?? 0, Kbps(ThresholdDownloadMbps), Kbps(ThresholdUploadMbps))
            : null,
        Priority = Priority,
        MinDownloadKbps = Kbps(MinDownloadMbps),
        MinUploadKbps = Kbps(MinUploadMbps),
        AddressPool = RouterName.Typed(AddressPool),
        AddressList = RouterName.Typed(AddressList),
        VlanId = VlanId,
        IPv6Pool = RouterName.Typed(IPv6Pool),
        DelegatedIPv6Pool = RouterName.Typed(DelegatedIPv6Pool),
    };

    private static decimal? Mbps(int? kbps) => kbps / 1000m;

    private static int? Kbps(decimal? mbps) => mbps is { } typed ? (int)(Math.Clamp(typed, 0, 1_000_000) * 1000) : null;
}

/// <summary>One window of the week as it is typed.</summary>
public sealed class HoursInput
{
    public WeekDays Days { get; set; } = WeekDays.All;
    public TimeOnly? From { get; set; } = new(22, 0);
    public TimeOnly? Until { get; set; } = new(6, 0);

    public static HoursInput Of(WeeklyWindow window) => new() { Days = window.Days, From = window.From, Until = window.Until };

    /// <summary>Null while something is missing.</summary>
    public WeeklyWindow? ToWindow()
        => Days is not WeekDays.None && From is { } from && Until is { } until ? new WeeklyWindow(Days, from, until) : null;
}
