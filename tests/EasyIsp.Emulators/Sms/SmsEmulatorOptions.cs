namespace EasyIsp.Emulators.Sms;

/// <summary>Whom the emulated gateway knows, and what the reference (sms.md) is not certain of. Read at each request.</summary>
public sealed class SmsEmulatorOptions
{
    public const string Section = "Sms";

    public IList<SmsEmulatorAccount> Accounts { get; init; } = [];

    /// <summary>Section 1.2: "respose-code" in most replies; Advanta's pages print it right.</summary>
    public bool SpellCodeRight { get; set; }

    /// <summary>Section 1.2: TextSMS answers in strings [code]; also for one number, by trigger 009.</summary>
    public bool NumbersAsStrings { get; set; }

    /// <summary>Section 1.2: "credit" [docs Advanta]; some clients read "balance".</summary>
    public string CreditName { get; set; } = "credit";

    /// <summary>Section 1.2 lists empty responses as a failure.</summary>
    public bool AnswerEmpty { get; set; }

    /// <summary>Section 1.1 [docs Advanta].</summary>
    public int MaxRecipients { get; set; } = 1000;
}

/// <summary>One customer of the gateway.</summary>
public sealed class SmsEmulatorAccount
{
    public required string ApiKey { get; init; }
    public required string PartnerId { get; init; }

    /// <summary>Case-sensitive (section 0).</summary>
    public required IList<string> SenderIds { get; init; }

    /// <summary>In message parts.</summary>
    public decimal Credit { get; set; } = 10_000;
}
