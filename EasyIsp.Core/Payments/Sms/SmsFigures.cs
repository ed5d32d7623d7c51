using System.Globalization;
using System.Text.RegularExpressions;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>Receipts, amounts, times and numbers as messages write them; what is not exactly so is refused.</summary>
internal static partial class SmsFigures
{
    public const decimal GreatestAmount = 10_000_000;

    private static readonly TimeSpan EastAfrica = TimeSpan.FromHours(3);

    private static readonly string[] Days =
        ["d/M/yy", "d/M/yyyy", "d-M-yy", "d-M-yyyy", "d-MMM-yy", "d-MMM-yyyy", "yyyy-M-d", "d.M.yy", "d.M.yyyy"];

    private static readonly string[] Times = ["h:mmtt", "h:mm:sstt", "h.mmtt", "H:mm", "H:mm:ss", "H.mm"];

    /// <returns>In capitals; null for what is no receipt: ten letters and digits of M-Pesa (mpesa.md, 15), up to twenty of banks.</returns>
    public static string? Receipt(string text)
        => text.ToUpperInvariant() is var receipt && ReceiptShape().IsMatch(receipt) ? receipt : null;

    /// <returns>Null unless it is written as money: commas between thousands or none, two decimals at most, more than nothing.</returns>
    public static decimal? Amount(string text)
        => AmountShape().IsMatch(text)
            && decimal.TryParse(text, NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            && amount is > 0 and <= GreatestAmount
                ? amount
                : null;

    /// <summary>East Africa Time, which has no summer.</summary>
    public static DateTimeOffset? Instant(string date, string time)
        => DateOnly.TryParseExact(date, Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && TimeOnly.TryParseExact(
                time.Replace(" ", "", StringComparison.Ordinal), Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out var hour)
                ? new DateTimeOffset(day, hour, EastAfrica).ToUniversalTime()
                : null;

    /// <summary>Midnight, for messages that name a day alone.</summary>
    public static DateTimeOffset? Day(string date) => Instant(date, "0:00");

    /// <summary>When an M-Pesa receipt was given out, by its first three signs (mpesa.md, 15): to tell old ones, never a proof.</summary>
    public static DateTimeOffset? DayOf(string receipt)
    {
        if (receipt is not [>= 'A' and <= 'Z' and var year, >= 'A' and <= 'L' and var month, var day, ..] || receipt.Length != 10)
            return null;

        var number = day is >= '1' and <= '9' ? day - '0' : day is >= 'A' and <= 'V' ? day - 'A' + 10 : 0;
        return DateOnly.TryParseExact(
            string.Create(CultureInfo.InvariantCulture, $"{2006 + year - 'A'}-{month - 'A' + 1}-{number}"), "yyyy-M-d", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on)
                ? new DateTimeOffset(on, new TimeOnly(12, 0), EastAfrica)
                : null;
    }

    /// <returns>Without blanks, masked by asterisks, and with Kenya's 254 for the leading nought.</returns>
    public static string Number(string text)
    {
        var number = string.Concat(text.Where(c => c is not (' ' or '+'))).Replace('x', '*').Replace('X', '*');
        return number is ['0', ..] ? $"254{number[1..]}" : number;
    }

    [GeneratedRegex("^[A-Z0-9]{6,20}\\z", RegexOptions.NonBacktracking)]
    private static partial Regex ReceiptShape();

    [GeneratedRegex("^(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\\.[0-9]{1,2})?\\z", RegexOptions.NonBacktracking)]
    private static partial Regex AmountShape();
}
