using System.Text.RegularExpressions;
using EasyIsp.Core.Persistence;

namespace EasyIsp.Core.Payments;

/// <summary>The provider's own numbers of payments: as it tells them, and as people type and look for them.</summary>
public static partial class Receipts
{
    public const int MaxLength = 20;

    /// <summary>Of every receipt since 2014 (mpesa.md, 15).</summary>
    public const int TypedLength = 10;

    private const int MinBeginning = 3;

    /// <summary>Whether the provider may have told it as a receipt: 9 to 12 capitals and digits (mpesa.md, 15).</summary>
    public static bool IsReceipt(string text) => Shape().IsMatch(text);

    /// <summary>What a person typed, in capitals or not, with spaces, dashes and dots.</summary>
    /// <returns>Ten capitals and digits; null when the text is no receipt.</returns>
    public static string? Typed(string? text)
    {
        if (text is null || text.Length > 40)
            return null;

        var receipt = string.Concat(text.Where(c => c is not (' ' or '-' or '.'))).ToUpperInvariant();
        return receipt.Length == TypedLength && IsReceipt(receipt) ? receipt : null;
    }

    /// <summary>Participant: payments whose receipt begins so, the latest receipt first; null when no receipt begins so.</summary>
    internal static IQueryable<Payment>? Beginning(IspDbContext db, string typed)
    {
        var first = typed.Trim().ToUpperInvariant();
        if (first.Length is < MinBeginning or > MaxLength || !first.All(char.IsAsciiLetterOrDigit))
            return null;

        // A range rather than LIKE, which may not use an index below a policy.
        var last = first.PadRight(MaxLength, 'Z');
        return db.Payments
            .Where(p => p.Receipt!.CompareTo(first) >= 0 && p.Receipt.CompareTo(last) <= 0)
            .OrderByDescending(p => p.Receipt);
    }

    /// <summary>Participant: payments that staff wrote down, whose reference begins so; null when none begins so.</summary>
    internal static IQueryable<Payment>? BeginningOfReference(IspDbContext db, string typed)
    {
        var first = typed.Trim().ToUpperInvariant();
        if (first.Length is < MinBeginning or > CounterRules.MaxReferenceLength || first.Any(char.IsControl))
            return null;

        var last = first + '\uffff'; // after all that begin so, in any order of letters
        return db.Payments
            .Where(p => p.Reference!.CompareTo(first) >= 0 && p.Reference.CompareTo(last) <= 0)
            .OrderByDescending(p => p.Reference);
    }

    [GeneratedRegex("^[A-Z0-9]{9,12}\\z", RegexOptions.NonBacktracking)]
    private static partial Regex Shape();
}
