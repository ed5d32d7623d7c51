using System.Globalization;

namespace EasyIsp.Benchmarks.Radius;

/// <summary>What the command line asked for.</summary>
/// <param name="Customers">In each database.</param>
/// <param name="PhaseSeconds">How long each kind of load lasts.</param>
/// <param name="Sessions">Customers who are online while interims are measured.</param>
/// <param name="IsAlone">Without FreeRADIUS.</param>
/// <param name="Only">Parts of the names of the phases to be measured; none are all.</param>
internal sealed record RunSettings(int Customers, double PhaseSeconds, int Sessions, bool IsAlone, IReadOnlyList<string> Only)
{
    /// <exception cref="FormatException">There is no such option, or its value is no number.</exception>
    public static RunSettings Parse(IEnumerable<string> options)
    {
        var settings = new RunSettings(100_000, 10, 20_000, IsAlone: false, []);
        foreach (var option in options)
        {
            settings = option.Split('=') switch
            {
                ["--quick"] => settings with { Customers = 20_000, PhaseSeconds = 2, Sessions = 4_000 },
                ["--alone"] => settings with { IsAlone = true },
                ["--customers", var number] => settings with { Customers = int.Parse(number, CultureInfo.InvariantCulture) },
                ["--seconds", var number] => settings with { PhaseSeconds = double.Parse(number, CultureInfo.InvariantCulture) },
                ["--only", var names] => settings with { Only = names.Split(',') },
                _ => throw new FormatException($"There is no option '{option}'. There are: --quick, --customers=N, --seconds=N, --alone, --only=PHASE,…"),
            };
        }

        return settings with { Sessions = Math.Min(settings.Sessions, settings.Customers) };
    }
}
