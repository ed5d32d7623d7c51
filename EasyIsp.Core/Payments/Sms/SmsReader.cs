using System.Text.RegularExpressions;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>Reads one SMS: by the known templates, then by the tenant's own. Pure.</summary>
public static class SmsReader
{
    public const int MaxNameLength = 120;
    public const int MaxAccountLength = 40;
    public const int MaxNumberLength = 20;

    private static readonly SmsReading.NotRead NoTemplate = new("No template has its words.");

    /// <param name="text">As <see cref="SmsText.Collapse"/> leaves it.</param>
    /// <param name="sender">As <see cref="SmsText.Sender"/> leaves it; empty when nobody knows.</param>
    /// <param name="own">The tenant's, in the order in which they are to be tried.</param>
    public static SmsReading Read(string text, string sender, IEnumerable<OwnPattern> own)
    {
        foreach (var (kind, regex) in SmsPatterns.All)
        {
            if (regex.Match(text) is { Success: true } match)
                return FactsOf(kind, match);
        }

        foreach (var pattern in own)
        {
            if (pattern.Takes(sender) && pattern.Regex.Match(text) is { Success: true } match)
                return FactsOf(pattern.Kind, match, pattern.TemplateId);
        }

        return SmsPatterns.Nothing().IsMatch(text) ? new SmsReading.Read(new SmsFacts(MoneySmsKind.Nothing)) : NoTemplate;
    }

    /// <summary>What one template alone makes of a text: for who writes it.</summary>
    public static SmsReading Try(string text, OwnPattern pattern)
        => pattern.Regex.Match(text) is { Success: true } match ? FactsOf(pattern.Kind, match, pattern.TemplateId) : NoTemplate;

    private static SmsReading FactsOf(MoneySmsKind kind, Match match, Guid? templateId = null)
    {
        if (kind == MoneySmsKind.Nothing)
            return new SmsReading.Read(new SmsFacts(kind) { TemplateId = templateId });

        var (receipt, amount) = (Told(match, "code", SmsFigures.Receipt), Told(match, "amount", text => SmsFigures.Amount(text)));
        if (receipt.IsWrong)
            return new SmsReading.NotRead("What stands in the place of its receipt is none.");
        if (amount.IsWrong)
            return new SmsReading.NotRead("What stands in the place of its amount is none.");
        if (!TryTime(match, out var saidAt))
            return new SmsReading.NotRead("Its date or time is none.");

        var (name, number) = Payer(kind, match);
        return new SmsReading.Read(new SmsFacts(kind)
        {
            Receipt = receipt.Value,
            Amount = amount.Value,
            PayerName = Fitting(name, MaxNameLength),
            PayerNumber = Fitting(number, MaxNumberLength),
            Account = Fitting(Text(match, "account"), MaxAccountLength),
            SaidAt = saidAt,
            OriginalReceipt = Text(match, "original") is { } original ? SmsFigures.Receipt(original) : null,
            TemplateId = templateId,
        });
    }

    private static (string? Name, string? Number) Payer(MoneySmsKind kind, Match match)
    {
        var (name, number) = (Text(match, "name"), Text(match, "phone"));
        if (kind == MoneySmsKind.MerchantTillFromOrganisation && name is not null
            && SmsPatterns.PayerBehindOrganisation().Match(name) is { Success: true } behind)
        {
            (name, number) = (Text(behind, "name"), Text(behind, "phone"));
        }

        return (name?.TrimEnd('.', ' '), number is null ? null : SmsFigures.Number(number));
    }

    /// <returns>False when a date or time is named that no calendar has.</returns>
    private static bool TryTime(Match match, out DateTimeOffset? at)
    {
        var (date, time) = (Text(match, "exactDate") ?? Text(match, "date"), Text(match, "exactTime") ?? Text(match, "time"));
        at = date is null ? null : time is null ? SmsFigures.Day(date) : SmsFigures.Instant(date, time);
        return date is null || at is not null;
    }

    private static (T? Value, bool IsWrong) Told<T>(Match match, string group, Func<string, T?> read)
        => Text(match, group) is { } text && read(text) is var value ? (value, value is null) : (default, false);

    private static string? Text(Match match, string group) => match.Groups[group] is { Success: true, Value: { Length: > 0 } text } ? text : null;

    private static string? Fitting(string? text, int length) => text is null || text.Length <= length ? text : text[..length];
}
