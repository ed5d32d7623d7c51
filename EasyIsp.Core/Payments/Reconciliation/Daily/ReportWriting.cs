using System.Globalization;
using System.Text;
using EasyIsp.Core.Tenancy;

namespace EasyIsp.Core.Payments.Reconciliation.Daily;

/// <summary>A day's reconciliation in words and files.</summary>
internal sealed class ReportWriting(Tenant tenant, ReconciledDay day, IReadOnlyList<Difference> differences, IReadOnlyDictionary<Guid, string> accounts)
{
    /// <summary>The file has them all; a mail is read on a phone.</summary>
    private const int MostInWords = 40;

    private readonly DaySums _sums = day.Sums;

    public static string FiguresNameOf(string day) => $"reconciliation-{day}.csv";

    public static string DifferencesNameOf(string day) => $"differences-{day}.csv";

    public string Subject => $"{tenant.Name}, {_sums.Day.ToString("d MMMM", CultureInfo.InvariantCulture)}: {Verdict(isShort: true)}";

    private string Iso => _sums.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public string Figures => ReconciliationTables.Write(ReconciliationTables.DayColumns, [ReconciliationTables.RowOf(day, tenant.Currency)]);

    public string? Differences => differences.Count == 0 ? null : ReconciliationTables.Write(
        ReconciliationTables.DifferenceColumns,
        differences.Select(difference => ReconciliationTables.RowOf(difference, accounts.GetValueOrDefault(difference.AccountId), tenant.Currency, Zone)));

    private TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(tenant.TimeZone);

    public string Text(DateTimeOffset now)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{ReportSigning.Title}\nReport: {ReportSigning.NumberOf(tenant.Id, _sums.Day)}\n");
        text.Append(CultureInfo.InvariantCulture, $"Company: {OneLine(tenant.Name)}\nDay: {_sums.Day.ToString("dddd, d MMMM yyyy", CultureInfo.InvariantCulture)}, {tenant.TimeZone}\n");
        text.Append(CultureInfo.InvariantCulture, $"Written: {TimeZoneInfo.ConvertTime(now, Zone):yyyy-MM-dd HH:mm}\n\n{Verdict(isShort: false)}\n\n");
        foreach (var (name, amount) in Lines())
            text.Append(CultureInfo.InvariantCulture, $"{name,-24}{Money(amount),20}\n");
        AppendDifferences(text);
        text.Append(CultureInfo.InvariantCulture, $"\nFile: {FiguresNameOf(Iso)}\nSHA-256: {DigestOf(Figures)}\n");
        if (Differences is { } list)
            text.Append(CultureInfo.InvariantCulture, $"File: {DifferencesNameOf(Iso)}\nSHA-256: {DigestOf(list)}\n");
        return text.ToString();
    }

    private string Verdict(bool isShort) => (_sums.Differences, day.Coverage) switch
    {
        (1, _) => isShort ? "1 difference" : "ONE DIFFERENCE. What to do stands below.",
        (> 1, _) => isShort ? $"{_sums.Differences} differences" : $"{_sums.Differences} DIFFERENCES. What to do stands below.",
        (_, StatementCoverage.None or StatementCoverage.NotYet) => isShort ? "no statement" : "NOT CONFIRMED. No statement of this day has been read: upload it under Money, Reconciliation.",
        (_, StatementCoverage.Part) => isShort ? "statement incomplete" : "NOT CONFIRMED. Of a part of this day no statement has been read: upload it under Money, Reconciliation.",
        _ when _sums.Awaited != 0 => isShort ? "not confirmed" : $"NOT CONFIRMED. {Money(_sums.Awaited)} of the payments stand on no statement yet.",
        _ when _sums.Explained > 0 => isShort ? "zero difference" : $"ZERO DIFFERENCE. Statement, payments, ledger and access agree; {_sums.Explained} explained.",
        _ => isShort ? "zero difference" : "ZERO DIFFERENCE. Statement, payments, ledger and access agree.",
    };

    private IEnumerable<(string Name, decimal Amount)> Lines() =>
    [
        ("Statement", _sums.Statement),
        ("By staff", _sums.Counter),
        ("Not on a statement yet", _sums.Awaited),
        ("Payments", _sums.Payments),
        ("Ledger", _sums.Ledger),
        ("Access", _sums.Access),
        ("In wallets", _sums.Unspent),
        ("Suspense", _sums.Suspense),
        ("Refunds", _sums.GivenBack),
        ("Difference", _sums.Difference),
    ];

    private void AppendDifferences(StringBuilder text)
    {
        foreach (var difference in differences.Take(MostInWords))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{DifferenceWords.Of(difference.Kind)} {difference.Number} at {TimeZoneInfo.ConvertTime(difference.At, Zone):HH:mm}, ");
            text.Append(CultureInfo.InvariantCulture, $"{OneLine(accounts.GetValueOrDefault(difference.AccountId))}: {Money(difference.Stated ?? difference.Booked ?? 0)}\n");
            text.Append(difference.Explanation is { } why ? $"  Explained: {OneLine(why)}\n" : $"  {OneLine(DifferenceWords.Advice(difference, Money))}\n");
            foreach (var earlier in difference.Earlier)
                text.Append(CultureInfo.InvariantCulture, $"  {OneLine(DifferenceWords.Of(earlier, Money))}\n");
        }

        var all = Math.Max(_sums.Differences + _sums.Explained, differences.Count);
        if (all > MostInWords)
            text.Append(CultureInfo.InvariantCulture, $"\nand {all - MostInWords} more; the file has {(all > differences.Count ? $"the first {differences.Count}" : "all")}.\n");
    }

    /// <summary>What people wrote: never a line of the report's own, nor the beginning of a signature.</summary>
    private static string OneLine(string? written)
        => string.Join(' ', (written ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace("-----", "", StringComparison.Ordinal);

    private static string DigestOf(string file) => ReportSigning.DigestOf(Encoding.UTF8.GetBytes(file));

    private string Money(decimal amount) => $"{tenant.Currency} {amount.ToString($"N{tenant.CurrencyDigits}", CultureInfo.InvariantCulture)}";
}
