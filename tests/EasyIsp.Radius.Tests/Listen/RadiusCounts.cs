using System.Diagnostics.Metrics;
using EasyIsp.Radius.Listen;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Radius.Tests.Listen;

/// <summary>The worker's own metrics and what they have counted, by instrument and first tag.</summary>
internal sealed class RadiusCounts : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<(string, string), double> _sums = [];
    private readonly Dictionary<string, double> _totals = [];
    private readonly ServiceProvider? _services;
    private readonly MeterListener _listener = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RadiusCounts()
        : this(new ServiceCollection().AddMetrics().BuildServiceProvider())
    {
    }

    /// <summary>What a running worker counts.</summary>
    public RadiusCounts(IMeterFactory meters)
    {
        Metrics = new RadiusMetrics(meters);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == RadiusMetrics.MeterName && instrument.Meter.Scope == meters)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    private RadiusCounts(ServiceProvider services)
        : this(services.GetRequiredService<IMeterFactory>()) => _services = services;

    public RadiusMetrics Metrics { get; }

    public double Of(string instrument, string tag)
    {
        lock (_sums)
            return _sums.GetValueOrDefault((instrument, tag));
    }

    public double Total(string instrument)
    {
        lock (_sums)
            return _totals.GetValueOrDefault(instrument);
    }

    public int TagsOf(string instrument)
    {
        lock (_sums)
            return _sums.Keys.Count(key => key.Item1 == instrument);
    }

    public async Task UntilAsync(string instrument, string tag, double sum, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_sums)
            {
                if (_sums.GetValueOrDefault((instrument, tag)) >= sum)
                    return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(Patience, cancellationToken);
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services?.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_sums)
        {
            var key = (instrument.Name, tags.IsEmpty ? "" : (string)tags[0].Value!);
            _sums[key] = _sums.GetValueOrDefault(key) + value;
            _totals[instrument.Name] = _totals.GetValueOrDefault(instrument.Name) + value;
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
