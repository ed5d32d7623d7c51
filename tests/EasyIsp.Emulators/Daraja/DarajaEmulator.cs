using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EasyIsp.Emulators.Daraja;

/// <summary>
/// Safaricom as our systems see it: phones with prompts, what their owners do, and the statement of what they paid.
/// Time passes by <see cref="TimeProvider"/>: a fake one drives everything.
/// </summary>
public sealed class DarajaEmulator(DarajaEmulatorOptions options, DarajaCallbacks callbacks, TimeProvider clock)
{
    private static readonly TimeSpan SameAmountPause = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan EastAfrica = TimeSpan.FromHours(3);
    private readonly ConcurrentDictionary<string, StkPrompt> _prompts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<StkPrompt>> _byPhone = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, ITimer> _timers = new();
    private readonly Lock _submitting = new();
    private long _timerCount;
    private int _pushesReceived;

    public DarajaEmulatorOptions Options => options;
    public DarajaStatement Statement { get; } = new(options.Remembered);
    public DarajaTokenDesk Tokens { get; } = new(options, clock);
    public DarajaCallbacks Callbacks => callbacks;

    /// <summary>
    /// When callbacks of a settled prompt go out, each counted from the settlement: none is lost, two are a double, and
    /// different lengths change the order. Null: as the scenario says.
    /// </summary>
    public Func<StkPrompt, IEnumerable<TimeSpan>>? CallbackPlan { get; set; }

    /// <summary>
    /// When confirmations go out, of paid prompts and of the menu's payments, counted from the settlement: none is lost.
    /// Null: a prompt's with its callback, the menu's at once.
    /// </summary>
    public Func<C2bPayment, IEnumerable<TimeSpan>>? ConfirmationPlan { get; set; }

    /// <summary>How long the answer to a push is held back; its callback may overtake it.</summary>
    public Func<StkPrompt, TimeSpan>? AnswerDelay { get; set; }

    /// <summary>How many pushes arrived, whatever became of them: shows whether a client repeats itself.</summary>
    public int PushesReceived => _pushesReceived;

    /// <summary>Every push that was accepted, oldest first.</summary>
    public IReadOnlyList<StkPrompt> Prompts => [.. _prompts.Values.OrderBy(prompt => prompt.SentAt)];

    public StkPrompt? Find(string checkoutRequestId) => _prompts.GetValueOrDefault(checkoutRequestId);

    internal void CountPush() => Interlocked.Increment(ref _pushesReceived);

    internal (StkPrompt? Prompt, DarajaError? Error) Submit(StkRequest request, DarajaMerchant merchant)
    {
        var customer = StkScenario.Of(request.Msisdn);
        if (customer.SyncError is { } refused)
            return (null, refused);

        StkPrompt prompt;
        lock (_submitting)
        {
            ForgetOld();
            var isBusy = PromptsOf(request.Msisdn).Exists(p => p.ResultCode is null);
            if (isBusy && options.SubscriberLock == SubscriberLock.AsError)
                return (null, DarajaError.SubscriberLocked);

            prompt = Open(request, merchant, DoomOf(request, merchant, isBusy) is { } doom ? StkScenario.Doomed(doom) : customer);
        }

        var answersAlone = options.ManualPatience is null || prompt.Scenario.ResultCode is "17" or "1001" or "2028";
        if (answersAlone)
            After(prompt.Scenario.After, () => Settle(prompt, prompt.Scenario.ResultCode));
        else
            After(options.ManualPatience!.Value, () => Settle(prompt, "1037"));
        return (prompt, null);
    }

    /// <summary>The customer types the PIN. A customer without money or with a wrong PIN (3.11) still has none.</summary>
    /// <returns>False when there is no such open prompt.</returns>
    public bool EnterPin(string checkoutRequestId) => Find(checkoutRequestId) is { } prompt
        && Settle(prompt, prompt.Scenario.ResultCode is "1032" or "1037" or "1019" ? "0" : prompt.Scenario.ResultCode);

    /// <returns>False when there is no such open prompt.</returns>
    public bool Cancel(string checkoutRequestId)
        => Find(checkoutRequestId) is { } prompt && Settle(prompt, "1032");

    /// <summary>Section 3.2 [D]: a wrong receiver is found out late, in the callback. Sections 3.3, 3.9: 1001 and 17.</summary>
    private string? DoomOf(StkRequest request, DarajaMerchant merchant, bool isBusy)
    {
        if (!IsAssigned(request, merchant))
            return "2028";
        if (isBusy && options.SubscriberLock == SubscriberLock.AsResult)
            return "1001";

        var isTooSoon = options.SameAmount != SameAmountRule.Off && PromptsOf(request.Msisdn).Exists(p =>
            p.Request.Amount == request.Amount
            && p.Merchant.ShortCode == merchant.ShortCode
            && (options.SameAmount == SameAmountRule.SinceAnyRequest || p.ResultCode == "0")
            && clock.GetUtcNow() - p.SentAt < SameAmountPause);
        return isTooSoon ? "17" : null;
    }

    private static bool IsAssigned(StkRequest request, DarajaMerchant merchant) => merchant.Till is null
        ? request.TransactionType == "CustomerPayBillOnline"
            && (request.PartyB == merchant.ShortCode || merchant.BankPaybills.Contains(request.PartyB))
        : request.TransactionType == "CustomerBuyGoodsOnline" && request.PartyB == merchant.Till;

    private List<StkPrompt> PromptsOf(string msisdn)
        => CollectionsMarshal.GetValueRefOrAddDefault(_byPhone, msisdn, out _) ??= [];

    private void ForgetOld()
    {
        if (clock.GetUtcNow() - options.Memory is not { } since)
            return;

        foreach (var prompt in _prompts.Values.Where(prompt => prompt.SettledAt < since))
        {
            _prompts.TryRemove(prompt.CheckoutRequestId, out _);
            var ofPhone = PromptsOf(prompt.Request.Msisdn);
            ofPhone.Remove(prompt);
            if (ofPhone.Count == 0)
                _byPhone.Remove(prompt.Request.Msisdn);
        }

        Statement.Forget(since);
        callbacks.Forget(checkoutRequestId => !_prompts.ContainsKey(checkoutRequestId));
    }

    private StkPrompt Open(StkRequest request, DarajaMerchant merchant, StkScenario scenario)
    {
        var now = clock.GetUtcNow();
        while (true)
        {
            var prompt = new StkPrompt
            {
                MerchantRequestId = NewMerchantRequestId(),
                CheckoutRequestId = NewCheckoutRequestId(request.Msisdn, now),
                Request = request,
                Merchant = merchant,
                Scenario = scenario,
                SentAt = now,
            };
            if (!_prompts.TryAdd(prompt.CheckoutRequestId, prompt))
                continue;

            PromptsOf(request.Msisdn).Add(prompt);
            return prompt;
        }
    }

    private bool Settle(StkPrompt prompt, string resultCode)
    {
        var now = clock.GetUtcNow();
        var receipt = resultCode == "0" ? Statement.NewReceipt(now) : null;
        if (!prompt.TrySettle(resultCode, receipt, now))
            return false;

        if (receipt is not null)
        {
            Statement.Add(new DarajaStatementLine(
                receipt, prompt.Request.Amount, prompt.Request.Msisdn, prompt.CheckoutRequestId, prompt.IsForBank ? prompt.Request.PartyB : prompt.Merchant.ShortCode,
                prompt.Request.AccountReference, now));
        }

        var scenario = prompt.Scenario;
        foreach (var delay in CallbackPlan?.Invoke(prompt) ?? Enumerable.Repeat(scenario.CallbackDelay, scenario.Callbacks))
            After(delay, () => callbacks.Deliver(prompt));
        if (receipt is not null && options.PromptsAreConfirmed && !prompt.IsForBank)
            Confirm(PaymentOf(prompt), [scenario.CallbackDelay]);
        return true;
    }

    /// <summary>As the plan says, else after these times; to nobody where nothing is registered.</summary>
    internal void Confirm(C2bPayment payment, IEnumerable<TimeSpan> usual)
    {
        if (payment.Merchant.ConfirmationUrl is not { } address)
            return;
        foreach (var delay in ConfirmationPlan?.Invoke(payment) ?? usual)
            After(delay, () => callbacks.Confirm(payment, address));
    }

    /// <summary>Section 4.3: as the confirmation of a paid prompt tells it.</summary>
    public static C2bPayment PaymentOf(StkPrompt prompt) => new(
        prompt.Merchant,
        prompt.Receipt!,
        prompt.Request.Amount,
        prompt.Request.Msisdn,
        prompt.Merchant.Till is null ? prompt.Request.AccountReference : "",
        prompt.SettledAt!.Value);

    /// <summary>A timer rather than a delayed task: what is due has happened when a fake clock's Advance returns.</summary>
    private void After(TimeSpan delay, Action action)
    {
        if (delay <= TimeSpan.Zero)
        {
            action();
            return;
        }

        var number = Interlocked.Increment(ref _timerCount);
        var timer = clock.CreateTimer(_ =>
        {
            action();
            if (_timers.TryRemove(number, out var done))
                done.Dispose();
        }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timers[number] = timer;
        timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Section 3.4: the newer form.</summary>
    private static string NewMerchantRequestId()
    {
        var hex = RandomNumberGenerator.GetHexString(24, lowercase: true);
        return $"{hex[..4]}-{hex[4..8]}-{hex[8..12]}-{hex[12..]}{RandomNumberGenerator.GetInt32(10_000, 100_000)}";
    }

    /// <summary>Section 3.4: the time in Nairobi, one to three digits, the last nine of the number.</summary>
    private static string NewCheckoutRequestId(string msisdn, DateTimeOffset now)
        => string.Create(CultureInfo.InvariantCulture,
            $"ws_CO_{now.ToOffset(EastAfrica):ddMMyyyyHHmmss}{RandomNumberGenerator.GetInt32(1, 1000)}{msisdn[^9..]}");
}
