using System.Globalization;

namespace EasyIsp.Core.Packages;

/// <summary>
/// A speed as RouterOS reads it in Mikrotik-Rate-Limit (mikrotik.md, 4.3): what the router receives, which is the
/// customer's upload, before what it sends; no position can be left out before one that is given.
/// </summary>
public static class RateLimit
{
    public static string Of(int uploadKbps, int downloadKbps, AccessTerms? access = null)
    {
        var rate = Kbps(uploadKbps, downloadKbps);
        if (access is not ({ Burst: not null } or { Priority: not null } or { MinUploadKbps: not null } or { MinDownloadKbps: not null }))
            return rate;

        var (burst, threshold, seconds) = access.Burst is { } above
            ? (Kbps(above.UploadKbps, above.DownloadKbps),
                Kbps(above.ThresholdUploadKbps ?? uploadKbps, above.ThresholdDownloadKbps ?? downloadKbps),
                above.Seconds)
            : (rate, rate, 1);
        var text = string.Create(CultureInfo.InvariantCulture, $"{rate} {burst} {threshold} {seconds}/{seconds}");
        if (access is { Priority: null, MinUploadKbps: null, MinDownloadKbps: null })
            return text;

        text += string.Create(CultureInfo.InvariantCulture, $" {access.Priority ?? AccessTerms.LowestPriority}");
        return access is { MinUploadKbps: null, MinDownloadKbps: null }
            ? text
            : $"{text} {Kbps(access.MinUploadKbps ?? uploadKbps, access.MinDownloadKbps ?? downloadKbps)}";
    }

    private static string Kbps(int upload, int download) => string.Create(CultureInfo.InvariantCulture, $"{upload}k/{download}k");
}
