using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Tenancy;
using EasyIsp.Web.Access;
using EasyIsp.Web.Payments;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EasyIsp.Web.Api.Payments;

/// <summary>Cash, cheques and bank deposits that a program takes in the company's name.</summary>
internal static class CounterApi
{
    public static void MapCounter(this IEndpointRouteBuilder api)
        => api.MapPost("/payments", TakeAsync).Needs(Permission.PaymentsRecord).WithTags(PaymentsApi.Tag)
            .WithSummary("Books money that was taken, into the customer's wallet")
            .WithDescription("201 when it is booked, 200 when it was booked under this id before: a retry with the same id never books twice.");

    private static async Task<Results<Created<PaymentJson>, Ok<PaymentJson>, ProblemHttpResult>> TakeAsync(
        CounterPaymentInput input, ConsoleSession session, TimeProvider clock, CounterDesk desk, ReceivedPayments payments, CancellationToken cancellationToken)
    {
        if (input.Missing().ToList() is { Count: > 0 } missing)
            return ApiProblems.Invalid(missing);

        var outcome = await desk.TakeAsync(input.ToPayment(new TenantCalendar(session.Tenant).DayOf(clock.GetUtcNow())), cancellationToken);
        if (outcome is not TakeOutcome.Taken { PaymentId: var id, WasKnown: var wasKnown })
            return Refuse(outcome, session.Tenant);

        var payment = PaymentJson.Of((await payments.FindAsync(id, cancellationToken))!);
        return wasKnown ? TypedResults.Ok(payment) : TypedResults.Created($"/api/v1/payments/{id}", payment);
    }

    private static ProblemHttpResult Refuse(TakeOutcome outcome, Tenant tenant) => outcome switch
    {
        TakeOutcome.Refused refused => ApiProblems.Invalid(refused.Faults.Select(fault => (FieldOf(fault), PaymentStates.Of(fault, tenant)))),
        TakeOutcome.IdTaken => ApiProblems.Conflict("Under this id another payment is booked. Make an id once for each payment, and send the same figures when you send it again."),
        TakeOutcome.ReferenceTaken { PaymentId: { } known } => ApiProblems.Conflict($"This reference is booked already, as payment {known}. Nothing was written."),
        TakeOutcome.ReferenceTaken => ApiProblems.Conflict("This reference was booked at the same moment. Nothing was written."),
        TakeOutcome.CustomerGone => ApiProblems.Invalid(("customerId", "Your company has no such customer, or none any more.")),
        _ => ApiProblems.Invalid(("accountId", "One of your accounts for cash, cheques or the bank that is in use: see /api/v1/payment-accounts.")),
    };

    private static string FieldOf(CounterFault fault) => fault switch
    {
        CounterFault.Day => "day",
        CounterFault.Reference => "reference",
        CounterFault.Note => "note",
        _ => "amount",
    };
}

/// <summary>Money that was taken.</summary>
/// <param name="Id">Of the payment to be, a UUID that the program makes once for it and sends with every try.</param>
/// <param name="AccountId">The drawer, the box of cheques or the bank account.</param>
/// <param name="Amount">In the company's currency.</param>
/// <param name="Day">In the company's calendar; today where nothing is said.</param>
/// <param name="Reference">The number of the slip, cheque or receipt; cash without one gets a number.</param>
internal sealed record CounterPaymentInput(
    Guid? Id, Guid? CustomerId, Guid? AccountId, decimal? Amount, DateOnly? Day = null, string? Reference = null, string? Note = null)
{
    public IEnumerable<(string Field, string Fault)> Missing()
    {
        if (Id is null || Id == Guid.Empty)
            yield return ("id", "A UUID of your own, the same at every try.");
        if (CustomerId is null)
            yield return ("customerId", "Whose money it is.");
        if (AccountId is null)
            yield return ("accountId", "Where it was put: see /api/v1/payment-accounts.");
        if (Amount is null)
            yield return ("amount", "How much it is.");
    }

    /// <param name="today">The company's.</param>
    public CounterPayment ToPayment(DateOnly today) => new(
        Id!.Value, CustomerId!.Value, AccountId!.Value, Amount!.Value, Day ?? today, Reference, string.IsNullOrWhiteSpace(Note) ? null : Note.Trim());
}
