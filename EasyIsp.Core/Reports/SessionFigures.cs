using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Reports;

/// <param name="Until">The last day, itself included.</param>
public sealed record StatisticsQuery(
    DateOnly From, DateOnly Until, Guid? RouterId = null, Guid? PackageId = null, AccessType? AccessType = null)
{
    public int Days => Until.DayNumber - From.DayNumber + 1;

    /// <summary>As many days, right before these.</summary>
    public StatisticsQuery Before() => this with { From = From.AddDays(-Days), Until = From.AddDays(-1) };
}

public sealed record SessionFigures
{
    /// <summary>Null: nothing has been counted yet.</summary>
    public required DateTimeOffset? CountedAt { get; init; }

    public required SessionSums Sums { get; init; }

    /// <summary>Of the days before; null where they are not counted, or these are not over.</summary>
    public required SessionSums? Before { get; init; }

    public required BusyHours Busy { get; init; }

    /// <summary>Each day of the period, also those without anybody.</summary>
    public required IReadOnlyList<DayFigures> Days { get; init; }

    /// <summary>Most data first.</summary>
    public required IReadOnlyList<PlaceFigures> Routers { get; init; }

    public required IReadOnlyList<PlaceFigures> Packages { get; init; }

    public required IReadOnlyList<Ending> Endings { get; init; }

    /// <summary>By reason, as <see cref="Sessions.Attempts.Refusal"/> names it; most first. Of all packages: who is refused may have none.</summary>
    public required IReadOnlyList<RefusalCount> Refusals { get; init; }
}

/// <summary>What adds up over days, routers and packages.</summary>
/// <param name="Carried">Sessions that ran already when the period began.</param>
/// <param name="EndedFor">How long the sessions that ended had lasted, together.</param>
public sealed record SessionSums(
    long Carried, long Begun, long Ended, TimeSpan Online, TimeSpan EndedFor, long UploadedBytes, long DownloadedBytes)
{
    public static SessionSums None { get; } = new(0, 0, 0, TimeSpan.Zero, TimeSpan.Zero, 0, 0);

    /// <summary>All that were there at any time of the period.</summary>
    public long Sessions => Carried + Begun;

    public long Bytes => UploadedBytes + DownloadedBytes;

    /// <summary>Of those that ended; null where none did.</summary>
    public TimeSpan? Average => Ended == 0 ? null : EndedFor / Ended;
}

/// <param name="Peak">The highest count of those online at once.</param>
public sealed record DayFigures(DateOnly Day, SessionSums Sums, int Peak);

/// <param name="Id">A router's or a package's; null for sessions without one.</param>
/// <param name="CustomersADay">Different customers, on the average of all days of the period.</param>
/// <param name="Lost">Endings for which the line or the router is to blame: connection lost, service lost, silence.</param>
public sealed record PlaceFigures(Guid? Id, string? Name, SessionSums Sums, double CustomersADay, long Lost)
{
    /// <summary>Of a hundred that ended; null where none did.</summary>
    public double? LostPercent => Sums.Ended == 0 ? null : 100.0 * Lost / Sums.Ended;
}

/// <param name="Cause">Acct-Terminate-Cause; null when the session was closed for its silence.</param>
/// <param name="WorstRouter">Where it happened most often.</param>
public sealed record Ending(int? Cause, long Times, string? WorstRouter, long TimesThere);

public sealed record RefusalCount(string Reason, long Times);

/// <param name="Customers">Different ones, with or without data.</param>
/// <param name="Before">Of the days before; null as in <see cref="SessionFigures.Before"/>.</param>
public sealed record CustomerFigures(int Customers, int? Before, IReadOnlyList<TopCustomer> Top);

public sealed record TopCustomer(Guid CustomerId, string Name, long Number, long UploadedBytes, long DownloadedBytes, TimeSpan Online)
{
    public long Bytes => UploadedBytes + DownloadedBytes;
}

public sealed record StatisticsChoices(IReadOnlyList<Choice> Routers, IReadOnlyList<Choice> Packages);

public sealed record Choice(Guid Id, string Name);
