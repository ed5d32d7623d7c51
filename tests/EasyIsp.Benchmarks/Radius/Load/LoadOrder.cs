using System.Text.Json.Serialization;

namespace EasyIsp.Benchmarks.Radius.Load;

/// <summary>What the generator shall do next; one line of JSON on its standard input.</summary>
/// <param name="Steps">Names of <see cref="RequestKind"/>, sent one after the other for each customer, each when the one before is answered.</param>
/// <param name="Customers">How many of them take part, from the first.</param>
/// <param name="Outstanding">Closed loop: so many are under way at any time.</param>
/// <param name="PerSecond">Open loop: so many are sent a second, whatever comes back; zero is a closed loop.</param>
/// <param name="Seconds">Nothing new is sent afterwards.</param>
/// <param name="IsOnce">Ends when each customer has had his turn; else they have it again and again.</param>
/// <param name="PatienceMilliseconds">Until a request is sent again, at most <paramref name="Tries"/> times in all.</param>
internal sealed record LoadOrder(
    IReadOnlyList<string> Steps,
    int Customers,
    int Outstanding = 64,
    int PerSecond = 0,
    double Seconds = 10,
    bool IsOnce = false,
    int PatienceMilliseconds = 3000,
    int Tries = 4);

/// <summary>What came of it; one line of JSON on the generator's standard output.</summary>
/// <param name="Answered">Requests answered rightly.</param>
/// <param name="Wrong">Answers that verified badly or said another thing than they must.</param>
/// <param name="Fault">The first wrong one.</param>
/// <param name="Repeated">Transmissions that were not the first.</param>
/// <param name="Lost">Requests never answered, or in an open loop never sent because too many were unanswered.</param>
/// <param name="Seconds">Until the last answer.</param>
/// <param name="CpuSeconds">Of the generator.</param>
internal sealed record LoadReport(
    long Answered,
    long Wrong,
    string? Fault,
    long Repeated,
    long Lost,
    double Seconds,
    double CpuSeconds,
    double P50Milliseconds,
    double P99Milliseconds,
    double MaxMilliseconds)
{
    [JsonIgnore]
    public double PerSecond => Answered / Seconds;
}

/// <summary>Whom the generator speaks to, and as whom.</summary>
/// <param name="Routers">Each a socket and a thread, on an address of its own.</param>
internal sealed record LoadTarget(int AuthPort, int AcctPort, int Routers, int Customers);
