using System.Globalization;
using EasyIsp.Core.Tenancy;

namespace EasyIsp.Web.Blocks;

/// <summary>How numbers and times are written on every screen.</summary>
public static class Figures
{
    private static readonly string[] ByteUnits = ["B", "kB", "MB", "GB", "TB", "PB"];

    /// <summary>Currency and thousands; cents only where there are some: <c>KES 1,250</c>, <c>KES 12.50</c>.</summary>
    public static string Money(decimal amount, Tenant tenant)
    {
        var digits = amount == decimal.Truncate(amount) ? 0 : tenant.CurrencyDigits;
        var number = Math.Abs(amount).ToString("N" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return $"{(amount < 0 ? "−" : "")}{tenant.Currency}\u00a0{number}";
    }

    /// <summary>Decimal units, three digits: <c>1.4 GB</c>, <c>318 MB</c>.</summary>
    public static string Bytes(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        while (value >= 999.5 && unit < ByteUnits.Length - 1)
            (value, unit) = (value / 1000, unit + 1);
        return $"{value.ToString(unit == 0 || value >= 99.95 ? "0" : "0.#", CultureInfo.InvariantCulture)}\u00a0{ByteUnits[unit]}";
    }

    /// <summary>Down and up: <c>10/5 Mbps</c>, <c>512/256 kbps</c>, <c>1.5/0.5 Mbps</c>.</summary>
    public static string Speed(int downloadKbps, int uploadKbps) => Math.Max(downloadKbps, uploadKbps) < 1000
        ? $"{Count(downloadKbps)}/{Count(uploadKbps)}\u00a0kbps"
        : $"{Mbps(downloadKbps)}/{Mbps(uploadKbps)}\u00a0Mbps";

    /// <summary>One direction: <c>10 Mbps</c>, <c>512 kbps</c>.</summary>
    public static string Speed(int kbps) => kbps < 1000 ? $"{Count(kbps)}\u00a0kbps" : $"{Mbps(kbps)}\u00a0Mbps";

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>One customer, 2,340 customers.</summary>
    public static string Count(long count, string one, string many) => $"{Count(count)} {(count == 1 ? one : many)}";

    /// <summary>The two largest units: <c>3 d 4 h</c>, <c>25 min</c>, <c>40 s</c>.</summary>
    public static string Length(TimeSpan length) => length switch
    {
        { TotalSeconds: < 60 } => $"{Math.Max(0, (int)length.TotalSeconds)}\u00a0s",
        { TotalMinutes: < 60 } => $"{(int)length.TotalMinutes}\u00a0min",
        { TotalHours: < 24 } => length.Minutes == 0 ? $"{(int)length.TotalHours}\u00a0h" : $"{(int)length.TotalHours}\u00a0h {length.Minutes}\u00a0min",
        { TotalDays: < 60 } => length.Hours == 0 ? $"{(int)length.TotalDays}\u00a0d" : $"{(int)length.TotalDays}\u00a0d {length.Hours}\u00a0h",
        _ => $"{Count((int)length.TotalDays)}\u00a0days",
    };

    /// <summary>As seen from now: <c>5 min ago</c>, <c>in 3 h</c>; beyond a week, the date.</summary>
    public static string Relative(DateTimeOffset instant, DateTimeOffset now, TimeZoneInfo zone)
    {
        var distance = (instant - now).Duration();
        if (distance < TimeSpan.FromSeconds(10))
            return "now";
        if (distance >= TimeSpan.FromDays(7))
            return Day(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime), now, zone);

        var length = distance switch
        {
            { TotalSeconds: < 60 } => $"{(int)distance.TotalSeconds}\u00a0s",
            { TotalMinutes: < 60 } => $"{(int)distance.TotalMinutes}\u00a0min",
            { TotalHours: < 24 } => $"{(int)distance.TotalHours}\u00a0h",
            _ => $"{(int)distance.TotalDays}\u00a0d",
        };
        return instant > now ? $"in {length}" : $"{length} ago";
    }

    /// <summary><c>Mon 2 Mar 2026, 12:00:05 (EAT)</c>, in the tenant's zone.</summary>
    public static string Exact(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(instant, zone);
        return string.Create(CultureInfo.InvariantCulture, $"{local:ddd d MMM yyyy, HH:mm:ss} (UTC{local:zzz})");
    }

    /// <summary><c>2 Mar</c>, with the year where it is not this one.</summary>
    public static string Day(DateOnly day, DateTimeOffset now, TimeZoneInfo zone)
        => day.ToString(day.Year == TimeZoneInfo.ConvertTime(now, zone).Year ? "d MMM" : "d MMM yyyy", CultureInfo.InvariantCulture);

    private static string Mbps(int kbps) => (kbps / 1000.0).ToString("0.##", CultureInfo.InvariantCulture);
}
