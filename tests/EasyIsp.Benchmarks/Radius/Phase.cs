using EasyIsp.Benchmarks.Radius.Load;

namespace EasyIsp.Benchmarks.Radius;

/// <summary>One kind of load, the same for each server.</summary>
internal sealed record Phase(string Name, LoadOrder Order)
{
    public const string FirstLogins = "first logins";
    public const string Pap = "PAP";
    public const string Chap = "CHAP";
    public const string MsChap = "MS-CHAPv2";
    public const string PapAtRate = "PAP at 1,000/s";
    public const string Wrong = "wrong passwords";
    public const string Start = "accounting start";
    public const string Interim = "accounting interim";
    public const string InterimAtRate = "interim at 1,000/s";
    public const string Stop = "accounting stop";
    public const string Mixed = "mixed 1 : 4";

    private const int Rate = 1000;

    /// <summary>
    /// Not measured, and the same for each server: what is repeatable is shown as it is in the long run, when programs are
    /// compiled, caches filled, and plans made.
    /// </summary>
    public LoadOrder? WarmUp => Order.IsOnce || Order.PerSecond > 0 || Name == Wrong ? null : Order with { Seconds = Math.Min(2, Order.Seconds) };

    /// <summary>
    /// In the order in which they are run. What is not repeatable (first logins, starts, stops) ends when each customer
    /// has had his turn; first logins also end in time. Of a selection, what makes it possible stays.
    /// </summary>
    public static IReadOnlyList<Phase> Of(RunSettings settings) => settings.Only.Count == 0
        ? All(settings)
        : [.. All(settings).Where(phase => phase.Name is FirstLogins or Start
            || settings.Only.Any(name => phase.Name.Contains(name, StringComparison.OrdinalIgnoreCase)))];

    private static IReadOnlyList<Phase> All(RunSettings settings)
    {
        var (seconds, all, online) = (settings.PhaseSeconds, settings.Customers, settings.Sessions);
        const double Patience = 120;
        return
        [
            new(FirstLogins, new LoadOrder(["pap"], all, IsOnce: true, Seconds: 3 * seconds)),
            new(Pap, new LoadOrder(["pap"], all, Seconds: seconds)),
            new(Chap, new LoadOrder(["chap"], all, Seconds: seconds)),
            new(MsChap, new LoadOrder(["mschap"], all, Seconds: seconds)),
            new(PapAtRate, new LoadOrder(["pap"], all, PerSecond: Rate, Seconds: seconds)),
            new(Wrong, new LoadOrder(["wrong"], all, Outstanding: 512, Seconds: Math.Min(seconds, 5))),
            new(Start, new LoadOrder(["start"], online, IsOnce: true, Seconds: Patience)),
            new(Interim, new LoadOrder(["interim"], online, Seconds: seconds)),
            new(InterimAtRate, new LoadOrder(["interim"], online, PerSecond: Rate, Seconds: seconds)),
            new(Stop, new LoadOrder(["stop"], online, IsOnce: true, Seconds: Patience)),
            new(Mixed, new LoadOrder(["pap", "start", "interim", "interim", "stop"], all, Seconds: seconds)),
        ];
    }
}

/// <summary>What a phase showed of one server.</summary>
/// <param name="Settled">From the last answer until all that was acknowledged was in the database; the CPU times go until then.</param>
/// <param name="Mebibytes">Resident memory of the server when the phase had ended.</param>
internal sealed record Measurement(LoadReport Load, double ServerCpuSeconds, double DatabaseCpuSeconds, TimeSpan Settled, double Mebibytes)
{
    public double CpuPerThousand => (ServerCpuSeconds + DatabaseCpuSeconds) * 1000 / Load.Answered;
}
