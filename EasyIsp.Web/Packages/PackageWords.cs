using System.Globalization;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Shared;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Packages;

/// <summary>What the domain says of packages, in the words of the screens.</summary>
internal static class PackageWords
{
    /// <summary>As a customer reads it: <c>1 day</c>, <c>3 hours</c>, <c>30 days</c>, <c>90 minutes</c>.</summary>
    public static string Duration(TimeSpan duration) => duration switch
    {
        { Ticks: > 0 } when duration.Ticks % TimeSpan.TicksPerDay == 0 => Count(duration.Days, "day", "days"),
        { Ticks: > 0 } when duration.Ticks % TimeSpan.TicksPerHour == 0 => Count((int)duration.TotalHours, "hour", "hours"),
        _ => Count((int)duration.TotalMinutes, "minute", "minutes"),
    };

    public static string Data(long? limitBytes) => limitBytes is { } bytes ? Figures.Bytes(bytes) : "unlimited";

    /// <param name="term">A property of <see cref="PackageTerms"/>.</param>
    public static string Fault(string term) => term switch
    {
        nameof(PackageTerms.Name) => $"A name of up to {PackageTerms.MaxNameLength} letters is needed.",
        nameof(PackageTerms.Price) => $"0 to {Figures.Count((long)PackageTerms.MaxPrice)}, with no more decimals than the currency has.",
        nameof(PackageTerms.Duration) => "From one minute to two years.",
        nameof(PackageTerms.DownloadKbps) or nameof(PackageTerms.UploadKbps) => "From 1 kbps to 10,000 Mbps.",
        nameof(PackageTerms.SlowDownloadKbps) or nameof(PackageTerms.SlowUploadKbps) => "From 1 kbps to the package's own speed.",
        nameof(PackageTerms.DataLimitBytes) => "More than nothing; leave it empty for unlimited.",
        nameof(AccessTerms.Hours) => "Each needs a day, and two times.",
        nameof(AccessTerms.RouterIds) => $"At most {AccessTerms.MaxRouters} routers.",
        nameof(AccessTerms.Burst) => "Both speeds, none below the package's own; up to an hour; thresholds up to the burst.",
        nameof(AccessTerms.Priority) => $"1 to {AccessTerms.LowestPriority}.",
        nameof(AccessTerms.MinDownloadKbps) or nameof(AccessTerms.MinUploadKbps) => "More than nothing, and no more than the speed.",
        nameof(AccessTerms.VlanId) => $"1 to {AccessTerms.MaxVlanId}.",
        nameof(AccessTerms.AddressPool) or nameof(AccessTerms.AddressList) or nameof(AccessTerms.IPv6Pool) or nameof(AccessTerms.DelegatedIPv6Pool)
            => $"Up to {RouterName.MaxLength} plain letters, digits and signs.",
        _ => $"From 1 to {PackageTerms.MaxSimultaneousSessions} devices.",
    };

    public static IReadOnlyList<(WeekDays Day, string Word)> Days { get; } =
    [
        (WeekDays.Monday, "Mon"), (WeekDays.Tuesday, "Tue"), (WeekDays.Wednesday, "Wed"), (WeekDays.Thursday, "Thu"),
        (WeekDays.Friday, "Fri"), (WeekDays.Saturday, "Sat"), (WeekDays.Sunday, "Sun"),
    ];

    /// <summary>What is set behind the fold; null when nothing is.</summary>
    public static string? HoursAndPlaces(AccessTerms access) => Joined(
        HoursOf(access.Hours),
        access.RouterIds.Count > 0 ? Count(access.RouterIds.Count, "router", "routers") : null);

    /// <returns>Null where any hour will do.</returns>
    public static string? HoursOf(AllowedHours? hours) => hours is null ? null : string.Join(", ", hours.Windows.Select(Window));

    /// <inheritdoc cref="HoursAndPlaces"/>
    public static string? BurstAndPriority(AccessTerms access) => Joined(
        access.Burst is { } burst ? $"up to {Figures.Speed(burst.DownloadKbps)}" : null,
        access.Priority is { } priority ? $"priority {priority}" : null,
        access.MinDownloadKbps is { } kept ? $"{Figures.Speed(kept)} kept free" : null);

    /// <inheritdoc cref="HoursAndPlaces"/>
    public static string? Addresses(AccessTerms access)
        => Joined(access.AddressPool, access.AddressList, access.DelegatedIPv6Pool, access.IPv6Pool, access.VlanId is { } vlan ? $"VLAN {vlan}" : null);

    /// <summary><c>Mon–Fri 22:00–06:00</c>.</summary>
    private static string Window(WeeklyWindow window)
    {
        var days = Days.Where(day => window.Days.HasFlag(day.Day)).Select(day => day.Word).ToArray();
        var first = Days.ToList().FindIndex(day => day.Word == days[0]);
        var isRun = days.Length > 2 && Days.Skip(first).Take(days.Length).Select(day => day.Word).SequenceEqual(days);
        var when = days.Length == Days.Count ? "daily" : isRun ? $"{days[0]}–{days[^1]}" : string.Join(", ", days);
        return window.From == window.Until && window.From == TimeOnly.MinValue
            ? when
            : string.Create(CultureInfo.InvariantCulture, $"{when} {window.From:HH\\:mm}–{window.Until:HH\\:mm}");
    }

    private static string? Joined(params string?[] parts) => string.Join(" · ", parts.OfType<string>()) is { Length: > 0 } text ? text : null;

    private static string Count(int count, string one, string many) => Figures.Count(count, one, many);
}
