using EasyIsp.Core.Payments.Reconciliation;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Payments.Reconciliation;

/// <summary>What the address of the reconciliation asks for: <c>?period=month&amp;account=…</c>.</summary>
internal static class ReconciliationQueries
{
    public const string Path = "/payments/reconciliation";

    /// <param name="today">The tenant's.</param>
    public static ReconciliationQuery Of(ListQuery query, DateOnly today)
    {
        var (from, until) = Periods.DaysOf(query, today, ReconciliationReport.MostDays);
        return new ReconciliationQuery(from, until, Guid.TryParse(query["account"], out var account) ? account : null);
    }
}
