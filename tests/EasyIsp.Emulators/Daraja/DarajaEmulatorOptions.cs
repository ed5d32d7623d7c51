namespace EasyIsp.Emulators.Daraja;

/// <summary>
/// Whom the emulator knows, and every rule of which the reference (mpesa.md) is not certain. Read at each request, so
/// a test may turn a switch midway.
/// </summary>
public sealed class DarajaEmulatorOptions
{
    public const string Section = "Daraja";

    public IList<DarajaMerchant> Merchants { get; init; } = [];

    /// <summary>Section 2: the portal says so [D]; some projects see both tokens stay valid.</summary>
    public bool NewTokenKillsPrevious { get; set; } = true;

    /// <summary>Section 2 [D][O]: a string in older replies, a number in newer ones.</summary>
    public bool ExpiresInAsNumber { get; set; }

    /// <summary>Section 2 [D].</summary>
    public TimeSpan TokenLife { get; set; } = TimeSpan.FromSeconds(3600);

    /// <summary>Section 3.5: 404.001.03, 400.003.01, 401.002.01 and 401.003.01 all occur for a dead token.</summary>
    public string DeadTokenError { get; set; } = "404.001.03";

    /// <summary>A fault: whatever token comes is refused, as if another system fetched one after each of ours.</summary>
    public bool EveryTokenIsDead { get; set; }

    /// <summary>Sections 2 and 18.10: not confirmed what a wrong pair gets; 400 or 401, here without a body.</summary>
    public int WrongPairStatus { get; set; } = 400;

    /// <summary>Section 1 [D]: production demands https, the sandbox does not.</summary>
    public bool RequireHttpsCallbacks { get; set; }

    /// <summary>Section 1 [O, hypothesis]: an upper-case host was refused once.</summary>
    public bool RefuseUpperCaseHost { get; set; } = true;

    /// <summary>Section 3.5 lists Invalid Timestamp; how far off is allowed is not documented [I].</summary>
    public TimeSpan TimestampTolerance { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Not documented [I]: a token of another app does not open this short code.</summary>
    public bool TokenOpensOnlyItsShortCodes { get; set; } = true;

    /// <summary>Section 3.4 [O] says "normally fails with the subscriber lock"; sections 3.5 and 3.9 know it in two forms.</summary>
    public SubscriberLock SubscriberLock { get; set; } = SubscriberLock.AsError;

    /// <summary>Sections 3.3 and 3.9: code 17; older texts call 17 an internal failure.</summary>
    public SameAmountRule SameAmount { get; set; } = SameAmountRule.SinceAnyRequest;

    /// <summary>Section 3.7: the three forms of "still processing".</summary>
    public PendingForm Pending { get; set; } = PendingForm.Code4999;

    /// <summary>Section 3.7: the 500.001.1001 forms come with HTTP 500, sometimes 200.</summary>
    public int PendingErrorStatus { get; set; } = 500;

    /// <summary>Section 3.8 [O]: 4 of 19 polls of finished payments were answered 500.001.1001; applies to number …903.</summary>
    public double QueryFaultRate { get; set; } = 4 / 19d;

    /// <summary>Section 3.6: a number in the callback, but strings occur.</summary>
    public bool CallbackCodeAsString { get; set; }

    /// <summary>Section 3.7: a string in the query's answer, but be ready for a number.</summary>
    public bool QueryCodeAsNumber { get; set; }

    /// <summary>Section 3.6: Balance is absent, or there without a value.</summary>
    public bool BalanceWithoutValue { get; set; } = true;

    /// <summary>Null: customers answer as section 3.11 says. Else every prompt waits for an operator, this long.</summary>
    public TimeSpan? ManualPatience { get; set; }

    /// <summary>How long a settled prompt and its payment are remembered. Null: for ever, as comparing with the books needs it.</summary>
    public TimeSpan? Memory { get; set; }

    /// <summary>Section 4.1: production registers addresses once; the sandbox as often as one likes.</summary>
    public bool RegistersOnce { get; set; }

    /// <summary>Section 4.1: off until it is asked for by e-mail; then payments are asked about before they move.</summary>
    public bool ExternalValidation { get; set; }

    /// <summary>Section 4.3: a registered short code hears of paid prompts too.</summary>
    public bool PromptsAreConfirmed { get; set; } = true;

    /// <summary>Section 3.6 [R]: doubles are reported of production; how often a confirmation of a menu payment is posted.</summary>
    public int Confirmations { get; set; } = 1;

    /// <summary>From taking an order to carrying it out.</summary>
    public TimeSpan OrderTakes { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Section 5: the outcome is posted before the submission is answered.</summary>
    public bool ResultBeforeAnswer { get; set; }

    /// <summary>The order is taken, and its connection breaks before the answer.</summary>
    public bool OrderAnswerIsLost { get; set; }

    /// <summary>When the result goes out, each counted from the outcome: none is lost, two are a double. Null: once, at once.</summary>
    public Func<DarajaOrder, IEnumerable<TimeSpan>>? ResultPlan { get; set; }

    /// <summary>Section 5 [I]: carried out, and QueueTimeOutURL is called instead of ResultURL.</summary>
    public bool OrdersTimeOut { get; set; }

    /// <summary>Section 5: number or string.</summary>
    public bool ResultCodeAsString { get; set; }

    /// <summary>Section 5: object or array.</summary>
    public bool ReferenceItemAsArray { get; set; }

    /// <summary>A broken edge posts a page in place of the result.</summary>
    public bool ResultAsHtml { get; set; }

    /// <summary>What lay on the utility account before anything came.</summary>
    public decimal OpeningFunds { get; set; } = 50_000;

    /// <summary>Sections 10, 18.4: newer documents say GET with a body, older ones POST.</summary>
    public bool PullByGet { get; set; }

    /// <summary>Section 10: trxDate carries a Z; whether it is meant is not stated.</summary>
    public bool PullTimesAreUtc { get; set; }

    /// <summary>Section 10: older replies spell their keys with a space.</summary>
    public bool SpacedPullKeys { get; set; }

    public DarajaFault OrderFault { get; set; }
    public DarajaFault PullFault { get; set; }

    /// <summary>The receipt whose amount stands in words in the pulled statement, which no document allows.</summary>
    public string? PullOddReceipt { get; set; }

    /// <summary>What was paid before the emulator started.</summary>
    public List<DarajaStatementLine> Remembered { get; } = [];

    public DarajaFault RegisterFault { get; set; }
    public DarajaFault TokenFault { get; set; }
    public DarajaFault PushFault { get; set; }
    public DarajaFault QueryFault { get; set; }
}

/// <summary>An app of the developer portal with one short code. Several may share a consumer key.</summary>
public sealed class DarajaMerchant
{
    public required string ConsumerKey { get; init; }
    public required string ConsumerSecret { get; init; }
    public required string ShortCode { get; init; }
    public required string Passkey { get; init; }

    /// <summary>Null for a paybill; the till number where the short code is a store that sells by buy goods (3.2).</summary>
    public string? Till { get; init; }

    /// <summary>Section 3.2 [R/I]: bank paybills that the product assignment lets this short code push to.</summary>
    public IList<string> BankPaybills { get; init; } = [];

    /// <summary>Section 5: the API operator.</summary>
    public string InitiatorName { get; set; } = "testapi";

    public string InitiatorPassword { get; set; } = "Emulated#2026";

    /// <summary>Section 5.2: what the operator may not do.</summary>
    public ISet<DarajaOrderKind> MissingRoles { get; init; } = new HashSet<DarajaOrderKind>();

    /// <summary>Section 10: pulling was switched on.</summary>
    public bool Pulls { get; set; }

    /// <summary>Section 4.1: where confirmations of this short code go; STK payments cause one too (4.3).</summary>
    public Uri? ConfirmationUrl { get; set; }

    public Uri? ValidationUrl { get; set; }

    /// <summary>Section 4.1: 1 hashes the payer's number, 2 masks it.</summary>
    public int C2bVersion { get; set; } = 2;

    /// <summary>Section 4.1: what becomes of a payment whose validation is not answered.</summary>
    public string ResponseType { get; set; } = "Completed";
}

public enum SubscriberLock
{
    /// <summary>500.001.1001 at once.</summary>
    AsError,

    /// <summary>Accepted; 1001 in the callback.</summary>
    AsResult,
    Off,
}

public enum SameAmountRule
{
    Off,

    /// <summary>As section 3.3 words it: two minutes between requests.</summary>
    SinceAnyRequest,

    /// <summary>Only requests that were paid count.</summary>
    SincePayment,
}

public enum PendingForm
{
    Code4999,
    BeingProcessed,
    EmptyMessage,
}

/// <summary>What an overloaded or broken edge does before anything is carried out (section 1 [R]).</summary>
public enum DarajaFault
{
    None,
    HtmlPage,
    HtmlForbidden,
    Unavailable,
    ConnectionReset,
    Hang,
}
