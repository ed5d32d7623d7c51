using System.Diagnostics.Metrics;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>What was made of SMS. Counts only, no tenant and no person.</summary>
public sealed class MoneySmsMetrics
{
    public const string MeterName = "EasyIsp.Payments.Sms";

    private readonly Counter<long> _read;

    public MoneySmsMetrics(IMeterFactory meters)
        => _read = meters.Create(MeterName).CreateCounter<long>("easyisp.money_sms.read", "{message}", "SMS about money, by kind and by what became of them.");

    internal void Read(MoneySmsKind? kind, MoneySmsOutcome outcome) => _read.Add(
        1, new KeyValuePair<string, object?>("kind", kind?.ToString() ?? "none"), new KeyValuePair<string, object?>("outcome", outcome.ToString()));
}
