using System.Diagnostics.Metrics;

namespace EasyIsp.Web.Api.Events;

internal sealed class EventMetrics
{
    private readonly UpDownCounter<long> _streams;
    private readonly Counter<long> _events;

    public EventMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("EasyIsp.Web");
        _streams = meter.CreateUpDownCounter<long>("api.event_streams", "{stream}", "Event streams of API clients that are open.");
        _events = meter.CreateCounter<long>("api.events", "{event}", "Events sent to API clients, by type.");
    }

    public void Opened() => _streams.Add(1);

    public void Closed() => _streams.Add(-1);

    public void Sent(string type) => _events.Add(1, new KeyValuePair<string, object?>("type", type));
}
