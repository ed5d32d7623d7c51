using System.Diagnostics.Metrics;
using System.Text.Json;
using EasyIsp.Core.Orders;
using EasyIsp.Radius.Listen;

namespace EasyIsp.Radius.Orders;

/// <summary>What becomes of orders to the network.</summary>
internal sealed class OrderMetrics
{
    private static readonly double[] DelayBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private readonly Counter<long> _orders;
    private readonly Histogram<double> _delay;

    public OrderMetrics(RouterDoors doors, IMeterFactory meters)
    {
        var meter = meters.Create(RadiusMetrics.MeterName);
        _orders = meter.CreateCounter<long>("radius.orders", "{order}", "Orders tried, by kind and what came of it.");
        _delay = meter.CreateHistogram(
            "radius.order.delay",
            "s",
            "From the order's commit to its first packet.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = DelayBounds });
        meter.CreateObservableGauge("radius.order.dead_routers", () => doors.Shut, "{router}", "Routers taken for dead: their orders wait for a probe.");
    }

    /// <summary>The first packet of an order leaves.</summary>
    public void Leaves(NetworkOrder order, DateTimeOffset now)
    {
        if (order.Tries == 0)
            _delay.Record(Math.Max(0, (now - order.CreatedAt).TotalSeconds), Kind(order));
    }

    public void Reported(NetworkOrder order, OrderReport report) => _orders.Add(
        1, Kind(order), new KeyValuePair<string, object?>("outcome", JsonNamingPolicy.SnakeCaseLower.ConvertName(report.GetType().Name)));

    private static KeyValuePair<string, object?> Kind(NetworkOrder order)
        => new("kind", JsonNamingPolicy.SnakeCaseLower.ConvertName(order.Kind.ToString()));
}
