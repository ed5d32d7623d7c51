using System.Globalization;
using System.Text;

namespace EasyIsp.Benchmarks.Radius;

/// <summary>The goals, and what was measured against them.</summary>
internal static class Scoreboard
{
    public const string Ours = "EasyISP";
    public const string Sql = "FreeRADIUS with PostgreSQL";
    public const string Files = "FreeRADIUS with files";

    private const double MebibytesAllowed = 350;
    private static readonly TimeSpan FirstAnswerWithin = TimeSpan.FromSeconds(2);

    private static readonly Goal[] Goals =
    [
        new("PAP, answers/s", Phase.Pap, Throughput, AtLeast: true, 10, 2),
        new("CHAP, answers/s", Phase.Chap, Throughput, AtLeast: true, 10, 2),
        new("MS-CHAPv2, answers/s", Phase.MsChap, Throughput, AtLeast: true, 8, 1.7),
        new("accounting interim, answers/s", Phase.Interim, Throughput, AtLeast: true, 10, 1.4),
        new("mixed 1 login : 4 accounting, answers/s", Phase.Mixed, Throughput, AtLeast: true, 10, null),
        new("PAP, p99 ms at 64 outstanding", Phase.Pap, P99, AtLeast: false, 1 / 10.0, null),
        new("interim, p99 ms at 64 outstanding", Phase.Interim, P99, AtLeast: false, 1 / 4.0, null),
        new("PAP, p99 ms at 1,000/s", Phase.PapAtRate, P99, AtLeast: false, 1 / 4.0, null),
        new("interim, p99 ms at 1,000/s", Phase.InterimAtRate, P99, AtLeast: false, 1, null),
        new("PAP, CPU s per 1,000", Phase.Pap, Cpu, AtLeast: false, 1 / 8.0, null),
        new("interim, CPU s per 1,000", Phase.Interim, Cpu, AtLeast: false, 1 / 8.0, null),
        new("mixed, CPU s per 1,000", Phase.Mixed, Cpu, AtLeast: false, 1 / 8.0, null),
    ];

    public static string Print(IReadOnlyDictionary<string, IReadOnlyDictionary<string, Measurement>> measured, TimeSpan firstAnswer)
    {
        var text = new StringBuilder("\n");
        Line(text, $"  {"figure",-42}{"EasyISP",10}{"FR+SQL",10}{"FR files",10}{"x SQL",9}{"goal",7}{"x files",9}{"goal",6}");
        foreach (var goal in Goals)
            goal.Print(text, phase => Find(measured, Ours, phase), phase => Find(measured, Sql, phase), phase => Find(measured, Files, phase));

        var memory = measured[Ours].Values.Max(measurement => measurement.Mebibytes);
        Line(text, $"  {"memory of the worker, MiB",-42}{memory,10:0}{"",29}{"<= " + MebibytesAllowed,7}{Verdict(memory <= MebibytesAllowed)}");
        Line(text, $"  {"first answer after the start, s",-42}{firstAnswer.TotalSeconds,10:0.00}{"",29}{"<= 2",7}{Verdict(firstAnswer <= FirstAnswerWithin)}");
        return text.ToString();
    }

    private static double Throughput(Measurement measured) => measured.Load.PerSecond;

    private static double P99(Measurement measured) => measured.Load.P99Milliseconds;

    private static double Cpu(Measurement measured) => measured.CpuPerThousand;

    private static Measurement? Find(
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, Measurement>> measured, string server, string phase)
        => measured.GetValueOrDefault(server)?.GetValueOrDefault(phase);

    private static string Verdict(bool isMet) => isMet ? "  met" : "  NOT MET";

    private static void Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));

    /// <param name="OverSql">The ratio of our figure to FreeRADIUS's with PostgreSQL that is wanted.</param>
    /// <param name="OverFiles">The same for its <c>files</c> module.</param>
    private sealed record Goal(
        string Name, string Phase, Func<Measurement, double> Figure, bool AtLeast, double OverSql, double? OverFiles)
    {
        public void Print(
            StringBuilder text, Func<string, Measurement?> ours, Func<string, Measurement?> sql, Func<string, Measurement?> files)
        {
            if (ours(Phase) is not { } mine)
                return;

            var own = Figure(mine);
            var ratios = new[] { (sql(Phase), (double?)OverSql), (OverFiles is null ? null : files(Phase), OverFiles) };
            var isMet = ratios.All(ratio => ratio.Item1 is null || Meets(own / Figure(ratio.Item1), ratio.Item2!.Value));
            var known = ratios.Any(ratio => ratio.Item1 is not null);
            Line(text, $"  {Name,-42}{Number(own),10}{Number(sql(Phase)),10}{(OverFiles is null ? "" : Number(files(Phase))),10}"
                + $"{Ratio(own, ratios[0].Item1),9}{Wanted(OverSql),7}{Ratio(own, ratios[1].Item1),9}{(OverFiles is { } wanted ? Wanted(wanted) : ""),6}{(known ? Verdict(isMet) : "")}");
        }

        private bool Meets(double ratio, double wanted) => AtLeast ? ratio >= wanted : ratio <= wanted;

        private string Number(Measurement? measured) => measured is null ? "" : Number(Figure(measured));

        private static string Number(double value)
            => value.ToString(value >= 100 ? "N0" : value >= 1 ? "0.00" : "0.000", CultureInfo.InvariantCulture);

        private string Ratio(double own, Measurement? other)
            => other is null ? "" : (own / Figure(other)).ToString("0.00", CultureInfo.InvariantCulture);

        private string Wanted(double ratio)
            => (AtLeast ? ">=" : "<=") + ratio.ToString("0.##", CultureInfo.InvariantCulture);

        private static void Line(StringBuilder text, string line) => text.AppendLine(line);
    }
}
