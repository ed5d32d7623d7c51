using System.Security.Cryptography;

namespace EasyIsp.Emulators.Daraja;

/// <summary>What the organisation's portal would list: every shilling that was really paid, with its receipt.</summary>
public sealed class DarajaStatement(IEnumerable<DarajaStatementLine> before)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private readonly Lock _gate = new();
    private readonly List<DarajaStatementLine> _lines = [.. before];
    private readonly HashSet<string> _receipts = new(before.Select(line => line.Receipt), StringComparer.Ordinal);

    public IReadOnlyList<DarajaStatementLine> Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    public decimal Total => Lines.Sum(line => line.Amount);

    internal void Add(DarajaStatementLine line)
    {
        lock (_gate)
            _lines.Add(line);
    }

    internal void Forget(DateTimeOffset before)
    {
        lock (_gate)
        {
            foreach (var line in _lines.Where(line => line.SettledAt < before))
                _receipts.Remove(line.Receipt);
            _lines.RemoveAll(line => line.SettledAt < before);
        }
    }

    /// <summary>Section 15: ten characters, of which the first three tell year, month and day in Nairobi; never twice.</summary>
    internal string NewReceipt(DateTimeOffset now)
    {
        var day = now.ToOffset(TimeSpan.FromHours(3));
        var date = $"{(char)('A' + ((day.Year - 2006) % 26))}{(char)('A' + day.Month - 1)}{DayLetter(day.Day)}";
        lock (_gate)
        {
            string receipt;
            do
            {
                receipt = date + RandomNumberGenerator.GetString(Letters, 7);
            }
            while (!_receipts.Add(receipt));

            return receipt;
        }
    }

    private static char DayLetter(int day) => (char)(day < 10 ? '0' + day : 'A' + day - 10);
}

public sealed record DarajaStatementLine(
    string Receipt,
    decimal Amount,
    string Msisdn,
    string CheckoutRequestId,
    string ShortCode,
    string AccountReference,
    DateTimeOffset SettledAt);
