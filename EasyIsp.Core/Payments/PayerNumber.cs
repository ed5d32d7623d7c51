using System.Security.Cryptography;
using System.Text;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Payments;

/// <summary>
/// The payer's number as providers tell it (mpesa.md, 4.4): in full, masked (<c>2547 ***** 678</c>), or as SHA-256 of its
/// digits. Never evidence by itself.
/// </summary>
internal static class PayerNumber
{
    private const int HashLength = 64;

    /// <returns>E.164; null when it is masked, hashed or nothing.</returns>
    public static string? InFull(string? told)
    {
        var digits = Compact(told);
        return digits.Length is >= 10 and < PhoneNumber.MaxLength && digits.All(char.IsAsciiDigit) && digits[0] != '0' ? "+" + digits : null;
    }

    /// <returns>True also when nothing was told: what is not known speaks against nobody.</returns>
    public static bool CouldBe(string? told, string phone)
    {
        var number = PhoneNumber.ToMsisdn(phone);
        var text = Compact(told);
        if (text.Length == 0)
            return true;
        if (text.Length == HashLength)
            return string.Equals(text, HashOf(number), StringComparison.OrdinalIgnoreCase);

        var first = text.IndexOf('*', StringComparison.Ordinal);
        return first < 0
            ? text == number
            : number.StartsWith(text[..first], StringComparison.Ordinal)
                && number.EndsWith(text[(text.LastIndexOf('*') + 1)..], StringComparison.Ordinal);
    }

    /// <summary>Told in full or hashed, it is surely not this phone's. A mask shows too little to say so.</summary>
    public static bool IsAnothers(string? told, string phone)
        => IsClear(told) && !CouldBe(told, phone);

    /// <summary>It is one number and no other: in full, or as its hash.</summary>
    public static bool IsClear(string? told) => InFull(told) is not null || Compact(told).Length == HashLength;

    /// <returns>Of two words about one payer the one that says more: a number in full, its hash, a mask, nothing.</returns>
    public static string? Clearer(string? one, string? other) => ClarityOf(other) > ClarityOf(one) ? other : one;

    private static int ClarityOf(string? told) => told switch
    {
        _ when InFull(told) is not null => 3,
        _ when IsClear(told) => 2,
        { Length: > 0 } => 1,
        _ => 0,
    };

    internal static string HashOf(string msisdn) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(msisdn)));

    private static string Compact(string? told) => string.Concat((told ?? "").Where(c => c is not (' ' or '+')));
}
