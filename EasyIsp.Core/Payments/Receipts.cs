using EasyIsp.Core.Persistence;

namespace EasyIsp.Core.Payments;

/// <summary>Receipts as people look for them: by their beginning, in capitals or not.</summary>
internal static class Receipts
{
    public const int MaxLength = 20;

    private const int MinBeginning = 3;

    /// <summary>Participant: payments whose receipt begins so, the latest receipt first; null when no receipt begins so.</summary>
    public static IQueryable<Payment>? Beginning(IspDbContext db, string typed)
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
    public static IQueryable<Payment>? BeginningOfReference(IspDbContext db, string typed)
    {
        var first = typed.Trim().ToUpperInvariant();
        if (first.Length is < MinBeginning or > CounterRules.MaxReferenceLength)
            return null;

        var last = first + '\uffff'; // after all that begin so, in any order of letters
        return db.Payments
            .Where(p => p.Reference!.CompareTo(first) >= 0 && p.Reference.CompareTo(last) <= 0)
            .OrderByDescending(p => p.Reference);
    }
}
