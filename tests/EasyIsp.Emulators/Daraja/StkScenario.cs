namespace EasyIsp.Emulators.Daraja;

/// <summary>How a customer behaves, told by the last three digits of the number: the triggers of section 3.11.</summary>
/// <param name="After">From the submission to the final state.</param>
/// <param name="Callbacks">How often the outcome is delivered.</param>
public sealed record StkScenario(string ResultCode, TimeSpan After, int Callbacks = 1)
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(6);

    /// <summary>Refused when submitted.</summary>
    public DarajaError? SyncError { get; private init; }

    /// <summary>From the final state to the callback.</summary>
    public TimeSpan CallbackDelay { get; private init; }

    /// <summary>How long the submission hangs before its connection is reset; the payment goes on regardless.</summary>
    public TimeSpan? HangsFor { get; private init; }

    /// <summary>Answers queries with 4999 whatever form is set.</summary>
    public bool PendingIs4999 { get; private init; }

    public bool QueryIsUnreliable { get; private init; }

    public static StkScenario Of(string msisdn) => msisdn[^3..] switch
    {
        // The sandbox's own test number never answers.
        _ when msisdn == "254708374149" => new StkScenario("1037", TimeSpan.FromSeconds(26)),
        "001" => new StkScenario("1", Usual),
        "032" => new StkScenario("1032", TimeSpan.FromSeconds(8)),
        "037" => new StkScenario("1037", TimeSpan.FromSeconds(26)),
        "019" => new StkScenario("1019", Usual),
        "201" => new StkScenario("2001", Usual),
        "026" => new StkScenario("", Usual) { SyncError = DarajaError.SpikeArrest },
        "101" => new StkScenario("", Usual) { SyncError = DarajaError.SubscriberLocked },
        "228" => new StkScenario("2028", Usual),
        "900" => new StkScenario("0", Usual, Callbacks: 0),
        "901" => new StkScenario("0", Usual, Callbacks: 3),
        "902" => new StkScenario("0", TimeSpan.FromSeconds(60)) { PendingIs4999 = true },
        "903" => new StkScenario("0", Usual) { QueryIsUnreliable = true, CallbackDelay = TimeSpan.FromMinutes(10) },
        "904" => new StkScenario("SFC_IC0003", Usual),
        "905" => new StkScenario("0", TimeSpan.FromSeconds(36)) { HangsFor = TimeSpan.FromSeconds(30) },
        _ => new StkScenario("0", Usual),
    };

    /// <summary>The same customer, but the request itself is doomed: 17, 1001 or 2028.</summary>
    public static StkScenario Doomed(string resultCode) => new(resultCode, TimeSpan.FromSeconds(2));

    /// <summary>Sections 3.6, 3.7 and 3.9: the words that go with a code.</summary>
    public static string Describe(string resultCode) => resultCode switch
    {
        "0" => "The service request is processed successfully.",
        "1" => "The balance is insufficient for the transaction.",
        "17" => "System internal error.",
        "1001" => "Unable to lock subscriber, a transaction is already in process for the current subscriber",
        "1019" => "Transaction expired. No MO has been received",
        "1032" => "Request cancelled by user",
        "1037" => "No response from user.",
        "2001" => "The initiator information is invalid.",
        "2028" => "The request is not permitted according to product assignment",
        "4999" => "The transaction is still under processing",
        "SFC_IC0003" => "The operator does not exist.",
        _ => "Failed",
    };
}
