using System.Globalization;
using System.Text.RegularExpressions;

namespace EasyIsp.Core.Routers.RouterOs;

/// <summary>How RouterOS writes values (mikrotik.md 1.7). A word that is absent, or that has another form, gives null.</summary>
internal static partial class RouterOsValue
{
    public static bool Boolean(string? word) => word is "true" or "yes";

    public static long? Number(string? word)
        => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>
    /// Reads <c>1w2d3h4m5s</c>, <c>1s100ms</c>, <c>453us</c> and the old <c>1d01:22:53</c>;
    /// <c>none</c> and <c>never</c> are null.
    /// </summary>
    public static TimeSpan? Duration(string? word)
    {
        if (string.IsNullOrEmpty(word) || DurationPattern().Match(word) is not { Success: true } match)
            return null;

        double Part(string name) => match.Groups[name] is { Success: true, ValueSpan: var digits }
            ? double.Parse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture)
            : 0;

        var microseconds = (Part("ms") * 1_000) + Part("us") + (Part("ns") / 1_000);
        return TimeSpan.FromDays((Part("w") * 7) + Part("d"))
            + TimeSpan.FromHours(Part("h"))
            + TimeSpan.FromMinutes(Part("m"))
            + TimeSpan.FromSeconds(Part("s"))
            + TimeSpan.FromMicroseconds(microseconds);
    }

    /// <summary>Upper case with colons, however it was written; null when it is no MAC address.</summary>
    public static string? Mac(string? word)
    {
        if (word is null)
            return null;

        var digits = string.Concat(word.Where(c => c is not (':' or '-' or '.'))).ToUpperInvariant();
        return digits.Length == 12 && digits.All(char.IsAsciiHexDigit)
            ? string.Join(':', digits.Chunk(2).Select(pair => new string(pair)))
            : null;
    }

    [GeneratedRegex(
        @"^((?<w>\d+)w)?((?<d>\d+)d)?((?<h>\d+):(?<m>\d+):(?<s>\d+(\.\d+)?)|" +
        @"((?<h>\d+)h)?((?<m>\d+)m)?((?<s>\d+)s)?((?<ms>\d+)ms)?((?<us>\d+)us)?((?<ns>\d+)ns)?)$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex DurationPattern();
}
