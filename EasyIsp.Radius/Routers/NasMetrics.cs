using System.Diagnostics.Metrics;
using EasyIsp.Radius.Listen;

namespace EasyIsp.Radius.Routers;

/// <summary>How many routers are known, and by what.</summary>
internal sealed class NasMetrics
{
    private readonly Gauge<int> _identities;

    public NasMetrics(IMeterFactory meters)
        => _identities = meters.Create(RadiusMetrics.MeterName).CreateGauge<int>(
            "radius.nas", "{identity}", "What routers are known by: addresses, tunnel addresses, ranges, certificates.");

    public void Know(NasIdentities identities)
    {
        Record("address", identities.Addresses);
        Record("tunnel", identities.Tunnels);
        Record("range", identities.Ranges);
        Record("certificate", identities.Certificates);
    }

    private void Record(string kind, int count) => _identities.Record(count, new KeyValuePair<string, object?>("kind", kind));
}

/// <param name="Certificates">Good ones; a router may have several, as it may have several ranges.</param>
internal sealed record NasIdentities(int Addresses, int Tunnels, int Ranges, int Certificates);
