using EasyIsp.Core.Payments.Reconciliation;
using EasyIsp.Core.Tenancy;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Payments.Reconciliation;

/// <summary>What the console says of differences.</summary>
internal static class ReconciliationWords
{
    public static string Advice(Difference difference, Tenant tenant) => DifferenceWords.Advice(difference, amount => Figures.Money(amount, tenant));

    public static string Of(Explanation earlier, Tenant tenant) => DifferenceWords.Of(earlier, amount => Figures.Money(amount, tenant));

    public static State Of(ReconciledDay day) => day switch
    {
        { Sums.Differences: > 0 } => State.Differs,
        { IsZero: false } => State.Unconfirmed,
        _ => State.Confirmed,
    };

    public static string Title(ReconciledDay day) => day switch
    {
        { Sums.Differences: > 0 and var count } => count == 1 ? "1 difference" : $"{Figures.Count(count)} differences",
        { Coverage: StatementCoverage.NotYet } => "It has just begun: M-Pesa's books may be late",
        { Coverage: StatementCoverage.None } => "No statement of that day has been read",
        { Coverage: StatementCoverage.Part } => "Of a part of the day no statement has been read",
        { Sums.Awaited: not 0 } => "Some of its money is not on a statement yet",
        { Sums.Explained: > 0 and var count } => count == 1 ? "All agrees, 1 difference is explained" : $"All agrees, {Figures.Count(count)} differences are explained",
        _ => "All agrees",
    };

    public static string Of(UploadOutcome outcome, TenantCalendar calendar) => outcome switch
    {
        UploadOutcome.AccountGone => "Choose the account that the statement is of.",
        UploadOutcome.RowsUnread => "It has rows of money that cannot be read, or that are no payment. Nothing was taken.",
        UploadOutcome.NoSuchPeriod => "The days must lie behind us, the first before the last.",
        UploadOutcome.RowsOutside rows => $"The file has payments of {Periods.InWords(calendar.DayOf(rows.First), calendar.DayOf(rows.Last))}. Choose days that hold them all.",
        UploadOutcome.OtherAccount other => $"This is the statement of {other.Name}. Nothing was taken; choose that account.",
        _ => "",
    };
}
