using System.Diagnostics.Metrics;
using System.Text.Json;
using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Radius.Listen;

namespace EasyIsp.Radius.Process;

/// <summary>How logins end.</summary>
internal sealed class LoginMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _logins = meters.Create(RadiusMetrics.MeterName)
        .CreateCounter<long>("radius.logins", "{login}", "Logins decided, by outcome: admitted, or why not.");

    /// <param name="isLimited">Refused, and let in as far as a page that says why.</param>
    public void Decided(Refusal? refusal, bool isLimited) => _logins.Add(
        1,
        new KeyValuePair<string, object?>("outcome", refusal is { } why ? JsonNamingPolicy.SnakeCaseLower.ConvertName(why.ToString()) : "admitted"),
        new KeyValuePair<string, object?>("limited", isLimited));
}
