using System.Globalization;
using System.Text;

namespace EasyIsp.Core.Payments.Daraja;

/// <summary>The Password and Timestamp fields of STK requests: the same instant must stand in both.</summary>
internal static class StkPassword
{
    public const string TimestampFormat = "yyyyMMddHHmmss";

    /// <summary>Africa/Nairobi, which has no daylight saving.</summary>
    public static readonly TimeSpan EastAfricaOffset = TimeSpan.FromHours(3);

    public static string TimestampAt(DateTimeOffset now)
        => now.ToOffset(EastAfricaOffset).ToString(TimestampFormat, CultureInfo.InvariantCulture);

    /// <returns>In UTC; null when it is no such time.</returns>
    public static DateTimeOffset? InstantOf(string? text)
        => DateTime.TryParseExact(text, TimestampFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            ? new DateTimeOffset(local, EastAfricaOffset).ToUniversalTime()
            : null;

    public static string For(string shortCode, string passkey, string timestamp)
        => Convert.ToBase64String(Encoding.UTF8.GetBytes(shortCode + passkey + timestamp));
}
