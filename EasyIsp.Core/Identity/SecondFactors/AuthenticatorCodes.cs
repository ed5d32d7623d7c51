using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EasyIsp.Core.Identity.SecondFactors;

/// <summary>
/// The six digits of an authenticator app (TOTP, RFC 6238): HMAC-SHA-1 and steps of 30 seconds, which is what every app
/// does by itself. One step before and after the present one is taken as well, for clocks that differ.
/// </summary>
public static class AuthenticatorCodes
{
    public const int Digits = 6;

    private const int Modulus = 1_000_000;
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    /// <summary>160 random bits (RFC 4226, 4, R6) in base 32, as apps take them.</summary>
    public static string NewKey() => RandomNumberGenerator.GetString(Base32, 32);

    /// <returns>The time step whose code this is; null when it is no code of now, or not later than the last one taken.</returns>
    public static long? StepOf(string typed, string key, long? lastStep, DateTimeOffset now)
    {
        var code = string.Concat(typed.Where(character => !char.IsWhiteSpace(character)));
        if (code.Length != Digits || !code.All(char.IsAsciiDigit))
            return null;

        var present = StepAt(now);
        long? found = null;
        for (var step = present - 1; step <= present + 1; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(CodeAt(key, step)), Encoding.ASCII.GetBytes(code)) && !(step <= lastStep))
                found ??= step;
        }

        return found;
    }

    /// <summary>The code that an app with this key shows then.</summary>
    public static string CodeAt(string key, DateTimeOffset at) => CodeAt(key, StepAt(at));

    /// <summary>What the QR code says to an app.</summary>
    public static string AddressOf(string key, string email)
        => $"otpauth://totp/EasyISP:{Uri.EscapeDataString(email)}?secret={key}&issuer=EasyISP&digits={Digits}&period={Step.TotalSeconds}";

    private static long StepAt(DateTimeOffset at) => at.ToUnixTimeSeconds() / (long)Step.TotalSeconds;

    /// <summary>RFC 4226, 5.3.</summary>
    private static string CodeAt(string key, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // RFC 6238's default, and the only one that every app knows; HMAC does not lean on collisions
        var hash = HMACSHA1.HashData(BytesOf(key), counter);
#pragma warning restore CA5350
        var offset = hash[^1] & 0xf;
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(offset)) & int.MaxValue;
        return (number % Modulus).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] BytesOf(string key)
    {
        var bytes = new byte[key.Length * 5 / 8];
        var (bits, count, at) = (0, 0, 0);
        foreach (var letter in key)
        {
            (bits, count) = ((bits << 5) | Base32.IndexOf(letter, StringComparison.Ordinal), count + 5);
            if (count >= 8 && at < bytes.Length)
                bytes[at++] = (byte)(bits >> (count -= 8));
        }

        return bytes;
    }
}
