using System.Security.Cryptography;
using System.Text;

namespace EasyIsp.Core.Identity.ApiTokens;

/// <summary>
/// How a token is spelled: a prefix by which people and secret scanners know it, then 40 letters and digits (238 bits)
/// that one double click selects. So much chance needs no slow hash.
/// </summary>
public static class ApiTokenText
{
    public const string Prefix = "eisp_";

    /// <summary>The prefix and six letters: too few to guess the rest from.</summary>
    public const int HintLength = 11;

    private const int SecretLength = 40;
    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    internal static string New() => Prefix + RandomNumberGenerator.GetString(Letters, SecretLength);

    internal static string HintOf(string text) => text[..HintLength];

    /// <returns>Null for what cannot be a token of ours.</returns>
    internal static byte[]? DigestOf(string text)
        => text.Length == Prefix.Length + SecretLength && text.StartsWith(Prefix, StringComparison.Ordinal)
            ? SHA256.HashData(Encoding.UTF8.GetBytes(text))
            : null;
}
