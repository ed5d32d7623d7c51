namespace EasyIsp.Emulators.Paystack;

/// <summary>One charge that Paystack took.</summary>
public sealed class PaystackCharge
{
    public required string Reference { get; init; }

    /// <summary>As the charge asked, in the currency's hundredths.</summary>
    public required long Amount { get; init; }

    public required string Phone { get; init; }
    public required string Email { get; init; }
    public required PaystackBusiness Business { get; init; }
    public required PaystackScenario Scenario { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required long Id { get; init; }

    public string Status { get; internal set; } = "ongoing";
    public string? ReceiptNumber { get; internal set; }
    public DateTimeOffset? PaidAt { get; internal set; }

    /// <summary>What was really paid, which scenarios let differ.</summary>
    public long PaidAmount => Scenario.PaysHalf ? Amount / 2 : Amount;

    public string Currency => Scenario.Currency;
}

/// <summary>A business with its keys.</summary>
/// <param name="TellsReceipts">Whether <c>receipt_number</c> is told, or null as in Paystack's own example.</param>
public sealed record PaystackBusiness(string SecretKey, bool TellsReceipts = true)
{
    /// <summary>As written into Paystack's settings; null where nobody has.</summary>
    public Uri? Webhook { get; set; }
}

/// <summary>How a payer behaves, told by the last three digits of the number.</summary>
/// <param name="Status">What the charge comes to.</param>
/// <param name="After">From the charge to that.</param>
/// <param name="Events">How often it is told.</param>
public sealed record PaystackScenario(string Status, TimeSpan After, int Events = 1)
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(6);

    public TimeSpan EventDelay { get; private init; }
    public bool PaysHalf { get; private init; }
    public string Currency { get; private init; } = "KES";

    /// <summary>The charge is taken and its answer lost.</summary>
    public bool LosesAnswer { get; private init; }

    /// <summary>Answered with <c>pending</c> and no display text, as "mobile-response-late".</summary>
    public bool AnswersPending { get; private init; }

    public static PaystackScenario Of(string phone) => phone[^3..] switch
    {
        "001" => new("failed", Usual, Events: 0),
        "037" => new("abandoned", TimeSpan.FromSeconds(26), Events: 0),
        "900" => new("success", Usual, Events: 0),
        "901" => new("success", Usual, Events: 3),
        "902" => new("success", TimeSpan.FromMinutes(2)) { AnswersPending = true },
        "903" => new("success", Usual) { EventDelay = TimeSpan.FromMinutes(10) },
        "904" => new("success", Usual) { PaysHalf = true },
        "905" => new("success", Usual, Events: 0) { LosesAnswer = true },
        "906" => new("success", Usual) { Currency = "GHS" },
        _ => new("success", Usual),
    };
}
