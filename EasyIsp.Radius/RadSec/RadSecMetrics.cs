using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using System.Text.Json;
using EasyIsp.Radius.Listen;

namespace EasyIsp.Radius.RadSec;

/// <summary>What happens to connections; their packets count with all others.</summary>
internal sealed class RadSecMetrics
{
    private readonly FrozenDictionary<RadSecFailure, string> _failureNames = Names<RadSecFailure>();
    private readonly FrozenDictionary<RadSecEnd, string> _endNames = Names<RadSecEnd>();
    private readonly UpDownCounter<long> _connections;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _ends;

    public RadSecMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(RadiusMetrics.MeterName);
        _connections = meter.CreateUpDownCounter<long>("radius.radsec.connections", "{connection}", "RadSec connections of routers.");
        _failures = meter.CreateCounter<long>("radius.radsec.failures", "{connection}", "RadSec connections that were not taken, by reason.");
        _ends = meter.CreateCounter<long>("radius.radsec.ends", "{connection}", "RadSec connections that are over, by reason.");
    }

    public void Refused(RadSecFailure failure) => _failures.Add(1, new KeyValuePair<string, object?>("reason", _failureNames[failure]));

    public void Began() => _connections.Add(1);

    public void Ended(RadSecEnd end)
    {
        _connections.Add(-1);
        _ends.Add(1, new KeyValuePair<string, object?>("reason", _endNames[end]));
    }

    private static FrozenDictionary<T, string> Names<T>() where T : struct, Enum
        => Enum.GetValues<T>().ToFrozenDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
}
