using System.Security.Cryptography;
using System.Text;

namespace EasyIsp.Core.Payments.Paystack;

/// <summary>How Paystack signs what it tells: HMAC-SHA512 of the raw body with the secret key, in lower-case hexadecimal.</summary>
public static class PaystackSignature
{
    public const string Header = "x-paystack-signature";

    public static string Of(ReadOnlySpan<byte> body, string secretKey)
        => Convert.ToHexStringLower(HMACSHA512.HashData(Encoding.UTF8.GetBytes(secretKey), body));

    /// <summary>In the same time whichever letter is wrong.</summary>
    public static bool Fits(ReadOnlySpan<byte> body, string secretKey, string? signature)
        => signature is not null
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Of(body, secretKey)), Encoding.UTF8.GetBytes(signature));
}
