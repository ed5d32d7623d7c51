namespace EasyIsp.Core.Payments.Sms;

/// <summary>What an SMS says. None of it is proved: anybody can write an SMS.</summary>
public sealed record SmsFacts(MoneySmsKind Kind)
{
    /// <summary>In capitals; null where the message tells of no payment.</summary>
    public string? Receipt { get; init; }

    public decimal? Amount { get; init; }
    public string? PayerName { get; init; }

    /// <summary>As it was told, in full or masked, with the country's digits in front; to be read by people, never evidence.</summary>
    public string? PayerNumber { get; init; }

    public string? Account { get; init; }

    /// <summary>By the message's own words, East Africa Time (UTC+3); null where it names no time.</summary>
    public DateTimeOffset? SaidAt { get; init; }

    /// <summary>Of a reversal: the receipt of the payment that was undone.</summary>
    public string? OriginalReceipt { get; init; }

    /// <summary>The template of the tenant's own that it was read by.</summary>
    public Guid? TemplateId { get; init; }

    public MoneySmsFamily? Family => MoneySmsKinds.FamilyOf(Kind);
}

/// <summary>What came of reading a text.</summary>
public abstract record SmsReading
{
    private SmsReading() { }

    public sealed record Read(SmsFacts Facts) : SmsReading;

    /// <param name="Reason">Fit for a person: no template has its words, or what stands in them is no amount, date or receipt.</param>
    public sealed record NotRead(string Reason) : SmsReading;
}
