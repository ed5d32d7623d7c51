using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>
/// Words of a message that the product does not know, as a tenant's bank writes them, with placeholders for what differs
/// (<see cref="OwnPattern"/>).
/// </summary>
public sealed class SmsTemplate : TenantEntity
{
    private SmsTemplate() { }

    public string Name { get; private set; } = null!;
    public string Text { get; private set; } = null!;

    /// <summary>Only messages of this sender are tried; empty for all.</summary>
    public string Sender { get; private set; } = null!;

    public SmsTemplateMeaning Meaning { get; private set; }

    /// <summary>The smallest is tried first.</summary>
    public int Priority { get; private set; }

    public DateTimeOffset ChangedAt { get; private set; }

    internal static SmsTemplate Write(Guid tenantId, SmsTemplateDraft draft, DateTimeOffset now)
    {
        var template = new SmsTemplate { TenantId = tenantId, Id = Guid.CreateVersion7(now) };
        template.Become(draft, now);
        return template;
    }

    internal void Become(SmsTemplateDraft draft, DateTimeOffset now) => (Name, Text, Sender, Meaning, Priority, ChangedAt)
        = (draft.Name.Trim(), SmsText.Collapse(draft.Text), SmsText.Sender(draft.Sender), draft.Meaning, draft.Priority, now);

    internal OwnPattern Compile() => OwnPattern.Compile(Id, Meaning, Sender, Text);
}

public enum SmsTemplateMeaning
{
    /// <summary>Needs receipt and amount.</summary>
    MoneyReceived,

    /// <summary>What a payer gets: it is good for looking a payment up, and credits nobody.</summary>
    CustomersCopy,

    /// <summary>Such messages are put aside.</summary>
    Nothing,
}

/// <summary>A template as somebody writes it.</summary>
public sealed record SmsTemplateDraft(string Name, string Text, string Sender, SmsTemplateMeaning Meaning, int Priority);

/// <summary>What cannot stand as it is.</summary>
public enum SmsTemplateFault
{
    Name,

    /// <summary>Empty, or too long.</summary>
    Length,
    Priority,

    /// <summary>Braces around a word that is no placeholder.</summary>
    UnknownPlaceholder,

    /// <summary>One that may stand once stands twice.</summary>
    Repeated,

    /// <summary>Two of a kind that have no word between them: nobody could say where one ends.</summary>
    Adjacent,

    /// <summary>So few words that it would take foreign messages.</summary>
    TooFewWords,

    /// <summary>Money without receipt or amount can be joined with nothing.</summary>
    ReceiptOrAmountMissing,

    /// <summary>The tenant has as many as he may have.</summary>
    TooMany,
}

/// <summary>What a template must satisfy; the form asks the same questions as the desk.</summary>
public static class SmsTemplateRules
{
    public const int MaxNameLength = 60;
    public const int MaxTextLength = 500;
    public const int MaxTemplates = 50;
    public const int MaxPriority = 1000;

    private const int FewestLetters = 8;
    private const int MostAnythings = 6;

    public static IReadOnlyList<SmsTemplateFault> FaultsIn(SmsTemplateDraft draft)
    {
        List<SmsTemplateFault> faults = [.. FaultsInText(draft.Text, draft.Meaning)];
        if (draft.Name.Trim().Length is 0 or > MaxNameLength)
            faults.Add(SmsTemplateFault.Name);
        if (draft.Priority is < 0 or > MaxPriority)
            faults.Add(SmsTemplateFault.Priority);
        return faults;
    }

    internal static IEnumerable<SmsTemplateFault> FaultsInText(string text, SmsTemplateMeaning meaning)
    {
        var collapsed = SmsText.Collapse(text);
        if (collapsed.Length is 0 or > MaxTextLength)
        {
            yield return SmsTemplateFault.Length;
            yield break;
        }

        var parts = OwnPattern.PartsOf(collapsed).ToList();
        var (places, words) = (parts.Where(OwnPattern.IsPlaceholder).ToList(), parts.Where(part => !OwnPattern.IsPlaceholder(part)).ToList());
        if (words.Any(word => word.AsSpan().ContainsAny('{', '}')))
            yield return SmsTemplateFault.UnknownPlaceholder;
        if (places.Count(OwnPattern.IsAnything) > MostAnythings || places.Where(place => !OwnPattern.IsAnything(place)).GroupBy(place => place).Any(same => same.Count() > 1))
            yield return SmsTemplateFault.Repeated;
        if (parts.Zip(parts.Skip(1)).Any(pair => AreIndistinct(pair.First, pair.Second)))
            yield return SmsTemplateFault.Adjacent;
        if (words.Sum(word => word.Count(char.IsLetter)) < FewestLetters)
            yield return SmsTemplateFault.TooFewWords;
        if (meaning == SmsTemplateMeaning.MoneyReceived && !(places.Contains("{ref}") && places.Contains("{amount}")))
            yield return SmsTemplateFault.ReceiptOrAmountMissing;
    }

    private static bool AreIndistinct(string one, string next)
        => OwnPattern.IsPlaceholder(one) && OwnPattern.IsPlaceholder(next) && OwnPattern.IsFree(one) == OwnPattern.IsFree(next);
}

internal sealed class SmsTemplateConfiguration : IEntityTypeConfiguration<SmsTemplate>
{
    public void Configure(EntityTypeBuilder<SmsTemplate> template)
    {
        template.ToTable("money_sms_templates");
        template.Property(t => t.Name).HasMaxLength(SmsTemplateRules.MaxNameLength);
        template.Property(t => t.Text).HasMaxLength(SmsTemplateRules.MaxTextLength);
        template.Property(t => t.Sender).HasMaxLength(SmsText.MaxSenderLength);
    }
}
