using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Payments;

/// <summary>Money that somebody of the staff says came.</summary>
/// <param name="Id">Made by the form: sent twice, it is written once.</param>
/// <param name="Day">In the tenant's calendar.</param>
/// <param name="Reference">The number of the slip, the cheque or the receipt book; cash without one gets a number.</param>
public sealed record CounterPayment(
    Guid Id, Guid CustomerId, Guid AccountId, decimal Amount, DateOnly Day, string? Reference = null, string? Note = null)
{
    /// <summary>As it is compared: one slip, however it is typed. Null when there is none.</summary>
    internal string? Number => string.IsNullOrWhiteSpace(Reference)
        ? null
        : string.Join(' ', Reference.ToUpperInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>A field that cannot stand as it is.</summary>
public enum CounterFault
{
    /// <summary>Zero or less.</summary>
    Amount,

    /// <summary>Less than the currency's smallest coin.</summary>
    Fraction,

    /// <summary>More than <see cref="CounterRules.MaxAmount"/>.</summary>
    TooMuch,

    /// <summary>To come, or longer ago than <see cref="CounterRules.MaxDaysAgo"/>.</summary>
    Day,

    /// <summary>Missing, or no reference.</summary>
    Reference,
    Note,
}

/// <summary>What such a payment must satisfy; the form asks the same questions as the use case.</summary>
public static class CounterRules
{
    public const int MaxReferenceLength = 40;
    public const string CashPrefix = "CASH-";
    public const int MaxNoteLength = 200;
    public const int MaxDaysAgo = 366;

    /// <summary>In the tenant's currency. Whoever pays more at once has slipped on a key.</summary>
    public const decimal MaxAmount = 10_000_000;

    /// <param name="currencyDigits">Of the tenant's currency.</param>
    /// <param name="today">In the tenant's calendar.</param>
    public static IReadOnlyList<CounterFault> FaultsIn(CounterPayment payment, Rail rail, int currencyDigits, DateOnly today)
        => [.. Faults(payment, rail, currencyDigits, today)];

    private static IEnumerable<CounterFault> Faults(CounterPayment payment, Rail rail, int currencyDigits, DateOnly today)
    {
        if (payment.Amount <= 0)
            yield return CounterFault.Amount;
        else if (payment.Amount > MaxAmount)
            yield return CounterFault.TooMuch;
        else if (decimal.Round(payment.Amount, currencyDigits) != payment.Amount)
            yield return CounterFault.Fraction;
        if (payment.Day > today || payment.Day < today.AddDays(-MaxDaysAgo))
            yield return CounterFault.Day;
        if (payment.Number is { } number ? !PlainText.Fits(number, MaxReferenceLength) || IsOurs(number) : rail != Rail.Cash)
            yield return CounterFault.Reference;
        if (payment.Note is { } note && !PlainText.Fits(note, MaxNoteLength))
            yield return CounterFault.Note;
    }

    /// <summary>Numbers that cash without one gets.</summary>
    private static bool IsOurs(string number)
        => number.StartsWith(CashPrefix, StringComparison.Ordinal) && number.AsSpan(CashPrefix.Length).Trim().ContainsAnyInRange('0', '9');
}
