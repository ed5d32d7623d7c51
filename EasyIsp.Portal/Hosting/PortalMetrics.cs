using System.Diagnostics.Metrics;

namespace EasyIsp.Portal.Hosting;

/// <summary>What people and providers do at the portal. Counts only, no tenant and no person.</summary>
internal sealed class PortalMetrics
{
    public const string MeterName = "EasyIsp.Portal";

    private readonly Counter<long> _arrivals;
    private readonly Counter<long> _purchases;
    private readonly Counter<long> _paid;
    private readonly Counter<long> _callbacks;
    private readonly Counter<long> _forwardedSms;

    public PortalMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _arrivals = meter.CreateCounter<long>("easyisp.portal.arrivals", "{arrival}", "Browsers that a router sent.");
        _purchases = meter.CreateCounter<long>("easyisp.portal.purchases", "{purchase}", "Prompts that people asked for.");
        _paid = meter.CreateCounter<long>("easyisp.portal.paid", "{purchase}", "Purchases whose payer was shown that they are paid.");
        _callbacks = meter.CreateCounter<long>("easyisp.portal.callbacks", "{callback}", "Providers' callbacks, by what became of them at the door.");
        _forwardedSms = meter.CreateCounter<long>("easyisp.portal.forwarded_sms", "{message}", "SMS that phones passed on, by what became of them at the door.");
    }

    public void Arrived() => _arrivals.Add(1);

    public void PurchaseBegun() => _purchases.Add(1);

    public void Paid() => _paid.Add(1);

    public void ForwardedSms(string outcome) => _forwardedSms.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Callback(string outcome) => _callbacks.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
