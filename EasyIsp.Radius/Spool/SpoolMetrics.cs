using System.Diagnostics.Metrics;
using EasyIsp.Radius.Listen;

namespace EasyIsp.Radius.Spool;

/// <summary>What waits on disk, and what became of it.</summary>
internal sealed class SpoolMetrics
{
    private readonly Counter<long> _replayed;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _setAside;

    public SpoolMetrics(AccountingSpool spool, IMeterFactory meters)
    {
        var meter = meters.Create(RadiusMetrics.MeterName);
        meter.CreateObservableGauge("radius.spool.records", () => spool.Records, "{record}", "Accounting records that wait on disk.");
        meter.CreateObservableGauge("radius.spool.size", () => spool.Bytes, "By", "Room that they take.");
        meter.CreateObservableGauge(
            "radius.spool.age", () => spool.Age?.TotalSeconds ?? 0, "s", "How long the oldest of them has waited.");
        _replayed = meter.CreateCounter<long>("radius.spool.replayed", "{record}", "Records brought from disk into the database.");
        _refused = meter.CreateCounter<long>("radius.spool.refused", "{record}", "Records from disk that the database refused, set aside in a file.");
        _setAside = meter.CreateCounter<long>("radius.spool.damaged", "{record}", "Damaged records from disk, set aside in a file.");
    }

    public void Replayed(int count) => _replayed.Add(count);

    public void Refused(int count) => _refused.Add(count);

    public void SetAside(int count) => _setAside.Add(count);
}
