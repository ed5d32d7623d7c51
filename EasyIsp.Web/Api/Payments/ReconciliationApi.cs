using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments.Reconciliation;
using EasyIsp.Core.Tenancy;
using EasyIsp.Web.Access;
using EasyIsp.Web.Payments.Reconciliation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EasyIsp.Web.Api.Payments;

internal static class ReconciliationApi
{
    private const int UsualDays = 7;

    public static void MapReconciliation(this IEndpointRouteBuilder api)
        => api.MapGet("/reconciliation", ReadAsync).Needs(Permission.ReconciliationView).WithTags(PaymentsApi.Tag)
            .WithSummary("Day by day whether statement, payments, ledger and access agree, and what does not");

    /// <param name="from">Its first day, in the company's calendar; the last week where nothing is said.</param>
    /// <param name="to">Its last day; today where nothing is said.</param>
    /// <param name="account">All where nothing is said.</param>
    private static async Task<Results<Ok<ReconciliationJson>, ProblemHttpResult>> ReadAsync(
        DateOnly? from, DateOnly? to, Guid? account, ConsoleSession session, TimeProvider clock, ReconciliationReport reconciliation, CancellationToken cancellationToken)
    {
        var today = new TenantCalendar(session.Tenant).DayOf(clock.GetUtcNow());
        var until = to ?? today;
        var since = from ?? DateOnly.FromDayNumber(Math.Max(0, until.DayNumber - UsualDays + 1));
        var query = new ReconciliationQuery(since, until, account);
        if (query.Days is < 1 or > ReconciliationReport.MostDays || until > today || since.Year < 2000)
            return ApiProblems.Unreadable($"'from' and 'to' are days up to today, the first before the last, of {ReconciliationReport.MostDays} days at most.");

        var figures = await reconciliation.ReadAsync(query, cancellationToken);
        return TypedResults.Ok(new ReconciliationJson(
            [.. figures.Days.Select(ReconciledDayJson.Of)], [.. figures.Differences.Select(difference => DifferenceJson.Of(difference, session.Tenant))]));
    }
}

/// <param name="Days">Also those on which nothing came.</param>
/// <param name="Differences">Those that nobody has explained first; at most 200.</param>
internal sealed record ReconciliationJson(IReadOnlyList<ReconciledDayJson> Days, IReadOnlyList<DifferenceJson> Differences);

/// <summary>What one day's money was, in the company's currency; a payment is counted on the day on which it was paid.</summary>
/// <param name="IsConfirmed">All of it agrees, and all of it was compared.</param>
/// <param name="Coverage">How much of the day's statement is read.</param>
/// <param name="Statement">By the provider's books.</param>
/// <param name="ByStaff">Cash, cheques and bank deposits that were written down.</param>
/// <param name="Awaited">Of the payments those that no statement proves yet.</param>
/// <param name="Access">Of the payments what was spent on packages up to now.</param>
/// <param name="Unspent">Of the payments what is in wallets still.</param>
/// <param name="GivenBack">Or on its way back.</param>
/// <param name="Difference">Statement less books.</param>
/// <param name="Differences">That nobody has explained.</param>
internal sealed record ReconciledDayJson(
    DateOnly Day,
    bool IsConfirmed,
    StatementCoverage Coverage,
    decimal Statement,
    decimal ByStaff,
    decimal Payments,
    decimal Awaited,
    decimal Ledger,
    decimal Access,
    decimal Unspent,
    decimal Suspense,
    decimal GivenBack,
    decimal Difference,
    int Differences,
    int Explained)
{
    public static ReconciledDayJson Of(ReconciledDay day) => new(
        day.Sums.Day,
        day.IsZero,
        day.Coverage,
        day.Sums.Statement,
        day.Sums.Counter,
        day.Sums.Payments,
        day.Sums.Awaited,
        day.Sums.Ledger,
        day.Sums.Access,
        day.Sums.Unspent,
        day.Sums.Suspense,
        day.Sums.GivenBack,
        day.Sums.Difference,
        day.Sums.Differences,
        day.Sums.Explained);
}

/// <summary>One receipt on which the sides do not agree.</summary>
/// <param name="PaymentId">Null when it is not booked.</param>
/// <param name="Receipt">Null while the provider has not told it.</param>
/// <param name="Stated">On the statement; null when it is not there.</param>
/// <param name="Entered">By the journal.</param>
/// <param name="Explanation">A person's; null while there is none of these very amounts.</param>
/// <param name="ExplainedBefore">What was found out while the two sides differed otherwise, the oldest first.</param>
internal sealed record DifferenceJson(
    DifferenceKind Kind,
    DateTimeOffset At,
    Guid AccountId,
    Guid? PaymentId,
    string? Receipt,
    decimal? Stated,
    decimal? Booked,
    decimal? Entered,
    string WhatToDo,
    string? Explanation,
    IReadOnlyList<ExplanationJson> ExplainedBefore)
{
    public static DifferenceJson Of(Difference difference, Tenant tenant) => new(
        difference.Kind,
        difference.At,
        difference.AccountId,
        difference.PaymentId,
        difference.Number,
        difference.Stated,
        difference.Booked,
        difference.Entered,
        ReconciliationWords.Advice(difference, tenant),
        difference.Explanation,
        [.. difference.Earlier.Select(ExplanationJson.Of)]);
}

/// <summary>What a person found out about a difference.</summary>
/// <param name="Stated">On the statement then; null when it was not there.</param>
/// <param name="Booked">Then; null when it was not.</param>
/// <param name="Entered">By the journal then.</param>
internal sealed record ExplanationJson(DifferenceKind Kind, decimal? Stated, decimal? Booked, decimal? Entered, string Reason, string By, DateTimeOffset At)
{
    public static ExplanationJson Of(Explanation explanation) => new(
        explanation.Kind, explanation.Stated, explanation.Booked, explanation.Entered, explanation.Reason, explanation.By, explanation.At);
}
