namespace EasyIsp.Core.Limits;

/// <summary>
/// Everything that may be done so often, in one place. The name of a rule is that of its field; an installation may change each
/// (<see cref="LimitOptions"/>). What is counted by address is generous, for a whole hotspot or office may share one.
/// </summary>
public static class LimitRules
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Passwords of staff.</summary>
    public static readonly TryRule SignInByAddress = new(nameof(SignInByAddress), 40, 5 * Minute);

    /// <summary>By the address that was typed, whether it is anybody's or not.</summary>
    public static readonly TryRule SignInByAccount = new(nameof(SignInByAccount), 20, 10 * Minute);

    /// <summary>Codes of an authenticator app, and recovery codes.</summary>
    public static readonly TryRule CodeByAddress = new(nameof(CodeByAddress), 40, 5 * Minute);
    public static readonly TryRule CodeByAccount = new(nameof(CodeByAccount), 15, 10 * Minute);

    public static readonly TryRule PasskeyByAddress = new(nameof(PasskeyByAddress), 60, 5 * Minute);

    /// <summary>Mails to who forgot his password: enough for who mistypes, too few to be a plague.</summary>
    public static readonly TryRule ResetByAddress = new(nameof(ResetByAddress), 20, Hour);
    public static readonly TryRule ResetByAccount = new(nameof(ResetByAccount), 3, Hour);

    /// <summary>Links of mails that are opened or used.</summary>
    public static readonly TryRule LinkByAddress = new(nameof(LinkByAddress), 60, 5 * Minute);

    public static readonly TryRule InvitationByAccount = new(nameof(InvitationByAccount), 30, Hour);
    public static readonly TryRule InvitationByTenant = new(nameof(InvitationByTenant), 100, Hour);

    /// <summary>Prompts that strangers ask for at the portal.</summary>
    public static readonly TryRule PurchaseByVisit = new(nameof(PurchaseByVisit), 5, Minute);
    public static readonly TryRule PurchaseByAddress = new(nameof(PurchaseByAddress), 60, Minute);

    /// <summary>Prompts that staff and other software ask for.</summary>
    public static readonly TryRule PromptByAccount = new(nameof(PromptByAccount), 120, Minute);

    /// <summary>Whoever asks: a prompt lights up a phone that may be a stranger's.</summary>
    public static readonly TryRule PromptByPhone = new(nameof(PromptByPhone), 10, 10 * Minute);
    public static readonly TryRule PromptByTenant = new(nameof(PromptByTenant), 1200, Minute);

    /// <summary>"I have paid already".</summary>
    public static readonly TryRule ReceiptByVisit = new(nameof(ReceiptByVisit), 5, Minute);
    public static readonly TryRule ReceiptByAddress = new(nameof(ReceiptByAddress), 15, Minute);

    /// <summary>Browsers that a router sends.</summary>
    public static readonly TryRule ArrivalByAddress = new(nameof(ArrivalByAddress), 600, Minute);

    /// <summary>A router that refuses a device sends its browser back; this ends the circle.</summary>
    public static readonly TryRule ConnectByVisit = new(nameof(ConnectByVisit), 6, Minute);

    /// <summary>SMS that phones pass on. One that was away passes on a day's messages at once; what is refused it sends again.</summary>
    public static readonly TryRule ForwardByPhone = new(nameof(ForwardByPhone), 120, Minute);
    public static readonly TryRule ForwardByAddress = new(nameof(ForwardByAddress), 600, Minute);

    /// <summary>Voucher codes that are typed, right or wrong. A device may claim any hardware address, hence the others.</summary>
    public static readonly TryRule VoucherByDevice = new(nameof(VoucherByDevice), 10, Minute);
    public static readonly TryRule VoucherByAddress = new(nameof(VoucherByAddress), 60, Minute);
    public static readonly TryRule VoucherByRouter = new(nameof(VoucherByRouter), 300, Minute);

    /// <summary>
    /// Voucher codes that nobody printed. What many share is paused for a short time only, so that one who guesses does not
    /// keep a hotspot from what it bought.
    /// </summary>
    public static readonly PauseRule GuessByDevice = new(nameof(GuessByDevice), 5, TimeSpan.FromSeconds(10), Hour, 2 * Hour, AlarmAt: 10);
    public static readonly PauseRule GuessByAddress = new(nameof(GuessByAddress), 20, TimeSpan.FromSeconds(5), Minute, Hour, AlarmAt: 30);
    public static readonly PauseRule GuessByRouter = new(nameof(GuessByRouter), 40, TimeSpan.FromSeconds(5), Minute / 2, Hour, AlarmAt: 60);

    /// <summary>Alarms of guessing: each tells the same after the first few.</summary>
    public static readonly TryRule GuessAlarmByTenant = new(nameof(GuessAlarmByTenant), 12, Hour);

    /// <summary>Requests to the API.</summary>
    public static readonly TryRule ApiByToken = new(nameof(ApiByToken), 200, TimeSpan.FromSeconds(10));
    public static readonly TryRule ApiByTenant = new(nameof(ApiByTenant), 2000, TimeSpan.FromSeconds(20));

    /// <summary>Without a good token.</summary>
    public static readonly TryRule ApiByAddress = new(nameof(ApiByAddress), 60, Minute);

    public static IReadOnlyList<LimitRule> All { get; } =
    [
        SignInByAddress, SignInByAccount, CodeByAddress, CodeByAccount, PasskeyByAddress, ResetByAddress, ResetByAccount, LinkByAddress,
        InvitationByAccount, InvitationByTenant, PurchaseByVisit, PurchaseByAddress, PromptByAccount, PromptByPhone, PromptByTenant,
        ReceiptByVisit, ReceiptByAddress, ArrivalByAddress, ConnectByVisit, ForwardByPhone, ForwardByAddress,
        VoucherByDevice, VoucherByAddress, VoucherByRouter, GuessByDevice, GuessByAddress, GuessByRouter, GuessAlarmByTenant, ApiByToken, ApiByTenant, ApiByAddress,
    ];
}
