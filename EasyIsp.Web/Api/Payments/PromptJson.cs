using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Web.Payments;

namespace EasyIsp.Web.Api.Payments;

/// <summary>One prompt on one phone.</summary>
/// <param name="Package">What the money is to buy; null fills the wallet.</param>
/// <param name="Phone">E.164, of the phone that gets the prompt.</param>
/// <param name="Trouble">Why it is not paid; null while all is well.</param>
/// <param name="PaymentId">Null until the money came.</param>
/// <param name="Receipt">Null until the provider told it, which may be a moment after the money.</param>
/// <param name="AskedBy">Null when the payer asked for it himself.</param>
internal sealed record PromptJson(
    Guid Id,
    PaymentRequestState State,
    TroubleJson? Trouble,
    decimal Amount,
    string Phone,
    ApiLink Customer,
    ApiLink? Package,
    Rail Rail,
    ApiLink Account,
    string? AskedBy,
    Guid? PaymentId,
    string? Receipt,
    DateTimeOffset CreatedAt,
    DateTimeOffset? SubmittedAt,
    DateTimeOffset? SettledAt)
{
    public static PromptJson Of(PromptStatus prompt) => new(
        prompt.Id,
        prompt.State,
        TroubleJson.Of(prompt),
        prompt.Amount,
        prompt.Phone,
        new ApiLink(prompt.CustomerId, prompt.Customer),
        prompt.PackageId is { } package ? new ApiLink(package, prompt.Package) : null,
        prompt.Rail,
        new ApiLink(prompt.AccountId, prompt.Account),
        prompt.AskedBy,
        prompt.PaymentId,
        prompt.Receipt,
        prompt.CreatedAt,
        prompt.SubmittedAt,
        prompt.SettledAt);
}

/// <param name="Code">The provider's own result; of a prompt that it refused at once, the kind of refusal.</param>
internal sealed record TroubleJson(string? Code, string Why, string WhatToDo)
{
    private const string CompanyLooks = "Somebody of the company must look at its account with the provider: asked again, it fails again.";
    private const string AskSoon = "Ask again in two minutes.";

    public static TroubleJson? Of(PromptStatus prompt) => PaymentStates.Reason(prompt.State, prompt.ResultCode, prompt.Rail) is { } why
        ? new TroubleJson(prompt.ResultCode, why, WhatToDoAbout(prompt))
        : null;

    private static string WhatToDoAbout(PromptStatus prompt) => prompt.State switch
    {
        PaymentRequestState.SubmittedUnknown => "Wait and look again: asked now, the payer might pay twice.",
        PaymentRequestState.Expired => "Look for the money on the provider's statement before you ask again.",
        PaymentRequestState.Rejected => Enum.TryParse<ProviderRefusal>(prompt.ResultCode, out var refusal) ? Of(refusal) : AskSoon,
        _ => Of(StkResultCode.Of(prompt.ResultCode ?? "").Message),
    };

    private static string Of(ProviderRefusal refusal) => refusal switch
    {
        ProviderRefusal.SubscriberBusy or ProviderRefusal.Throttled or ProviderRefusal.Unavailable => AskSoon,
        ProviderRefusal.BadInput => "Look at phone and amount: asked again the same, it fails again.",
        _ => CompanyLooks,
    };

    private static string Of(PayerMessage message) => message switch
    {
        PayerMessage.ServiceBusy or PayerMessage.PromptAlreadyOpen or PayerMessage.PromptNotSent or PayerMessage.SameAmountTooSoon => AskSoon,
        PayerMessage.ProviderNotSetUp or PayerMessage.ProviderCannotReceive => CompanyLooks,
        PayerMessage.AmountTooSmall or PayerMessage.AmountTooLarge => "Ask for another amount.",
        PayerMessage.NotEnoughMoney or PayerMessage.DailyLimitReached or PayerMessage.PinLocked or PayerMessage.PayerAccountNotActive =>
            "Ask again when the payer has settled that, or ask another phone.",
        _ => "Ask again when the payer is ready; nothing is sent again by itself.",
    };
}
