using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Reconciliation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EasyIsp.Web.Api.Payments;

internal static class PaymentsApi
{
    public const string Tag = "Payments";

    public static void MapPayments(this IEndpointRouteBuilder api)
    {
        var payments = api.MapGroup("").WithTags(Tag);
        payments.MapGet("/payments", ListAsync).Needs(Permission.PaymentsView).WithSummary("Money that came, the latest booked first")
            .WithDescription("""
                state: booked, suspense, refunded, reversed or same (told twice; listed only where it is asked for). rail: mpesa, cash, cheque,
                bank or paystack. from: booked then or later; to: booked before. search: a receipt or a reference, or its first three signs or more.
                """);
        payments.MapGet("/payments/{id:guid}", FindAsync).Needs(Permission.PaymentsView).WithSummary("One payment with all that happened to it");
        payments.MapGet("/payment-accounts", AccountsAsync).Needs(Permission.PaymentsView).WithSummary("Where money comes in; all at once");
    }

    /// <param name="state">booked, suspense, refunded, reversed or same; without it all but same, which are payments told twice.</param>
    /// <param name="rail">mpesa, cash, cheque, bank or paystack.</param>
    /// <param name="account">Where it came in.</param>
    /// <param name="from">Booked then or later.</param>
    /// <param name="to">Booked before.</param>
    /// <param name="search">A receipt or a reference, or its beginning of three signs or more.</param>
    private static async Task<ApiPage<PaymentJson>> ListAsync(
        [AsParameters] ApiPageQuery page,
        Guid? customer,
        Guid? account,
        string? state,
        string? rail,
        DateTimeOffset? from,
        DateTimeOffset? to,
        string? search,
        ReceivedPayments payments,
        CancellationToken cancellationToken)
    {
        var query = new ReceivedQuery(
            search,
            ApiChoice.Read<PaymentStanding>(state, nameof(state)),
            customer,
            account,
            ApiChoice.Read<Rail>(rail, nameof(rail)),
            from?.ToUniversalTime(),
            to?.ToUniversalTime());
        return ApiPage<PaymentJson>.Of(await payments.ListAsync(query, page.Slice, cancellationToken), PaymentJson.Of, payment => payment.Id);
    }

    private static async Task<Results<Ok<PaymentStoryJson>, ProblemHttpResult>> FindAsync(
        Guid id, ReceivedPayments payments, PaymentTimeline timeline, CancellationToken cancellationToken)
    {
        if (await payments.FindAsync(id, cancellationToken) is not { } payment)
            return ApiProblems.NotFound("payment");
        if (payment.RequestId is { } prompt)
            return TypedResults.Ok(PaymentStoryJson.Of(payment, (await timeline.TellAsync(prompt, cancellationToken))?.Events ?? [], []));

        var story = await timeline.TellDepositAsync(id, cancellationToken);
        return TypedResults.Ok(PaymentStoryJson.Of(payment, story?.Events ?? [], story?.Suggestions ?? []));
    }

    private static async Task<ApiPage<PaymentAccountJson>> AccountsAsync(ReconciliationReport reconciliation, CancellationToken cancellationToken)
        => new([.. (await reconciliation.AccountsAsync(cancellationToken)).Select(PaymentAccountJson.Of)], Next: null);
}

/// <param name="IsOfStaff">No provider tells of its money: staff, or a program, write it down.</param>
internal sealed record PaymentAccountJson(Guid Id, string Name, Rail Rail, bool IsOfStaff, bool IsDisabled)
{
    public static PaymentAccountJson Of(ReconciledAccount account) => new(account.Id, account.Name, account.Rail, account.Rail.IsCounter(), account.IsDisabled);
}
