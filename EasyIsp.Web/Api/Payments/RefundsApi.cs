using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments.Refunds;

namespace EasyIsp.Web.Api.Payments;

/// <summary>Money that went back. Programs only read: a refund is asked for and approved by people.</summary>
internal static class RefundsApi
{
    public static void MapRefunds(this IEndpointRouteBuilder api)
        => api.MapGet("/refunds", ListAsync).Needs(Permission.RefundsView).WithTags(PaymentsApi.Tag)
            .WithSummary("What was given back, is under way, or waits for a second person, the newest first");

    /// <param name="state">asked, underway, done, declined or failed.</param>
    /// <param name="search">The beginning of a payment's receipt, or whatever finds a customer.</param>
    private static async Task<ApiPage<RefundJson>> ListAsync(
        [AsParameters] ApiPageQuery page, string? state, string? search, RefundList refunds, CancellationToken cancellationToken)
        => ApiPage<RefundJson>.Of(
            await refunds.ListAsync(new RefundQuery(search, ApiChoice.Read<RefundState>(state, nameof(state))), page.Slice, cancellationToken),
            RefundJson.Of,
            row => row.Id);
}

/// <param name="Amount">In the company's currency.</param>
/// <param name="Customer">Null out of suspense.</param>
/// <param name="Receipt">The provider's number of what went back.</param>
/// <param name="Result">Why it failed, in the provider's words.</param>
/// <param name="IsLost">What became of it the provider never told: a person must say.</param>
internal sealed record RefundJson(
    Guid Id,
    RefundState State,
    RefundWay Way,
    decimal Amount,
    Guid PaymentId,
    ApiLink? Customer,
    string Reason,
    string AskedBy,
    string? DecidedBy,
    string? DecisionNote,
    string? Receipt,
    string? Result,
    bool IsLost,
    DateTimeOffset AskedAt,
    DateTimeOffset? SettledAt)
{
    public static RefundJson Of(RefundRow row) => new(
        row.Id,
        row.State,
        row.Way,
        row.Amount,
        row.PaymentId,
        row.CustomerId is { } customerId ? new ApiLink(customerId, row.Customer) : null,
        row.Reason,
        row.AskedBy,
        row.DecidedBy,
        row.DecisionNote,
        row.Receipt,
        row.Result,
        row.IsLost,
        row.AskedAt,
        row.SettledAt);
}
