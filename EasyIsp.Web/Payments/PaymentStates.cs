using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Tenancy;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Payments;

/// <summary>The states of a payment in the console's words.</summary>
internal static class PaymentStates
{
    public static State Of(PaymentRequestState state) => state switch
    {
        PaymentRequestState.Paid => State.Paid,
        PaymentRequestState.Failed or PaymentRequestState.Rejected => State.Failed,
        PaymentRequestState.Expired => State.Expired,
        _ => State.Pending,
    };

    public static State Of(PaymentRow row) => Of(row.State, row.ReversedAt is not null, row.GivenBack, row.Amount, row.CustomerId);

    /// <param name="asked">Of the prompt that asked for it; null when none did.</param>
    /// <param name="payment">Null while none has come.</param>
    public static State Of(PaymentRequestState? asked, Payment? payment)
        => payment is null ? Of(asked ?? PaymentRequestState.Pending)
            : Of(asked, payment.ReversedAt is not null, payment.GivenBack, payment.Amount, payment.CustomerId ?? payment.SameAsId);

    public static string? Reason(PaymentRow row) => Of(row) switch
    {
        State.Unmatched => "It waits in suspense: nobody knows yet whose it is.",
        State.Refunded => "All of it was given back, or is on its way.",
        _ => row.State is { } asked ? Reason(asked, row.ResultCode, row.Rail) : null,
    };

    /// <summary>A payment's own page, or that of the prompt that asked for it.</summary>
    public static string HrefOf(Guid paymentId, Guid? requestId) => requestId is { } prompt ? $"/payments/{prompt}" : $"/payments/deposits/{paymentId}";

    /// <summary>Why it is not paid, for staff; null where the state says it all.</summary>
    public static string? Reason(PaymentRequestState state, string? resultCode, Rail rail) => state switch
    {
        PaymentRequestState.Failed when resultCode is not null => $"{Sentence(StkResultCode.Of(resultCode).Message)} (code {resultCode})",
        PaymentRequestState.Rejected => $"No prompt appeared. {Refusal(resultCode, rail)}",
        PaymentRequestState.SubmittedUnknown => $"{Of(rail)} did not answer; the payer may have the prompt. Only its own word settles this.",
        PaymentRequestState.Expired => "Asked after to the end without an answer. Money that comes late is still booked.",
        _ => null,
    };

    /// <summary>What to do about a prompt that was refused at once.</summary>
    /// <param name="kind">Of a <see cref="ProviderRefusal"/>.</param>
    private static string Refusal(string? kind, Rail rail) => Enum.TryParse<ProviderRefusal>(kind, out var refusal)
        ? refusal switch
        {
            ProviderRefusal.Credentials => $"{Of(rail)} refused the account's keys: they may be another environment's or short code's.",
            ProviderRefusal.Configuration => $"{Of(rail)} does not serve the account as it is set up: of a till the store number goes live, and the app needs the product.",
            ProviderRefusal.SubscriberBusy => "The phone has another prompt open: try again in a minute.",
            ProviderRefusal.Throttled or ProviderRefusal.Unavailable => $"{Of(rail)} was busy or away: try again in a moment.",
            _ => $"{Of(rail)} refused what was asked; the timeline has its words.",
        }
        : $"{Of(rail)} refused the request.";

    public static string Of(PaymentStep step, Rail rail) => step switch
    {
        PaymentStep.Asked => "Asked to pay",
        PaymentStep.Submitted => $"Prompt sent to {Of(rail)}",
        PaymentStep.Refused => $"Refused by {Of(rail)}",
        PaymentStep.ProviderCalled => $"{Of(rail)} called back",
        PaymentStep.Validated => "M-Pesa asked whether it may come",
        PaymentStep.Confirmed => "M-Pesa confirmed the money",
        PaymentStep.SmsTold => "An SMS told of it",
        PaymentStep.ReversalTold => "An SMS says that it was reversed",
        PaymentStep.Placed => "Placed with a customer",
        PaymentStep.TakenBack => "Taken back into suspense",
        PaymentStep.RefundAsked => "Refund asked for",
        PaymentStep.RefundApproved => "Refund approved",
        PaymentStep.RefundDeclined => "Refund declined",
        PaymentStep.Refunded => "Given back",
        PaymentStep.RefundFailed => "Could not be given back",
        PaymentStep.FoundSame => "Found to be a payment told before",
        PaymentStep.NotPaid => "Not paid",
        PaymentStep.GivenUp => "Given up asking",
        PaymentStep.Recorded => "Payment recorded",
        PaymentStep.Taken => "Written down by staff",
        PaymentStep.Reversed => "Taken back: it did not come after all",
        PaymentStep.Booked => "Booked in the ledger",
        PaymentStep.AccessGranted => "Access granted",
        PaymentStep.ReceiptSent => "Receipt sent by SMS",
        PaymentStep.ReceiptFailed => "Receipt could not be sent",
        PaymentStep.RouterTold => "Router told to let the device in",
        PaymentStep.RouterDid => "Router answered",
        PaymentStep.RouterRefused => "Router did not do it",
        _ => "Online: first accounting packet",
    };

    /// <summary>Of a message without a note it is what was made of it.</summary>
    public static string? DetailOf(PaymentEvent step)
        => step.Step is PaymentStep.ProviderCalled or PaymentStep.Validated or PaymentStep.Confirmed && Enum.TryParse<ProviderMessageOutcome>(step.Detail, out var outcome)
            ? Of(outcome)
            : step.Detail;

    public static bool IsBad(PaymentStep step)
        => step is PaymentStep.Refused or PaymentStep.NotPaid or PaymentStep.GivenUp or PaymentStep.ReceiptFailed or PaymentStep.RouterRefused
            or PaymentStep.Reversed or PaymentStep.ReversalTold or PaymentStep.RefundFailed;

    public static string Of(ProviderMessageOutcome outcome) => outcome switch
    {
        ProviderMessageOutcome.Malformed => "Could not be read",
        ProviderMessageOutcome.UnknownRequest => "Names no request of ours",
        ProviderMessageOutcome.AmountMismatch => "Another amount than asked for",
        ProviderMessageOutcome.Contradicts => "Says unpaid of a payment that is booked",
        ProviderMessageOutcome.ReceiptTaken => "Its receipt belongs to another payment",
        ProviderMessageOutcome.Settled => "Settled",
        ProviderMessageOutcome.Repeated => "Said what was known",
        ProviderMessageOutcome.Unmatched => "Names no customer",
        ProviderMessageOutcome.LetThrough => "Let through",
        ProviderMessageOutcome.TurnedAway => "Turned away",
        ProviderMessageOutcome.Unconfirmed => "Says paid, and was not confirmed",
        ProviderMessageOutcome.NotOurs => "About something else",
        _ => "Not paid",
    };

    public static string Of(PlaceOutcome outcome) => outcome switch
    {
        PlaceOutcome.Placed => "Placed.",
        PlaceOutcome.AlreadyPlaced => "Somebody else has placed it already. Nothing was changed.",
        PlaceOutcome.CustomerGone => "The customer has been deleted. Choose another.",
        PlaceOutcome.RequestSettled => "The request has its payment by now. Place the money into the wallet instead.",
        PlaceOutcome.ReasonMissing => "Write how it is known.",
        _ => "The payment is not there any more.",
    };

    public static string Of(TakeBackOutcome outcome) => outcome switch
    {
        TakeBackOutcome.TakenBack => "It waits in suspense again.",
        TakeBackOutcome.NotPlaced => "It waits in suspense already, or has paid a request. Nothing was changed.",
        TakeBackOutcome.Spent => "The wallet holds less than that by now: it has been spent. Nothing was changed.",
        _ => "Write why.",
    };

    public static string Of(ReverseOutcome outcome) => outcome switch
    {
        ReverseOutcome.Reversed => "It is reversed.",
        ReverseOutcome.AlreadyReversed => "Somebody else has reversed it already.",
        ReverseOutcome.NotTakenByStaff => "A provider told of it: it cannot be reversed here. Nothing was changed.",
        ReverseOutcome.Spent => "The wallet holds less than that by now: it has been spent. Nothing was changed.",
        _ => "Write why.",
    };

    public static string Of(CounterFault fault, Tenant tenant) => fault switch
    {
        CounterFault.Amount => "More than nothing.",
        CounterFault.Fraction => tenant.CurrencyDigits == 0 ? $"{tenant.Currency} has no fractions." : $"{tenant.Currency} has {tenant.CurrencyDigits} digits behind the point.",
        CounterFault.TooMuch => $"At most {Figures.Money(CounterRules.MaxAmount, tenant)} at once.",
        CounterFault.Day => "Today or a day of the last year.",
        CounterFault.Reference => $"The number of the slip or cheque is needed, up to {CounterRules.MaxReferenceLength} signs, and none of ours ({CounterRules.CashPrefix}…).",
        _ => $"Up to {CounterRules.MaxNoteLength} signs.",
    };

    public static string Of(CustomerPromptFault fault) => fault switch
    {
        CustomerPromptFault.Phone => "A Kenyan mobile number, like 0712 345 678.",
        _ => "Whole shillings, from 1 to 250,000.",
    };

    /// <summary>Of what kept a prompt from being sent.</summary>
    public static string Of(PromptOutcome outcome) => outcome switch
    {
        PromptOutcome.NoPaymentAccount => "No account that can send prompts is in use. Open one in the settings; nothing was sent.",
        PromptOutcome.PackageGone => "The package is not sold any more. Choose another; nothing was sent.",
        PromptOutcome.IdTaken => "This form has asked for something else before. Close it and begin anew; nothing was sent.",
        PromptOutcome.CustomerSuspended => "The customer is suspended: resume him first, or ask for the wallet. Nothing was sent.",
        PromptOutcome.TooMany tooMany => $"This phone was asked often just now, or too much is asked at once. Wait {Figures.Length(TimeSpan.FromSeconds(Math.Ceiling(tooMany.RetryAfter.TotalSeconds)))}; nothing was sent.",
        _ => "The customer was deleted meanwhile. Nothing was sent.",
    };

    public static string Of(Rail rail) => rail.Label();

    public static string Of(BookFlaggedOutcome outcome) => outcome switch
    {
        BookFlaggedOutcome.ReceiptBooked booked => $"Receipt {booked.Receipt} is booked already. Put the message away.",
        BookFlaggedOutcome.NamesNoMoney => "It names no receipt and amount that could be booked.",
        BookFlaggedOutcome.Settled => "Somebody else has settled it already.",
        _ => "Write why.",
    };

    /// <summary>Why a customer is offered.</summary>
    public static string Of(Suggestion suggestion, TimeZoneInfo zone) => suggestion.Reason switch
    {
        SuggestionReason.SameAmountAsked => $"was asked for this amount, {Figures.Exact(suggestion.AskedAt!.Value, zone)}",
        SuggestionReason.NearAccount => "has an account number near what was typed",
        _ => "has this phone number",
    };

    /// <summary>A hash says nothing to a person.</summary>
    public static string? PayerNumber(string? told) => IsHash(told) ? "hashed number" : told;

    public static bool IsHash(string? payerNumber) => payerNumber is { Length: 64 };

    private static State Of(PaymentRequestState? asked, bool isReversed, decimal givenBack, decimal amount, Guid? holder) => asked switch
    {
        not null and not PaymentRequestState.Paid => Of(asked.Value),
        _ when isReversed => State.Reversed,
        _ when givenBack >= amount => State.Refunded,
        null when holder is null => State.Unmatched,
        _ => State.Paid,
    };

    private static string Sentence(PayerMessage message) => message switch
    {
        PayerMessage.NotEnoughMoney => "Not enough money in the account.",
        PayerMessage.AmountTooSmall => "The amount is below M-Pesa's least.",
        PayerMessage.AmountTooLarge => "The amount is above M-Pesa's greatest.",
        PayerMessage.DailyLimitReached => "The payer's daily limit is reached.",
        PayerMessage.ProviderCannotReceive => "Your M-Pesa account cannot receive more.",
        PayerMessage.PayerAccountNotActive => "The payer's account is not active.",
        PayerMessage.SameAmountTooSoon => "The same amount was asked for less than two minutes before.",
        PayerMessage.ServiceBusy => "M-Pesa was busy.",
        PayerMessage.PromptAlreadyOpen => "Another prompt was open on the phone.",
        PayerMessage.PromptExpired => "The prompt ran out.",
        PayerMessage.PromptNotSent => "The prompt could not be sent.",
        PayerMessage.Cancelled => "The payer cancelled.",
        PayerMessage.PhoneNotReached => "The phone was not reached or nobody answered.",
        PayerMessage.WrongPin => "Wrong PIN.",
        PayerMessage.ProviderNotSetUp => "The short code is not set up for this.",
        PayerMessage.PinLocked => "The payer's PIN is locked.",
        _ => "It was not completed.",
    };
}
