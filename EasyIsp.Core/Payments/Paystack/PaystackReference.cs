using System.Security.Cryptography;

namespace EasyIsp.Core.Payments.Paystack;

/// <summary>
/// Our own names of charges: 18 random letters and digits behind a mark, so that a charge of the company's web shop, which
/// comes to the same address, is told from one of ours. Short enough to stand as the receipt where Paystack tells none.
/// </summary>
internal static class PaystackReference
{
    private const string Mark = "EI";
    private const int LetterCount = Receipts.MaxLength - 2;

    /// <summary>Without vowels: they would make words.</summary>
    private const string Letters = "BCDFGHJKLMNPQRSTVWXZ0123456789";

    public static string New() => Mark + RandomNumberGenerator.GetString(Letters, LetterCount);

    public static bool IsOurs(string reference)
        => reference.Length == Receipts.MaxLength && reference.StartsWith(Mark, StringComparison.Ordinal) && reference[Mark.Length..].All(Letters.Contains);
}
