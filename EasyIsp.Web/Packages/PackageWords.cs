using EasyIsp.Core.Packages;
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
        _ => $"From 1 to {PackageTerms.MaxSimultaneousSessions} devices.",
    };

    private static string Count(int count, string one, string many) => Figures.Count(count, one, many);
}
