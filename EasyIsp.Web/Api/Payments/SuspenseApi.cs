using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Shared;
using EasyIsp.Web.Payments;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EasyIsp.Web.Api.Payments;

/// <summary>Money that nobody has said whose it is.</summary>
internal static class SuspenseApi
{
    public static void MapSuspense(this IEndpointRouteBuilder api)
    {
        var suspense = api.MapGroup("/suspense").WithTags(PaymentsApi.Tag);
        suspense.MapGet("", ListAsync).Needs(Permission.PaymentsView)
            .WithSummary("Money that waits until somebody says whose it is; whose it may be is told with each payment at its address");
        suspense.MapPost("/{id:guid}/place", PlaceAsync).Needs(Permission.PaymentsPlace)
            .WithSummary("Says whose it is: a customer's, into the wallet, or a prompt's, whose package is then delivered");
    }

    /// <param name="search">The beginning of a receipt, or what was typed as account or is in the payer's name.</param>
    private static async Task<ApiPage<PaymentJson>> ListAsync(
        [AsParameters] ApiPageQuery page, string? search, ReceivedPayments payments, CancellationToken cancellationToken)
        => ApiPage<PaymentJson>.Of(
            await payments.ListAsync(new ReceivedQuery(search, PaymentStanding.Suspense), page.Slice, cancellationToken), PaymentJson.Of, payment => payment.Id);

    private static async Task<Results<Ok<PaymentJson>, ProblemHttpResult>> PlaceAsync(
        Guid id, PlacingInput input, SuspenseDesk desk, ReceivedPayments payments, CancellationToken cancellationToken)
    {
        if (input.Faults().ToList() is { Count: > 0 } faults)
            return ApiProblems.Invalid(faults);

        var outcome = input.PromptId is { } prompt
            ? await desk.GiveToRequestAsync(id, prompt, input.Reason!, cancellationToken)
            : await desk.PlaceAsync(id, input.CustomerId!.Value, input.Reason!, cancellationToken);
        return outcome switch
        {
            PlaceOutcome.Placed when await payments.FindAsync(id, cancellationToken) is { } payment => TypedResults.Ok(PaymentJson.Of(payment)),
            PlaceOutcome.AlreadyPlaced => ApiProblems.Conflict("It does not wait in suspense, or no more. Read the payment; nothing was changed."),
            PlaceOutcome.CustomerGone => ApiProblems.Invalid(("customerId", "Your company has no such customer, or none any more.")),
            PlaceOutcome.RequestSettled => ApiProblems.Conflict("The prompt has its payment by now, asked for another amount, or does not exist. Place the money with the customer instead."),
            _ => ApiProblems.NotFound("payment"),
        };
    }
}

/// <summary>Whose it is, and how that is known.</summary>
/// <param name="Reason">Stays in the books.</param>
/// <param name="CustomerId">Either he or a prompt.</param>
/// <param name="PromptId">Either it or a customer. It asked for just this amount, and has no receipt.</param>
internal sealed record PlacingInput(string? Reason, Guid? CustomerId = null, Guid? PromptId = null)
{
    public IEnumerable<(string Field, string Fault)> Faults()
    {
        if ((CustomerId is null) == (PromptId is null))
            yield return ("customerId", "A customer or a prompt, and not both.");
        if (string.IsNullOrWhiteSpace(Reason) || !PlainText.Fits(Reason.Trim(), Allocation.MaxReasonLength))
            yield return ("reason", $"{PaymentStates.Of(PlaceOutcome.ReasonMissing)} Up to {Allocation.MaxReasonLength} signs.");
    }
}
