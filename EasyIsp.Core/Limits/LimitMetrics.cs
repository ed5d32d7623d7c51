using System.Diagnostics.Metrics;

namespace EasyIsp.Core.Limits;

/// <summary>What the limits let through and what they refuse, by rule. No tenant and no person.</summary>
internal sealed class LimitMetrics
{
    private readonly Counter<long> _tries;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _away;

    public LimitMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("EasyIsp.Limits");
        _tries = meter.CreateCounter<long>("easyisp.limits.tries", "{try}", "Tries that a limit counts; of a refused one the rule that refused it.");
        _failures = meter.CreateCounter<long>("easyisp.limits.failures", "{failure}", "Failures that lead to pauses: guessed voucher codes.");
        _away = meter.CreateCounter<long>("easyisp.limits.alone", "{try}", "Tries that a process judged by itself, for the shared count was away.");
    }

    public void Taken(LimitRule rule) => _tries.Add(1, Rule(rule), new("outcome", "taken"));

    public void Refused(LimitRule rule) => _tries.Add(1, Rule(rule), new("outcome", "refused"));

    public void Failed(LimitRule rule) => _failures.Add(1, Rule(rule));

    public void Alone() => _away.Add(1);

    private static KeyValuePair<string, object?> Rule(LimitRule rule) => new("rule", rule.Name);
}
