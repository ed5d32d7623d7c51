using System.Diagnostics.Metrics;
using EasyIsp.Radius.Listen;

namespace EasyIsp.Radius.Attempts;

/// <summary>What became of logins on their way into the log.</summary>
internal sealed class LoginLogMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _logins = meters.Create(RadiusMetrics.MeterName).CreateCounter<long>(
        "radius.login_log",
        "{login}",
        "Logins on their way into the log: written, left out (too many admitted in a second), overflown (no room), lost (the database was away).");

    public void Written(int count) => Add("written", count);

    public void LeftOut(int count) => Add("left_out", count);

    public void Overflown() => Add("overflown", 1);

    public void Lost(int count) => Add("lost", count);

    private void Add(string result, int count) => _logins.Add(count, new KeyValuePair<string, object?>("result", result));
}
