using System.Globalization;
using Npgsql;

namespace EasyIsp.Benchmarks.Radius;

/// <summary>What processes have used so far, by <c>/proc</c>.</summary>
internal static class ProcessMeter
{
    /// <summary>USER_HZ: the kernel's interface has it fixed on all machines that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    public static double CpuSecondsOf(int pid) => StatOf(pid) is { } stat ? stat.OwnTicks / TicksPerSecond : 0;

    /// <summary>A postmaster with all its children, those that have ended included.</summary>
    public static double CpuSecondsOfFamily(int pid)
    {
        var ticks = StatOf(pid) is { } parent ? parent.OwnTicks + parent.EndedChildrenTicks : 0;
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var child)
                && StatOf(child) is { } stat && stat.Parent == pid)
                ticks += stat.OwnTicks;
        }

        return ticks / TicksPerSecond;
    }

    /// <summary>Resident now, and at most ever.</summary>
    public static (double NowMebibytes, double PeakMebibytes) MemoryOf(int pid)
    {
        var lines = File.ReadAllLines($"/proc/{pid}/status");
        return (Mebibytes("VmRSS:"), Mebibytes("VmHWM:"));

        double Mebibytes(string name) => double.Parse(
            lines.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
            CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>The process that all of the server's connections are children of.</summary>
    public static async Task<int> PostmasterAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        return StatOf(connection.ProcessID)?.Parent
            ?? throw new InvalidOperationException("PostgreSQL must run on this machine: its CPU time is part of what is measured.");
    }

    private static Stat? StatOf(int pid)
    {
        try
        {
            // The name, in parentheses, may itself have blanks and parentheses.
            var text = File.ReadAllText($"/proc/{pid}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new Stat(Field(1), Field(11) + Field(12), Field(13) + Field(14));

            int Field(int index) => int.Parse(fields[index], CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed record Stat(int Parent, int OwnTicks, int EndedChildrenTicks);
}
