using System.Diagnostics.Metrics;
using EasyIsp.Core.Payments.ProviderOrders;
using EasyIsp.Core.Payments.Reconciliation.Daily;

namespace EasyIsp.Core.Payments;

/// <summary>What we ask of providers and what comes of it. Counts only, no tenant and no person.</summary>
public sealed class ProviderMetrics
{
    public const string MeterName = "EasyIsp.Payments";

    private readonly Counter<long> _orders;
    private readonly Counter<long> _pulls;
    private readonly Counter<long> _found;
    private readonly Counter<long> _reports;

    public ProviderMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _orders = meter.CreateCounter<long>("easyisp.payments.orders", "{order}", "Orders to the provider, by kind and by the state that they came to.");
        _pulls = meter.CreateCounter<long>("easyisp.payments.pulls", "{pull}", "Pulls of a statement, by whether they failed.");
        _found = meter.CreateCounter<long>("easyisp.payments.found", "{payment}", "Payments that only a pull told of: their messages were lost.");
        _reports = meter.CreateCounter<long>("easyisp.payments.daily_reports", "{try}", "Tries to mail a company's daily report, by what became of it.");
    }

    internal void Ordered(ProviderOrder order) => _orders.Add(
        1, new KeyValuePair<string, object?>("kind", $"{order.Kind}"), new KeyValuePair<string, object?>("state", $"{order.State}"));

    internal void Mailed(DailyReportState state) => _reports.Add(1, new KeyValuePair<string, object?>("outcome", state switch
    {
        DailyReportState.Sent => "sent",
        DailyReportState.Failed => "given-up",
        _ => "failed",
    }));

    internal void Pulled(bool isComplete, int found)
    {
        _pulls.Add(1, new KeyValuePair<string, object?>("outcome", isComplete ? "complete" : "failed"));
        _found.Add(found);
    }
}
