using EasyIsp.Core.Packages;
using EasyIsp.Core.Shared;

namespace EasyIsp.Web.Packages;

/// <summary>What the fields of the form hold: each amount in the unit in which people think of it.</summary>
public sealed class PackageInput
{
    private const long BytesOfGigabyte = 1_000_000_000;

    public AccessType AccessType { get; set; } = AccessType.Hotspot;
    public string? Name { get; set; }
    public decimal? Price { get; set; }
    public int? Length { get; set; } = 1;
    public DurationUnit Unit { get; set; } = DurationUnit.Days;
    public decimal? DownloadMbps { get; set; } = 5;
    public decimal? UploadMbps { get; set; } = 5;
    public decimal? DataGigabytes { get; set; }
    public AtDataLimit AtDataLimit { get; set; }
    public decimal? SlowDownloadMbps { get; set; } = 1;
    public decimal? SlowUploadMbps { get; set; } = 1;
    public int? Devices { get; set; } = 1;
    public bool IsOnPortal { get; set; } = true;
    public AccessInput Access { get; init; } = new();

    public static PackageInput Of(AccessType accessType, PackageTerms terms)
    {
        var unit = terms.Duration.Ticks % TimeSpan.TicksPerDay == 0 ? DurationUnit.Days
            : terms.Duration.Ticks % TimeSpan.TicksPerHour == 0 ? DurationUnit.Hours
            : DurationUnit.Minutes;
        return new PackageInput
        {
            AccessType = accessType,
            Name = terms.Name,
            Price = terms.Price / 1.0000m, // without the zeros that the database pads it with
            Length = (int)(terms.Duration / LengthOf(unit)),
            Unit = unit,
            DownloadMbps = terms.DownloadKbps / 1000m,
            UploadMbps = terms.UploadKbps / 1000m,
            DataGigabytes = terms.DataLimitBytes is { } bytes ? (decimal)bytes / BytesOfGigabyte : null,
            AtDataLimit = terms.AtDataLimit,
            SlowDownloadMbps = terms.SlowDownloadKbps / 1000m ?? 1,
            SlowUploadMbps = terms.SlowUploadKbps / 1000m ?? 1,
            Devices = terms.SimultaneousSessions,
            IsOnPortal = terms.IsOnPortal,
            Access = AccessInput.Of(terms.Access ?? AccessTerms.Plain),
        };
    }

    /// <summary>What is empty or beyond all measure becomes what the domain refuses.</summary>
    public PackageTerms ToTerms() => new(
        Name ?? "",
        Price ?? -1,
        LengthOf(Unit) * Math.Clamp(Length ?? 0, 0, 2_000_000),
        Kbps(DownloadMbps),
        Kbps(UploadMbps),
        DataGigabytes is { } gigabytes ? (long)(Math.Clamp(gigabytes, -1, 1_000_000) * BytesOfGigabyte) : null,
        Devices ?? 0,
        IsOnPortal,
        DataGigabytes is null ? AtDataLimit.Cut : AtDataLimit,
        IsSlowingDown ? Kbps(SlowDownloadMbps) : null,
        IsSlowingDown ? Kbps(SlowUploadMbps) : null,
        Access.ToTerms());

    public bool IsSlowingDown => DataGigabytes is not null && AtDataLimit is AtDataLimit.SlowDown;

    private static int Kbps(decimal? mbps) => (int)(Math.Clamp(mbps ?? 0, 0, 1_000_000) * 1000);

    private static TimeSpan LengthOf(DurationUnit unit) => unit switch
    {
        DurationUnit.Minutes => TimeSpan.FromMinutes(1),
        DurationUnit.Hours => TimeSpan.FromHours(1),
        _ => TimeSpan.FromDays(1),
    };
}

public enum DurationUnit
{
    Minutes,
    Hours,
    Days,
}
