using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>
/// What a forwarding phone sends beside the body: HMAC-SHA256 in hexadecimal, with the phone's key, over
/// <c>{time stamp}.{nonce}.{body}</c>. Without a nonce it is over <c>{body}{time stamp}</c>, as the app "SMS Gateway for
/// Android" signs, and the signature itself is the nonce. The two cannot be mistaken for one another: a body begins with a
/// brace, a time stamp with a digit.
/// </summary>
/// <param name="Timestamp">Seconds since 1970, as the header says it.</param>
/// <param name="Nonce">Null where the app sends none.</param>
public sealed record SmsSignature(string Timestamp, string? Nonce, string Hex)
{
    public const string TimestampHeader = "X-Timestamp";
    public const string NonceHeader = "X-Nonce";
    public const string SignatureHeader = "X-Signature";

    public const int MaxNonceLength = 64;

    /// <summary>How far the phone's clock may be from ours, either way.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <summary>By which it is known that it was used.</summary>
    internal string OnceOnly => Nonce ?? Hex.ToLowerInvariant();

    internal bool IsWellFormed => Hex.Length == 2 * HMACSHA256.HashSizeInBytes && Hex.All(char.IsAsciiHexDigit)
        && Nonce is null or { Length: >= 8 and <= MaxNonceLength } && (Nonce ?? "").All(IsNonceLetter);

    internal bool IsOf(string key, ReadOnlySpan<byte> body)
        => IsWellFormed && CryptographicOperations.FixedTimeEquals(
            Convert.FromHexString(Hex), HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Signed(body)));

    internal bool IsFreshAt(DateTimeOffset now)
        => Timestamp.Length <= 12 && long.TryParse(Timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs(now.ToUnixTimeSeconds() - seconds) <= (long)Skew.TotalSeconds;

    /// <summary>As a phone makes it.</summary>
    public static SmsSignature Make(string key, ReadOnlySpan<byte> body, DateTimeOffset now, string? nonce)
    {
        var unsigned = new SmsSignature(now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), nonce, "");
        return unsigned with { Hex = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), unsigned.Signed(body))) };
    }

    private byte[] Signed(ReadOnlySpan<byte> body) => Nonce is null
        ? [.. body, .. Encoding.UTF8.GetBytes(Timestamp)]
        : [.. Encoding.UTF8.GetBytes($"{Timestamp}.{Nonce}."), .. body];

    private static bool IsNonceLetter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';
}
