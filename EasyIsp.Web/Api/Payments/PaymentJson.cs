using EasyIsp.Core.Payments;
using EasyIsp.Web.Payments;

namespace EasyIsp.Web.Api.Payments;

/// <summary>Money that came.</summary>
/// <param name="Amount">In the company's currency, as <paramref name="GivenBack"/> is.</param>
/// <param name="GivenBack">Or on its way back.</param>
/// <param name="Account">Where it came in.</param>
/// <param name="Customer">Null while it waits in suspense.</param>
/// <param name="PromptId">The prompt that asked for it; null when none did.</param>
/// <param name="Receipt">The provider's number; null while it is still to come, and of what staff wrote down.</param>
/// <param name="Reference">The number of the slip, cheque or receipt by which staff wrote it down.</param>
/// <param name="Phone">E.164, where it was told in full.</param>
/// <param name="TypedAccount">As the payer typed it.</param>
/// <param name="PayerNumber">As the provider told it, often masked; null where it told a hash.</param>
/// <param name="PaidAt">By the provider's clock where it said so.</param>
/// <param name="RecordedAt">When it was booked here: the order of lists.</param>
/// <param name="TakenBy">Who of the staff wrote it down.</param>
/// <param name="ReversedAt">When staff took the entry back.</param>
/// <param name="SameAsId">The payment that this one turned out to be.</param>
internal record PaymentJson(
    Guid Id,
    PaymentStanding State,
    decimal Amount,
    decimal GivenBack,
    Rail Rail,
    ApiLink Account,
    ApiLink? Customer,
    Guid? PromptId,
    string? Receipt,
    string? Reference,
    string? Phone,
    string? TypedAccount,
    string? PayerName,
    string? PayerNumber,
    DateTimeOffset PaidAt,
    DateTimeOffset RecordedAt,
    string? TakenBy,
    string? Note,
    DateTimeOffset? ReversedAt,
    Guid? SameAsId)
{
    public static PaymentJson Of(ReceivedPayment payment) => new(
        payment.Id,
        payment.Standing,
        payment.Amount,
        payment.GivenBack,
        payment.Rail,
        new ApiLink(payment.AccountId, payment.Account),
        payment.CustomerId is { } customerId ? new ApiLink(customerId, payment.Customer) : null,
        payment.RequestId,
        payment.Receipt,
        payment.Reference,
        payment.Phone,
        payment.TypedAccount,
        payment.PayerName,
        PaymentStates.IsHash(payment.PayerNumber) ? null : payment.PayerNumber,
        payment.PaidAt,
        payment.RecordedAt,
        payment.TakenBy,
        payment.Note,
        payment.ReversedAt,
        payment.SameAsId);
}

/// <summary>A payment with all that happened to it.</summary>
internal sealed record PaymentStoryJson : PaymentJson
{
    private PaymentStoryJson(PaymentJson payment) : base(payment) { }

    /// <summary>From the prompt to the first accounting packet, the oldest first.</summary>
    public required IReadOnlyList<StepJson> Timeline { get; init; }

    /// <summary>Whose it may be, while it waits in suspense; the likeliest first.</summary>
    public required IReadOnlyList<SuggestionJson> Suggestions { get; init; }

    public static PaymentStoryJson Of(ReceivedPayment payment, IReadOnlyList<PaymentEvent> events, IReadOnlyList<Suggestion> suggestions)
        => new(PaymentJson.Of(payment))
        {
            Timeline = [.. events.Select(step => new StepJson(step.At, step.Step, PaymentStates.Of(step.Step, payment.Rail), step.Detail, step.Until))],
            Suggestions = [.. suggestions.Select(s => new SuggestionJson(new ApiLink(s.CustomerId, s.Customer), s.RequestId, s.Reason))],
        };
}

/// <param name="Words">The step, for people.</param>
/// <param name="Detail">In the words of whoever did it.</param>
/// <param name="Until">For granted access: its end.</param>
internal sealed record StepJson(DateTimeOffset At, PaymentStep Step, string Words, string? Detail, DateTimeOffset? Until);

/// <param name="PromptId">The prompt for this amount that it would settle.</param>
internal sealed record SuggestionJson(ApiLink Customer, Guid? PromptId, SuggestionReason Reason);
