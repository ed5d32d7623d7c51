using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using CsvHelper;
using CsvHelper.Configuration;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Shared;
using MiniExcelLibs;

namespace EasyIsp.Core.Payments.Reconciliation;

/// <summary>
/// A statement as M-Pesa's organisation portal exports it, CSV or XLSX (mpesa.md, 14). The columns are found by their
/// names, wherever the table begins. How a time is written is not documented: the year or the day comes first.
/// </summary>
public sealed partial class StatementFile
{
    public const int MaxBytes = 10 * 1024 * 1024;
    public const int MostRows = 100_000;

    private const int LongestPreface = 60;

    /// <summary>Unpacked, of a workbook.</summary>
    private const long MaxWorkbookBytes = 150 * 1024 * 1024;

    private const int MostWorkbookParts = 64;

    private static readonly string[] TimeFormats =
    [
        "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy/MM/dd HH:mm:ss",
        "d-M-yyyy H:mm:ss", "d-M-yyyy H:mm", "d/M/yyyy H:mm:ss", "d/M/yyyy H:mm",
        "d-M-yyyy h:mm:ss tt", "d/M/yyyy h:mm:ss tt", "d/M/yyyy h:mm tt",
    ];

    private StatementFile(IReadOnlyList<PulledRow> rows, LeftOut others, LeftOut unread) => (Rows, Others, Unread) = (rows, others, unread);

    /// <summary>What customers paid, in the file's order.</summary>
    public IReadOnlyList<PulledRow> Rows { get; }

    /// <summary>Completed, but no customer's payment: withdrawals, charges, transfers of the organisation's own.</summary>
    public LeftOut Others { get; }

    /// <summary>Rows of money that cannot be read, or that a person has to look at: reversals, receipts told twice.</summary>
    public LeftOut Unread { get; }

    /// <summary>SHA-256 of the file, in hexadecimal digits.</summary>
    public string Digest { get; private init; } = "";

    public decimal Sum => Rows.Sum(row => row.Amount);

    /// <summary>Null when it has no row.</summary>
    public DateTimeOffset? First => Rows.Min(row => row.At);

    public DateTimeOffset? Last => Rows.Max(row => row.At);

    /// <param name="content">Read from its present position; must be able to seek.</param>
    /// <returns>Null and why not, when it is no such file.</returns>
    public static StatementFile? TryRead(Stream content, out string? fault)
    {
        try
        {
            var digest = DigestOf(content);
            var isWorkbook = IsWorkbook(content);
            if (isWorkbook && IsTooLarge(content))
            {
                fault = "It is too large a workbook; export shorter periods, or as CSV.";
                return null;
            }

            return Read(isWorkbook ? Sheet(content) : Table(content), digest, out fault);
        }
        catch (Exception exception) when (exception is CsvHelperException or DecoderFallbackException or InvalidDataException or XmlException or FormatException
            or InvalidOperationException or KeyNotFoundException or OverflowException or RegexMatchTimeoutException)
        {
            fault = "It cannot be read: it is neither a CSV file nor an XLSX workbook.";
            return null;
        }
    }

    private static IEnumerable<IReadOnlyList<object?>> Sheet(Stream content)
        => content.Query(excelType: ExcelType.XLSX).Select(row => (IReadOnlyList<object?>)[.. ((IDictionary<string, object?>)row).Values]);

    private static IEnumerable<IReadOnlyList<object?>> Table(Stream content)
    {
        var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        using var parser = new CsvParser(
            new StreamReader(content, encoding, detectEncodingFromByteOrderMarks: true, leaveOpen: true),
            new CsvConfiguration(CultureInfo.InvariantCulture) { DetectDelimiter = true, DetectDelimiterValues = [",", ";", "\t"] });
        while (parser.Read())
            yield return parser.Record!;
    }

    private static StatementFile? Read(IEnumerable<IReadOnlyList<object?>> cells, string digest, out string? fault)
    {
        fault = null;
        using var reader = cells.GetEnumerator();
        if (FindColumns(reader) is not { } columns)
        {
            fault = "It has no row with the columns Receipt No., Completion Time, Transaction Status and Paid In.";
            return null;
        }

        var (rows, others, unread) = (new Dictionary<string, PulledRow>(StringComparer.Ordinal), LeftOut.Nothing, LeftOut.Nothing);
        for (var count = 0; reader.MoveNext(); count++)
        {
            if (count == MostRows)
            {
                fault = $"It has more than {MostRows} rows; export shorter periods.";
                return null;
            }

            var row = reader.Current;
            if (!columns.Text(row, Column.Status).Equals("Completed", StringComparison.OrdinalIgnoreCase))
                continue;

            var written = columns.Text(row, Column.PaidIn);
            var (paidIn, withdrawn) = (AmountIn(written), AmountIn(columns.Text(row, Column.Withdrawn)));
            if (paidIn < 0 || (paidIn is null && written.Length > 0))
                unread = unread.And(paidIn ?? 0);
            else if (paidIn is null or 0 || Payer().Match(columns.Text(row, Column.OtherParty)) is not { Success: true } payer)
                others = others.And(paidIn is null or 0 ? -Math.Abs(withdrawn ?? 0) : paidIn.Value);
            else if (IsReversal(row, columns)
                || RowOf(row, columns, paidIn.Value, payer) is not { } paid
                || (!rows.TryAdd(paid.Receipt, paid) && rows[paid.Receipt].Amount != paid.Amount))
                unread = unread.And(paidIn.Value);
        }

        return new StatementFile([.. rows.Values], others, unread) { Digest = digest };
    }

    /// <summary>By the provider's words, not by those that the payer typed as his account.</summary>
    private static bool IsReversal(IReadOnlyList<object?> row, Columns columns)
    {
        var details = columns.Text(row, Column.Details);
        var typed = details.IndexOf("Acc.", StringComparison.OrdinalIgnoreCase);
        return columns.Text(row, Column.Kind).Contains("Reversal", StringComparison.OrdinalIgnoreCase)
            || details.AsSpan(0, typed < 0 ? details.Length : typed).Contains("Reversal", StringComparison.OrdinalIgnoreCase);
    }

    private static PulledRow? RowOf(IReadOnlyList<object?> row, Columns columns, decimal amount, Match payer)
    {
        var receipt = columns.Text(row, Column.Receipt).ToUpperInvariant();
        if (!ReceiptShape().IsMatch(receipt) || amount is not (> 0 and <= 10_000_000) || amount.Scale > 2 || InstantOf(columns.Value(row, Column.Completed)) is not { } at)
            return null;

        return new PulledRow(
            receipt,
            amount,
            at,
            Words(columns.Text(row, Column.Account), C2bConfirmation.MaxAccountLength),
            Words(payer.Groups["number"].Value, C2bConfirmation.MaxPayerNumberLength),
            Words(columns.Text(row, Column.Kind), PulledRow.MaxKindLength))
        {
            PayerName = Words(payer.Groups["name"].Value, C2bConfirmation.MaxPayerNameLength),
        };
    }

    private static Columns? FindColumns(IEnumerator<IReadOnlyList<object?>> reader)
    {
        for (var row = 0; row < LongestPreface && reader.MoveNext(); row++)
        {
            if (Columns.In(reader.Current) is { } columns)
                return columns;
        }

        return null;
    }

    /// <summary>A workbook is a zip.</summary>
    private static bool IsWorkbook(Stream content)
    {
        var start = content.Position;
        var isZip = content.ReadByte() == 'P' && content.ReadByte() == 'K';
        content.Position = start;
        return isZip;
    }

    private static string DigestOf(Stream content)
    {
        var start = content.Position;
        var digest = Convert.ToHexStringLower(SHA256.HashData(content));
        content.Position = start;
        return digest;
    }

    /// <summary>A small file may unpack to a very large one.</summary>
    private static bool IsTooLarge(Stream content)
    {
        var start = content.Position;
        using (var zip = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true))
        {
            if (zip.Entries.Count > MostWorkbookParts || zip.Entries.Sum(entry => entry.Length) > MaxWorkbookBytes)
                return true;
        }

        content.Position = start;
        return false;
    }

    private static decimal? AmountIn(string text)
        => decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount) ? amount : null;

    private static DateTimeOffset? InstantOf(object? value) => value switch
    {
        DateTime written => Nairobi(written),
        string text when DateTime.TryParseExact(text.Trim(), TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) => Nairobi(read),
        _ => null,
    };

    private static DateTimeOffset Nairobi(DateTime local)
        => new DateTimeOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), StkPassword.EastAfricaOffset).ToUniversalTime();

    private static string? Words(string text, int length)
    {
        var letters = new string(text.Where(c => !char.IsControl(c) && !char.IsSurrogate(c)).ToArray()).Trim();
        return letters.Length == 0 ? null : letters.Truncate(length);
    }

    /// <summary>As in <c>2547…678 - JANE WANJIKU</c>: a number in full or masked, and a name.</summary>
    [GeneratedRegex(@"^\s*(?<number>\+?(?:254|0)[\d*.•…xX]{3,11})\s*(?:-\s*(?<name>.+))?\s*$", RegexOptions.None, 100)]
    private static partial Regex Payer();

    [GeneratedRegex("^[A-Z0-9]{9,12}\\z", RegexOptions.NonBacktracking)]
    private static partial Regex ReceiptShape();

    private enum Column
    {
        Receipt,
        Completed,
        Status,
        PaidIn,
        Withdrawn,
        OtherParty,
        Account,
        Kind,
        Details,
    }

    /// <summary>Where the columns are.</summary>
    private sealed class Columns(IReadOnlyDictionary<Column, int> places)
    {
        private static readonly Dictionary<string, Column> Names = new(StringComparer.OrdinalIgnoreCase)
        {
            ["Receipt No."] = Column.Receipt,
            ["Receipt No"] = Column.Receipt,
            ["Completion Time"] = Column.Completed,
            ["Transaction Status"] = Column.Status,
            ["Paid In"] = Column.PaidIn,
            ["Withdrawn"] = Column.Withdrawn,
            ["Other Party Info"] = Column.OtherParty,
            ["A/C No."] = Column.Account,
            ["A/C No"] = Column.Account,
            ["Reason Type"] = Column.Kind,
            ["Details"] = Column.Details,
        };

        private static readonly Column[] Needed = [Column.Receipt, Column.Completed, Column.Status, Column.PaidIn, Column.OtherParty];

        /// <returns>Null when the present row is not the head of the table.</returns>
        public static Columns? In(IReadOnlyList<object?> row)
        {
            var places = new Dictionary<Column, int>();
            for (var i = 0; i < row.Count; i++)
            {
                if (row[i] is string name && Names.TryGetValue(name.Trim(), out var column))
                    places.TryAdd(column, i);
            }

            return Needed.All(places.ContainsKey) ? new Columns(places) : null;
        }

        public object? Value(IReadOnlyList<object?> row, Column column)
            => places.TryGetValue(column, out var place) && place < row.Count ? row[place] : null;

        public string Text(IReadOnlyList<object?> row, Column column)
            => Convert.ToString(Value(row, column), CultureInfo.InvariantCulture)?.Trim() ?? "";
    }
}

/// <summary>Rows that are not taken.</summary>
/// <param name="Sum">Withdrawals count below zero.</param>
public readonly record struct LeftOut(int Count, decimal Sum)
{
    public static LeftOut Nothing => default;

    internal LeftOut And(decimal amount) => new(Count + 1, Sum + amount);
}
