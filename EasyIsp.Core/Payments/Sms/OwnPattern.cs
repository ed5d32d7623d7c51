using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>
/// A template of the tenant's own, ready to be tried: literal words and placeholders, compiled to a regex that is anchored
/// at both ends and runs in time proportional to the text, whatever was typed.
/// </summary>
public sealed class OwnPattern
{
    private const RegexOptions Linear
        = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private static readonly FrozenDictionary<string, string> Placeholders = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["{ref}"] = "(?<code>[A-Z0-9]{6,20})",
        ["{amount}"] = @"((KSHS?|KES)\.?\s*)?(?<amount>[0-9][0-9,]*(\.[0-9]{1,2})?)",
        ["{name}"] = "(?<name>.+?)",
        ["{phone}"] = @"(?<phone>\+?[0-9][0-9*X ]{4,15})",
        ["{account}"] = "(?<account>.+?)",
        ["{date}"] = "(?<date>[0-9]{1,4}[-/.][0-9A-Z]{1,3}[-/.][0-9]{2,4})",
        ["{time}"] = @"(?<time>[0-9]{1,2}[:.][0-9]{2}([:.][0-9]{2})?(\s*[AP]M)?)",
        [Anything] = ".*?",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private const string Anything = "{*}";

    private OwnPattern(Guid? templateId, MoneySmsKind kind, string sender, Regex regex)
        => (TemplateId, Kind, Sender, Regex) = (templateId, kind, sender, regex);

    public Guid? TemplateId { get; }
    public MoneySmsKind Kind { get; }

    internal string Sender { get; }
    internal Regex Regex { get; }

    public static IReadOnlyCollection<string> PlaceholderNames { get; }
        = ["{ref}", "{amount}", "{name}", "{phone}", "{account}", "{date}", "{time}", Anything];

    /// <param name="sender">Only messages of this sender are tried; empty for all.</param>
    /// <exception cref="ArgumentException">The text is against <see cref="SmsTemplateRules"/>.</exception>
    public static OwnPattern Compile(Guid? templateId, SmsTemplateMeaning meaning, string sender, string text)
    {
        if (SmsTemplateRules.FaultsInText(text, meaning).Any())
            throw new ArgumentException("Such a template cannot be used.", nameof(text));

        var pattern = new StringBuilder("^");
        foreach (var part in PartsOf(SmsText.Collapse(text)))
            pattern.Append(Placeholders.TryGetValue(part, out var regex) ? regex : Literal(part));
        return new OwnPattern(templateId, KindOf(meaning), SmsText.Sender(sender), new Regex(pattern.Append("\\z").ToString(), Linear));
    }

    internal bool Takes(string sender) => Sender.Length == 0 || Sender == sender;

    /// <returns>Placeholders as they are spelled, and the literal text between them.</returns>
    internal static IEnumerable<string> PartsOf(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var (open, name) = Placeholders.Keys
                .Select(key => (Open: text.IndexOf(key, at, StringComparison.OrdinalIgnoreCase), Name: key))
                .Where(found => found.Open >= 0)
                .DefaultIfEmpty((text.Length, ""))
                .MinBy(found => found.Item1);
            if (open > at)
                yield return text[at..open];
            if (name.Length > 0)
                yield return name;
            at = open + name.Length;
        }
    }

    internal static bool IsPlaceholder(string part) => Placeholders.ContainsKey(part);

    internal static bool IsAnything(string part) => part == Anything;

    /// <summary>Takes any words, so that it ends only where something else begins.</summary>
    internal static bool IsFree(string part) => part is Anything or "{name}" or "{account}";

    private static MoneySmsKind KindOf(SmsTemplateMeaning meaning) => meaning switch
    {
        SmsTemplateMeaning.MoneyReceived => MoneySmsKind.OwnReceived,
        SmsTemplateMeaning.CustomersCopy => MoneySmsKind.OwnCustomer,
        _ => MoneySmsKind.Nothing,
    };

    private static string Literal(string words) => Regex.Escape(words).Replace("\\ ", "\\s+", StringComparison.Ordinal);
}
