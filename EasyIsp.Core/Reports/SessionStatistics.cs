using EasyIsp.Core.Persistence;
using EasyIsp.Core.Statistics;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Reports;

/// <summary>
/// How the network was used: by hour, day, router and package. Read from what <see cref="SessionStatisticsJob"/> has
/// counted, so it is some minutes old and costs the same however many sessions there were.
/// </summary>
public sealed class SessionStatistics(IspDatabase database, TimeProvider clock)
{
    public const int MostDays = 366;

    private static readonly string[] LostCauses = ["2", "3", Silent];
    private const string Silent = "silent";

    public async Task<SessionFigures> ReadAsync(StatisticsQuery query, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var tenant = await db.Tenants.AsNoTracking().SingleAsync(cancellationToken);
        var countedAt = await CountedAtAsync(db, cancellationToken);
        var tallies = new TallyQueries(db, RoutersOf(db, query), await PackagesOfAsync(db, query, cancellationToken));
        var days = (await tallies.Days(query.From, query.Until).ToListAsync(cancellationToken)).ToDictionary(day => day.Day, day => day.Sums);
        var busy = await BusyAsync(tallies, tenant, query, countedAt, cancellationToken);
        var endings = await tallies.Endings(query.From, query.Until).ToListAsync(cancellationToken);
        var names = await db.Routers.ToDictionaryAsync(r => r.Id, r => r.Name, cancellationToken);
        return new SessionFigures
        {
            CountedAt = countedAt,
            Sums = SumOf(query.From, days),
            Before = await BeforeAsync(db, tallies, tenant, query, cancellationToken),
            Busy = busy,
            Days = DaysOf(query, days, busy),
            Routers = Places(
                await tallies.Routers(query.From, query.Until).ToListAsync(cancellationToken), names, query,
                endings.Where(e => e.RouterId is not null && LostCauses.Contains(e.Cause)).ToLookup(e => e.RouterId!.Value, e => e.Times)),
            Packages = Places(
                await tallies.Packages(query.From, query.Until).ToListAsync(cancellationToken),
                await db.Packages.ToDictionaryAsync(p => p.Id, p => p.Name, cancellationToken), query),
            Endings = EndingsOf(endings, names),
            Refusals = await tallies.Refusals(query.From, query.Until).ToListAsync(cancellationToken),
        };
    }

    /// <returns>What the figures can be narrowed to; also what is archived, since it was used once.</returns>
    public async Task<StatisticsChoices> ChoicesAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return new StatisticsChoices(
            await db.Routers.OrderBy(r => r.Name).Select(r => new Choice(r.Id, r.Name)).ToListAsync(cancellationToken),
            await db.Packages.OrderBy(p => p.Name).Select(p => new Choice(p.Id, p.Name)).ToListAsync(cancellationToken));
    }

    /// <summary>When the hour that was counted last was counted.</summary>
    private static async Task<DateTimeOffset?> CountedAtAsync(IspDbContext db, CancellationToken cancellationToken)
    {
        var last = await db.SessionHours.Where(h => h.Scope == TallyScope.Everything)
            .OrderByDescending(h => h.Id).Select(h => new { h.Hour, Marks = h.Online.Count }).FirstOrDefaultAsync(cancellationToken);
        return last is null ? null : last.Hour + (last.Marks - 1) * SessionHour.MarkEvery;
    }

    internal static async Task<Guid[]?> PackagesOfAsync(IspDbContext db, StatisticsQuery query, CancellationToken cancellationToken) => query switch
    {
        { PackageId: { } package } => [package],
        { AccessType: { } type } => await db.Packages.Where(p => p.AccessType == type).Select(p => p.Id).ToArrayAsync(cancellationToken),
        _ => null,
    };

    /// <returns>Null for all; never one that the person does not see.</returns>
    internal static Guid[]? RoutersOf(IspDbContext db, StatisticsQuery query) => (query.RouterId, db.RouterIds) switch
    {
        ({ } one, null) => [one],
        ({ } one, { } own) => own.Contains(one) ? [one] : [],
        (null, var own) => own,
    };

    private static async Task<BusyHours> BusyAsync(
        TallyQueries tallies, Tenant tenant, StatisticsQuery query, DateTimeOffset? countedAt, CancellationToken cancellationToken)
    {
        var calendar = new TenantCalendar(tenant);
        var (start, end) = (calendar.StartOf(query.From), calendar.StartOf(query.Until.AddDays(1)));
        var hours = await tallies.Hours(start, end).ToListAsync(cancellationToken);
        return BusyHours.Of(hours, end - start, start, countedAt ?? start.AddTicks(-1), TimeZoneInfo.FindSystemTimeZoneById(tenant.TimeZone));
    }

    /// <summary>A day that runs is no measure for a whole one, so of today alone there is none.</summary>
    internal async Task<bool> IsComparableAsync(IspDbContext db, Tenant tenant, StatisticsQuery query, CancellationToken cancellationToken)
    {
        var before = query.Before();
        var today = new TenantCalendar(tenant).DayOf(clock.GetUtcNow());
        return query.From < today
            && await db.SessionDays.AnyAsync(d => d.Scope == TallyScope.Everything && d.Day == before.From, cancellationToken);
    }

    private async Task<SessionSums?> BeforeAsync(
        IspDbContext db, TallyQueries tallies, Tenant tenant, StatisticsQuery query, CancellationToken cancellationToken)
    {
        if (!await IsComparableAsync(db, tenant, query, cancellationToken))
            return null;

        var before = query.Before();
        var days = await tallies.Days(before.From, before.Until).ToListAsync(cancellationToken);
        return SumOf(before.From, days.ToDictionary(day => day.Day, day => day.Sums));
    }

    private static SessionSums SumOf(DateOnly first, IReadOnlyDictionary<DateOnly, SessionSums> days) => days.Values.Aggregate(
        SessionSums.None with { Carried = days.GetValueOrDefault(first)?.Carried ?? 0 },
        (sum, day) => new SessionSums(
            sum.Carried, sum.Begun + day.Begun, sum.Ended + day.Ended, sum.Online + day.Online, sum.EndedFor + day.EndedFor,
            sum.UploadedBytes + day.UploadedBytes, sum.DownloadedBytes + day.DownloadedBytes));

    private static List<DayFigures> DaysOf(StatisticsQuery query, Dictionary<DateOnly, SessionSums> days, BusyHours busy)
    {
        var peaks = busy.Hours.GroupBy(hour => DateOnly.FromDateTime(hour.Local.DateTime)).ToDictionary(day => day.Key, day => day.Max(hour => hour.Peak));
        return
        [
            .. Enumerable.Range(0, query.Days).Select(i => query.From.AddDays(i))
                .Select(day => new DayFigures(day, days.GetValueOrDefault(day) ?? SessionSums.None, peaks.GetValueOrDefault(day))),
        ];
    }

    private static List<PlaceFigures> Places(
        IEnumerable<PlaceSums> rows, IReadOnlyDictionary<Guid, string> names, StatisticsQuery query, ILookup<Guid, long>? lost = null) =>
    [
        .. rows
            .Select(row => new PlaceFigures(
                row.Id,
                row.Id is { } id ? names.GetValueOrDefault(id) : null,
                row.Sums,
                (double)row.Customers / query.Days,
                row.Id is { } place && lost is not null ? lost[place].Sum() : 0))
            .Where(place => place.Sums.Sessions > 0 || place.Sums.Bytes > 0)
            .OrderByDescending(place => place.Sums.Bytes).ThenBy(place => place.Name, StringComparer.Ordinal),
    ];

    private static List<Ending> EndingsOf(IEnumerable<EndingRow> rows, Dictionary<Guid, string> routers) =>
    [
        .. from row in rows
           group row by row.Cause into cause
           let worst = cause.MaxBy(row => row.Times)!
           let times = cause.Sum(row => row.Times)
           orderby times descending, cause.Key
           select new Ending(
               cause.Key == Silent ? null : int.Parse(cause.Key, System.Globalization.CultureInfo.InvariantCulture),
               times,
               worst.RouterId is { } router ? routers.GetValueOrDefault(router) : null,
               worst.Times),
    ];
}
