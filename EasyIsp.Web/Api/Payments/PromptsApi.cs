using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Reports;
using EasyIsp.Core.Shared;
using EasyIsp.Web.Access;
using EasyIsp.Web.Payments;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EasyIsp.Web.Api.Payments;

internal static class PromptsApi
{
    public static void MapPrompts(this IEndpointRouteBuilder api)
    {
        var prompts = api.MapGroup("").WithTags(PaymentsApi.Tag);
        prompts.MapPost("/customers/{id:guid}/prompts", AskAsync).Needs(Permission.PaymentsAsk)
            .WithSummary("Asks a customer to pay: a prompt appears on a phone; what becomes of it is asked at its address")
            .WithDescription("Who is asked the same twice within a minute gets the prompt that is on its way already.");
        prompts.MapGet("/prompts/{id:guid}", FindAsync).Needs(Permission.PaymentsView)
            .WithSummary("How far a prompt is: created, submitting, submittedUnknown, pending, paid, failed, rejected or expired");
    }

    private static async Task<Results<Accepted<PromptJson>, ProblemHttpResult>> AskAsync(
        Guid id, PromptInput input, ConsoleSession session, TimeProvider clock, CustomerOverview customers, PromptDesk desk, CancellationToken cancellationToken)
    {
        if (input.Faults().ToList() is { Count: > 0 } faults)
            return ApiProblems.Invalid(faults);

        var phone = input.Phone ?? (await customers.FindAsync(id, cancellationToken))?.Phone;
        var wanted = new CustomerPrompt(
            input.Id ?? Guid.CreateVersion7(clock.GetUtcNow()), id, PhoneNumber.Normalize(phone, session.Tenant.Country) ?? "", input.Amount ?? 0, input.PackageId)
        {
            Rail = input.Rail,
            AccountId = input.AccountId,
        };
        var outcome = await desk.AskAsync(wanted, cancellationToken);
        return outcome is PromptOutcome.Asked { RequestId: var asked } && await desk.StatusAsync(asked, cancellationToken) is { } prompt
            ? TypedResults.Accepted($"/api/v1/prompts/{asked}", PromptJson.Of(prompt))
            : Refuse(outcome, input);
    }

    private static async Task<Results<Ok<PromptJson>, ProblemHttpResult>> FindAsync(Guid id, PromptDesk desk, CancellationToken cancellationToken)
        => await desk.StatusAsync(id, cancellationToken) is { } prompt ? TypedResults.Ok(PromptJson.Of(prompt)) : ApiProblems.NotFound("prompt");

    private static ProblemHttpResult Refuse(PromptOutcome outcome, PromptInput input) => outcome switch
    {
        PromptOutcome.Refused refused => ApiProblems.Invalid(refused.Faults.Select(fault => (FieldOf(fault, input), PaymentStates.Of(fault)))),
        PromptOutcome.CustomerGone => ApiProblems.NotFound("customer"),
        PromptOutcome.PackageGone => ApiProblems.Invalid(("packageId", "A package that is sold to customers of this kind, and costs something.")),
        PromptOutcome.NoPaymentAccount when input.AccountId is not null => ApiProblems.Invalid(("accountId", "An account that can send prompts, and is in use.")),
        PromptOutcome.NoPaymentAccount when input.Rail is not null => ApiProblems.Invalid(("rail", "No account of this rail that can send prompts is in use.")),
        PromptOutcome.TooMany => ApiProblems.TooMany(PaymentStates.Of(outcome)),
        PromptOutcome.IdTaken => ApiProblems.Conflict("Under this id something else was asked for. Make an id once for each prompt; nothing was sent."),
        _ => ApiProblems.Conflict(PaymentStates.Of(outcome)),
    };

    private static string FieldOf(CustomerPromptFault fault, PromptInput input)
        => fault == CustomerPromptFault.Phone ? "phone" : input.PackageId is null ? "amount" : "packageId";
}

/// <summary>What a customer is asked for: a package at its price, or an amount for the wallet.</summary>
/// <param name="Id">Of the prompt to be, a UUID; sent again with it, one prompt is sent.</param>
/// <param name="Amount">Whole, in the company's currency.</param>
/// <param name="Phone">Of whoever is to pay, in any spelling; the customer's where nothing is said.</param>
/// <param name="Rail">mpesa or paystack; that of the newest account where nothing is said.</param>
/// <param name="AccountId">Into which account; the newest of the rail where nothing is said.</param>
internal sealed record PromptInput(
    Guid? Id = null, Guid? PackageId = null, decimal? Amount = null, string? Phone = null, Rail? Rail = null, Guid? AccountId = null)
{
    public IEnumerable<(string Field, string Fault)> Faults()
    {
        if (Id == Guid.Empty)
            yield return ("id", "A UUID of your own, the same at every try; or none.");
        if ((PackageId is null) == (Amount is null))
            yield return ("amount", "A package or an amount: a package is asked for at its price.");
        if (Rail is not null && AccountId is not null)
            yield return ("rail", "Leave it out where the account is named.");
    }
}
