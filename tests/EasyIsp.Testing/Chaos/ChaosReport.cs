using System.Globalization;
using System.Text;

namespace EasyIsp.Testing.Chaos;

/// <summary>The books beside the provider's statement, and what was gone through on the way.</summary>
public sealed record ChaosReport
{
    /// <summary>Payments that were begun, by the rail.</summary>
    public required IReadOnlyDictionary<string, int> Begun { get; init; }

    /// <summary>By the process.</summary>
    public required IReadOnlyDictionary<string, int> Kills { get; init; }

    /// <summary>Paying, until the provider was silent, and settling.</summary>
    public IReadOnlyList<TimeSpan> Took { get; init; } = [];

    public required int StatementLines { get; init; }
    public required decimal Statement { get; init; }

    /// <summary>M-Pesa's, each money once.</summary>
    public required int Payments { get; init; }

    public required decimal PaymentsSum { get; init; }

    /// <summary>On the ledger's accounts of M-Pesa.</summary>
    public required decimal Ledger { get; init; }

    /// <summary>What staff took.</summary>
    public required decimal Counter { get; init; }

    public required decimal CounterLedger { get; init; }
    public required decimal Sales { get; init; }
    public required decimal Wallets { get; init; }
    public required decimal Suspense { get; init; }

    /// <summary>Money of the statement that names nobody.</summary>
    public required decimal SuspenseExpected { get; init; }

    public required int PaidPrompts { get; init; }

    /// <summary>Prompts whose package was sold and runs.</summary>
    public required int Delivered { get; init; }

    public required IReadOnlyList<string> Unlike { get; init; }
    public required int Messages { get; init; }
    public required int Flagged { get; init; }
    public required int Sms { get; init; }
    public required int BookedBySms { get; init; }
    public required int FoundByPull { get; init; }
    public required int PlacedByStaff { get; init; }

    /// <summary>Statement, payments, ledger and access say the same, and so do the counter and its accounts.</summary>
    public bool IsZeroDifference => Unlike.Count == 0
        && (StatementLines, Statement, Statement) == (Payments, PaymentsSum, Ledger)
        && Counter == CounterLedger
        && Delivered == PaidPrompts
        && Suspense == SuspenseExpected
        && Statement + Counter == Sales + Wallets + Suspense;

    public override string ToString()
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"""
              begun                    {Listed(Begun)}
              killed                   {Listed(Kills)}
              took                     {string.Join(", ", Took.Select(time => $"{time.TotalSeconds:0} s"))}: paying, until M-Pesa was silent, settling
              provider's statement     {Statement,14:N2} in {StatementLines} payments
              payments                 {PaymentsSum,14:N2} in {Payments}
              ledger, M-Pesa           {Ledger,14:N2}
              counter, its ledger      {Counter,14:N2} {CounterLedger,14:N2}
              sold                     {Sales,14:N2}; {Delivered} of {PaidPrompts} paid prompts have their access
              in wallets               {Wallets,14:N2}
              in suspense              {Suspense,14:N2}, of {SuspenseExpected:N2} that name nobody
              difference               {Statement - Ledger,14:N2} statement and ledger, {Statement + Counter - Sales - Wallets - Suspense:N2} came and went, {Unlike.Count} receipts
              on the way               {Messages} messages stored, {Flagged} flagged, {Sms} SMS of which {BookedBySms} booked, {FoundByPull} found by the pull alone, {PlacedByStaff} placed by staff
            """);
        foreach (var line in Unlike.Take(20))
            text.AppendLine(CultureInfo.InvariantCulture, $"    {line}");
        return text.ToString().TrimEnd();
    }

    private static string Listed(IReadOnlyDictionary<string, int> counts)
        => string.Join(", ", counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Value} {count.Key}"));
}
