using PhoneNumbers;

namespace EasyIsp.Core.Shared;

/// <summary>Phone numbers are kept in E.164 (<c>+254712345678</c>); how people write them is the country's affair.</summary>
public static class PhoneNumber
{
    public const int MaxLength = 16;

    /// <summary>ISO 3166-1 alpha-2 codes of the countries whose numbers can be read.</summary>
    public static IReadOnlySet<string> Countries { get; } = PhoneNumberUtil.GetInstance().GetSupportedRegions().ToHashSet(StringComparer.Ordinal);

    /// <param name="country">ISO 3166-1 alpha-2, for numbers written without country code.</param>
    /// <returns>Null when it is no possible number of that country or of the one it names.</returns>
    public static string? Normalize(string? text, string country)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > 40)
            return null;

        var util = PhoneNumberUtil.GetInstance();
        try
        {
            var number = util.Parse(WithPlus(text.Trim(), util.GetCountryCodeForRegion(country)), country);
            return util.IsValidNumber(number) ? util.Format(number, PhoneNumberFormat.E164) : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    /// <summary>As people of the country write it: <c>0712 345678</c>.</summary>
    public static string ToNational(string e164)
    {
        var util = PhoneNumberUtil.GetInstance();
        return util.Format(util.Parse(e164, null), PhoneNumberFormat.NATIONAL);
    }

    /// <summary>As providers want it: digits alone, with country code.</summary>
    public static string ToMsisdn(string e164) => e164.TrimStart('+');

    /// <summary>People and providers write 254712345678 without the plus.</summary>
    private static string WithPlus(string text, int countryCode)
    {
        var code = countryCode.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return text.Length > code.Length + 7 && text.StartsWith(code, StringComparison.Ordinal) ? "+" + text : text;
    }
}
