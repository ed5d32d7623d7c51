using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace EasyIsp.Core.Payments.Reconciliation;

/// <summary>The reconciliation as rows for spreadsheets.</summary>
public static class ReconciliationTables
{
    public static IReadOnlyList<string> DayColumns { get; } =
    [
        "Day", "Statement lines", "Statement", "By staff", "Not on a statement yet", "Payments", "Sum of payments", "Ledger", "Access", "In wallets", "Suspense",
        "Refunds", "Differences", "Explained", "Difference", "Statement read", "Currency",
    ];

    public static IReadOnlyList<string> DifferenceColumns { get; } =
        ["When", "What", "Receipt", "Account", "On the statement", "Booked", "In the ledger", "Currency", "Explanation", "Explained before"];

    public static IReadOnlyList<object?> RowOf(ReconciledDay day, string currency) =>
    [
        day.Sums.Day, day.Sums.StatementLines, day.Sums.Statement, day.Sums.Counter, day.Sums.Awaited, day.Sums.PaymentCount, day.Sums.Payments, day.Sums.Ledger,
        day.Sums.Access, day.Sums.Unspent, day.Sums.Suspense, day.Sums.GivenBack, day.Sums.Differences, day.Sums.Explained, day.Sums.Difference,
        $"{day.Coverage}", currency,
    ];

    /// <param name="zone">The tenant's.</param>
    public static IReadOnlyList<object?> RowOf(Difference difference, string? account, string currency, TimeZoneInfo zone) =>
    [
        TimeZoneInfo.ConvertTime(difference.At, zone), DifferenceWords.Of(difference.Kind), difference.Number, account,
        difference.Stated, difference.Booked, difference.Entered, currency, difference.Explanation,
        string.Join("; ", difference.Earlier.Select(earlier => DifferenceWords.Of(earlier, amount => $"{currency} {amount.ToString("0.####", CultureInfo.InvariantCulture)}"))),
    ];

    /// <summary>As a file (RFC 4180). A spreadsheet takes no cell of it for a formula.</summary>
    internal static string Write(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows)
    {
        using var text = new StringWriter();
        using var csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture) { InjectionOptions = InjectionOptions.Escape, NewLine = "\r\n" });
        foreach (var row in rows.Prepend(columns))
        {
            foreach (var cell in row)
                WriteCell(csv, cell);
            csv.NextRecord();
        }

        csv.Flush();
        return text.ToString();
    }

    /// <summary>A figure below zero is no formula.</summary>
    private static void WriteCell(CsvWriter csv, object? cell)
    {
        switch (cell)
        {
            case null or string: csv.WriteField((string?)cell); break;
            case DateOnly day: csv.WriteConvertedField(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), typeof(DateOnly)); break;
            case DateTimeOffset local: csv.WriteConvertedField(local.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), typeof(DateTimeOffset)); break;
            case decimal amount: csv.WriteField(amount.ToString("0.####", CultureInfo.InvariantCulture), shouldQuote: false); break;
            case IFormattable number: csv.WriteField(number.ToString(format: null, CultureInfo.InvariantCulture), shouldQuote: false); break;
            default: throw new ArgumentException($"{cell.GetType().Name} is not for a file.", nameof(cell));
        }
    }
}
