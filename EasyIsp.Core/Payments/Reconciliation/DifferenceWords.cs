namespace EasyIsp.Core.Payments.Reconciliation;

/// <summary>What people are told of differences, on pages, in files and in mails.</summary>
public static class DifferenceWords
{
    public static string Of(DifferenceKind kind) => kind switch
    {
        DifferenceKind.NotBooked => "Not booked",
        DifferenceKind.AmountDiffers => "Another amount",
        DifferenceKind.NotOnStatement => "Not on the statement",
        _ => "The ledger disagrees",
    };

    /// <summary>What a person should do about it.</summary>
    /// <param name="money">Writes an amount in the tenant's currency.</param>
    public static string Advice(Difference difference, Func<decimal, string> money) => difference.Kind switch
    {
        DifferenceKind.NotBooked => difference.Note ?? "M-Pesa received it. Book it, then place it with whoever paid.",
        DifferenceKind.AmountDiffers =>
            $"M-Pesa says {money(difference.Stated ?? 0)}, booked is {money(difference.Booked ?? 0)}. {difference.Note} Look the receipt up in M-Pesa's portal, settle the rest with the customer, and explain it here.",
        DifferenceKind.NotOnStatement when difference.Number is null => "M-Pesa said that this prompt was paid and has not named a receipt. Look for the amount on the statement of that hour.",
        DifferenceKind.NotOnStatement => "Look the receipt up. When M-Pesa does not know it, the message that told of it was false: refund nothing, tell whoever runs the installation.",
        _ => $"The payment is {money(difference.Booked ?? 0)}, its journal entry {money(difference.Entered ?? 0)}. Tell whoever runs the installation: this cannot happen by the program.",
    };

    /// <summary>What was found out while the two sides differed otherwise.</summary>
    /// <param name="money">Writes an amount in the tenant's currency.</param>
    public static string Of(Explanation earlier, Func<decimal, string> money) => $"{earlier.By} explained before{When(earlier, money)}: {earlier.Reason}";

    private static string When(Explanation earlier, Func<decimal, string> money) => earlier switch
    {
        { StatementLineId: not null, Stated: null } => "",
        { Kind: DifferenceKind.NotBooked } => $", when M-Pesa said {money(earlier.Stated ?? 0)} and nothing was booked",
        { Kind: DifferenceKind.AmountDiffers } => $", when M-Pesa said {money(earlier.Stated ?? 0)} and {money(earlier.Booked ?? 0)} was booked",
        { Kind: DifferenceKind.NotOnStatement } => $", when {money(earlier.Booked ?? 0)} was booked and on no statement",
        _ => $", when {money(earlier.Booked ?? 0)} was booked and {money(earlier.Entered ?? 0)} in the ledger",
    };
}
