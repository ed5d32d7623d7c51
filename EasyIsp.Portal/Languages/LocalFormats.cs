using System.Globalization;
using EasyIsp.Core.Hotspot;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Shared;

namespace EasyIsp.Portal.Languages;

/// <summary>Money, times, speeds and amounts of data, in the reader's language and the tenant's country.</summary>
internal sealed class LocalFormats(PortalText text, HotspotBrand brand)
{
    private static readonly (WeekDays Flag, DayOfWeek Day)[] Week =
    [
        (WeekDays.Monday, DayOfWeek.Monday), (WeekDays.Tuesday, DayOfWeek.Tuesday), (WeekDays.Wednesday, DayOfWeek.Wednesday),
        (WeekDays.Thursday, DayOfWeek.Thursday), (WeekDays.Friday, DayOfWeek.Friday), (WeekDays.Saturday, DayOfWeek.Saturday),
        (WeekDays.Sunday, DayOfWeek.Sunday),
    ];

    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(brand.TimeZone);
    private readonly string _currency = SymbolOf(brand);

    /// <summary>Cents only where there are any.</summary>
    public string Money(decimal amount)
        => $"{_currency} {amount.ToString(amount == decimal.Truncate(amount) ? "#,0" : "#,0.00", text.Culture)}";

    /// <summary>The clock alone today, "tomorrow" tomorrow, the date after that.</summary>
    public string When(DateTimeOffset instant, DateTimeOffset now)
    {
        var local = TimeZoneInfo.ConvertTime(instant, _zone);
        var time = local.ToString("HH:mm", CultureInfo.InvariantCulture);
        var days = DateOnly.FromDateTime(local.Date).DayNumber - DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, _zone).Date).DayNumber;
        return days switch
        {
            0 => time,
            1 => text.Tomorrow(time),
            _ => $"{local.ToString("ddd d MMM", text.Culture)}, {time}",
        };
    }

    /// <summary>In its two largest units; a rest below a minute counts as one.</summary>
    public string Length(TimeSpan length)
    {
        var minutes = Math.Max(1, (int)Math.Ceiling(length.TotalMinutes));
        var (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
        string[] parts =
        [
            .. days > 0 ? [text.Days(days)] : Array.Empty<string>(),
            .. hours > 0 ? [text.Hours(hours)] : Array.Empty<string>(),
            .. rest > 0 ? [text.Minutes(rest)] : Array.Empty<string>(),
        ];
        return string.Join(' ', parts.Take(2));
    }

    /// <summary><c>22:00–06:00</c>, with the days before it where it is not every day.</summary>
    public string Hours(AllowedHours hours) => string.Join(", ", hours.Windows.Select(Hours));

    public string Speed(int kbps) => kbps >= 1000
        ? $"{(kbps / 1000m).ToString("0.#", text.Culture)} Mbps"
        : $"{kbps.ToString(text.Culture)} kbps";

    public string Data(long bytes) => bytes >= 1_000_000_000
        ? $"{(bytes / 1_000_000_000m).ToString("0.#", text.Culture)} GB"
        : $"{(bytes / 1_000_000m).ToString("0", text.Culture)} MB";

    /// <summary>Enough for its owner to know it by, too little for others to call it.</summary>
    public static string Masked(string e164)
    {
        var digits = PhoneNumber.ToNational(e164).Replace(" ", "", StringComparison.Ordinal);
        return digits.Length < 8 ? digits : $"{digits[..4]} ••• {digits[^3..]}";
    }

    private string Hours(WeeklyWindow window)
    {
        var days = string.Join(' ', Week.Where(day => window.Days.HasFlag(day.Flag)).Select(day => text.Culture.DateTimeFormat.AbbreviatedDayNames[(int)day.Day]));
        var times = window.From == window.Until && window.From == TimeOnly.MinValue
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"{window.From:HH\\:mm}–{window.Until:HH\\:mm}");
        return (window.Days is WeekDays.All && times.Length > 0 ? times : $"{days} {times}").Trim();
    }

    private static string SymbolOf(HotspotBrand brand)
    {
        try
        {
            var region = new RegionInfo(brand.Country);
            return region.ISOCurrencySymbol == brand.Currency ? region.CurrencySymbol : brand.Currency;
        }
        catch (ArgumentException)
        {
            // A country this system knows nothing of: the code is understood everywhere.
            return brand.Currency;
        }
    }
}
