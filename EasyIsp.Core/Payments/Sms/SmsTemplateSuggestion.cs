using System.Text.RegularExpressions;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>A first draft of a template out of a message: what is plainly a figure becomes its placeholder, names are left to the person.</summary>
public static partial class SmsTemplateSuggestion
{
    public static string From(string text)
    {
        HashSet<string> taken = [];
        return Figures().Replace(SmsText.Collapse(text), match => PlaceholderOf(match) is { } place && taken.Add(place) ? place : "{*}");
    }

    private static string? PlaceholderOf(Match match)
        => match.Groups["ref"].Success ? "{ref}"
            : match.Groups["amount"].Success ? "{amount}"
            : match.Groups["date"].Success ? "{date}"
            : match.Groups["time"].Success ? "{time}"
            : match.Groups["phone"].Success ? "{phone}"
            : null;

    [GeneratedRegex(
        @"(?<amount>\b(KSHS?|KES)\.?\s*(KSHS?\.?\s*)?[0-9][0-9,]*(\.[0-9]{1,2})?)|(?<date>\b[0-9]{1,4}[-/][0-9A-Z]{1,3}[-/][0-9]{2,4}\b)"
        + @"|(?<time>\b[0-9]{1,2}[:.][0-9]{2}([:.][0-9]{2})?\s*([AP]M\b)?)|(?<phone>(\+?254|\b0)[0-9*X]{8,10}\b)"
        + @"|(?<ref>\b[A-Z]+[0-9][A-Z0-9]{6,17}\b)",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Figures();
}
