using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using EasyIsp.Core.Secrets;

namespace EasyIsp.Core.Payments.Reconciliation.Daily;

/// <summary>
/// Signs daily reports (ECDSA, P-256, SHA-256), and tells whether one that somebody holds is genuine. Signed are the words,
/// not the blanks between them: mail programs wrap and quote. The key is made once, by <c>prepare</c>, and is read at first
/// use.
/// </summary>
public sealed partial class ReportSigning(NamedKeys keys) : IDisposable
{
    internal const string Title = "EasyISP daily reconciliation";
    private const string KeyName = "report-signing.v1";
    private const string Begin = "-----BEGIN EASYISP SIGNATURE-----";
    private const string End = "-----END EASYISP SIGNATURE-----";
    private const int LineLength = 44;

    private readonly Lock _signing = new();
    private ECDsa? _key;

    /// <summary>Makes the key where the installation has none yet.</summary>
    public Task EnsureKeyAsync(CancellationToken cancellationToken) => keys.EnsureAsync(KeyName, MakeKey, cancellationToken);

    /// <param name="text">Begins with its title and <see cref="NumberOf"/>.</param>
    /// <returns>The text with its signature below.</returns>
    /// <exception cref="InvalidOperationException">The installation was never prepared.</exception>
    internal string Sign(string text)
    {
        byte[] signature;
        lock (_signing)
            signature = Key().SignData(Encoding.UTF8.GetBytes(Words(text)), HashAlgorithmName.SHA256);

        var written = Convert.ToBase64String(signature);
        return $"{text.TrimEnd()}\n\n{Begin}\n{written[..LineLength]}\n{written[LineLength..]}\n{End}\n";
    }

    /// <summary>Says, before any word that a person chose, whose report it is and of which day.</summary>
    internal static string NumberOf(Guid tenantId, DateOnly day) => $"{tenantId:N}-{day.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}";

    /// <param name="pasted">A report as somebody has it, with whatever stands around it.</param>
    /// <param name="file">One of its files; null when there is none to be checked.</param>
    public ReportCheck Check(Guid tenantId, string pasted, byte[]? file)
    {
        var words = Words(pasted);
        if (Shape().Match(words) is not { Success: true } report)
            return new ReportCheck.NoReport();

        var signed = report.Groups["signed"].Value;
        if (!IsGenuine(signed, report.Groups["signature"].Value.Replace(" ", "", StringComparison.Ordinal)))
            return new ReportCheck.Altered();

        var number = Number().Match(signed);
        if (!number.Success || Guid.ParseExact(number.Groups["tenant"].Value, "N") != tenantId)
            return new ReportCheck.OfAnotherCompany();

        var day = DateOnly.ParseExact(number.Groups["day"].Value, "yyyyMMdd", CultureInfo.InvariantCulture);
        return file is null || Files().Match(signed).Value.Contains($" SHA-256: {DigestOf(file)}", StringComparison.Ordinal)
            ? new ReportCheck.Genuine(day, file is not null)
            : new ReportCheck.FileAltered(day);
    }

    internal static string DigestOf(byte[] file) => Convert.ToHexStringLower(SHA256.HashData(file));

    public void Dispose() => _key?.Dispose();

    private bool IsGenuine(string signed, string signature)
    {
        Span<byte> bytes = stackalloc byte[64];
        if (!Convert.TryFromBase64String(signature, bytes, out var length) || length != bytes.Length)
            return false;
        lock (_signing)
            return Key().VerifyData(Encoding.UTF8.GetBytes(signed), bytes, HashAlgorithmName.SHA256);
    }

    private ECDsa Key()
    {
        if (_key is null)
        {
            _key = ECDsa.Create();
            _key.ImportPkcs8PrivateKey(keys.Read(KeyName), out _);
        }

        return _key;
    }

    private static byte[] MakeKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKey();
    }

    /// <summary>One blank between two words, and no signs of quoting.</summary>
    private static string Words(string text)
        => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(word => word.Any(letter => letter != '>')));

    [GeneratedRegex($"(?<signed>{Title} .*?) {Begin} (?<signature>[A-Za-z0-9+/= ]+) {End}", RegexOptions.NonBacktracking)]
    private static partial Regex Shape();

    /// <summary>The block at the end: only what stands there is the report's own word of its files.</summary>
    [GeneratedRegex(@"(?: File: \S+ SHA-256: [0-9a-f]{64}){1,2}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Files();

    [GeneratedRegex($"^{Title} Report: (?<tenant>[0-9a-f]{{32}})-(?<day>[0-9]{{8}}) ", RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}

public abstract record ReportCheck
{
    private ReportCheck() { }

    /// <param name="WithFile">Its file was checked too.</param>
    public sealed record Genuine(DateOnly Day, bool WithFile) : ReportCheck;

    /// <summary>The report is genuine, and the file is not of it.</summary>
    public sealed record FileAltered(DateOnly Day) : ReportCheck;

    /// <summary>It was not written here, or changed since.</summary>
    public sealed record Altered : ReportCheck;

    public sealed record OfAnotherCompany : ReportCheck;

    /// <summary>What was pasted has no report with a signature in it.</summary>
    public sealed record NoReport : ReportCheck;
}
