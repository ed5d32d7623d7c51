using EasyIsp.Core.Persistence;
using EasyIsp.Core.Statistics;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Reports;

/// <summary>
/// What the tallies say of a period: each question in the scope that answers it with the fewest rows. The tenant is the
/// policy's; a range of ids is a range of time.
/// </summary>
/// <param name="routers">Null for all. What is counted every few minutes and by day can be added up over routers.</param>
/// <param name="packages">Null for all.</param>
internal sealed class TallyQueries(IspDbContext db, Guid[]? routers, Guid[]? packages)
{
    private const string Sums = """
        coalesce(sum(begun), 0)::bigint as begun,
          coalesce(sum(ended), 0)::bigint as ended, coalesce(sum(online_seconds), 0)::bigint as online_seconds,
          coalesce(sum(ended_seconds), 0)::bigint as ended_seconds, coalesce(sum(uploaded_bytes), 0)::bigint as uploaded_bytes,
          coalesce(sum(downloaded_bytes), 0)::bigint as downloaded_bytes, coalesce(sum(customers), 0)::bigint as customers
        """;

    private const string Filter = """
        and ({3}::uuid[] is null or router_id = any({3})) and ({4}::uuid[] is null or package_id = any({4}))
        """;

    /// <summary>Those whom the period began with.</summary>
    private const string Carried = "coalesce(sum(carried) filter (where day = {1}), 0)::bigint as carried";

    private const string InDays = $$"""
        where scope = {0} and id >= uuid_floor({1}::timestamp at time zone 'UTC')
          and id < uuid_floor(({2} + 1)::timestamp at time zone 'UTC') {{Filter}}
        """;

    private static readonly string Marks = string.Join(
        ", ", Enumerable.Range(1, (int)(TimeSpan.FromHours(1) / SessionHour.MarkEvery)).Select(mark => $"coalesce(sum(online[{mark}]), 0)::int"));

    public IQueryable<DaySums> Days(DateOnly from, DateOnly until)
        => Ask<DaySums>(
            $"select day, sum(carried)::bigint as carried, {Sums} from session_days {InDays} group by day", Scope(), from, until);

    public IQueryable<PlaceSums> Routers(DateOnly from, DateOnly until)
        => Ask<PlaceSums>(
            $"select router_id as id, {Carried}, {Sums} from session_days {InDays} group by router_id", Scope(byRouter: true), from, until);

    public IQueryable<PlaceSums> Packages(DateOnly from, DateOnly until)
        => Ask<PlaceSums>(
            $"select package_id as id, {Carried}, {Sums} from session_days {InDays} group by package_id", Scope(byPackage: true), from, until);

    public IQueryable<EndingRow> Endings(DateOnly from, DateOnly until) => Ask<EndingRow>(
        $"""
        select router_id, cause.key as cause, sum(cause.value::bigint)::bigint as times
        from session_days, jsonb_each_text(endings) as cause {InDays} group by 1, 2
        """,
        Scope(byRouter: true), from, until);

    /// <summary>Whatever the package: a login that is refused may have none.</summary>
    public IQueryable<RefusalCount> Refusals(DateOnly from, DateOnly until)
    {
        var anyPackage = new TallyQueries(db, routers, packages: null);
        return anyPackage.Ask<RefusalCount>(
            $"""
            select refusal.key as reason, sum(refusal.value::bigint)::bigint as times
            from session_days, jsonb_each_text(refusals) as refusal {InDays} group by 1 order by 2 desc, 1
            """,
            anyPackage.Scope(), from, until);
    }

    public IQueryable<HourRow> Hours(DateTimeOffset from, DateTimeOffset until) => Ask<HourRow>(
        $$"""
        select hour, sum(online_seconds)::bigint as online_seconds, array[{{Marks}}] as online
        from session_hours where scope = {0} and id >= uuid_floor({1}) and id < uuid_floor({2}) {{Filter}} group by hour
        """,
        Scope(), from, until);

    private TallyScope Scope(bool byRouter = false, bool byPackage = false) => (byRouter || routers is not null, byPackage || packages is not null) switch
    {
        (true, true) => TallyScope.RouterAndPackage,
        (true, false) => TallyScope.Router,
        (false, true) => TallyScope.Package,
        _ => TallyScope.Everything,
    };

    private IQueryable<T> Ask<T>(string sql, TallyScope scope, object from, object until)
        => db.Database.SqlQueryRaw<T>(sql, scope.ToString(), from, until, routers!, packages!);
}

internal record Summed(
    long Carried, long Begun, long Ended, long OnlineSeconds, long EndedSeconds, long UploadedBytes, long DownloadedBytes, long Customers)
{
    public SessionSums Sums => new(
        Carried, Begun, Ended, TimeSpan.FromSeconds(OnlineSeconds), TimeSpan.FromSeconds(EndedSeconds), UploadedBytes, DownloadedBytes);
}

internal sealed record DaySums(
    DateOnly Day, long Carried, long Begun, long Ended, long OnlineSeconds, long EndedSeconds, long UploadedBytes, long DownloadedBytes, long Customers)
    : Summed(Carried, Begun, Ended, OnlineSeconds, EndedSeconds, UploadedBytes, DownloadedBytes, Customers);

internal sealed record PlaceSums(
    Guid? Id, long Carried, long Begun, long Ended, long OnlineSeconds, long EndedSeconds, long UploadedBytes, long DownloadedBytes, long Customers)
    : Summed(Carried, Begun, Ended, OnlineSeconds, EndedSeconds, UploadedBytes, DownloadedBytes, Customers);

/// <param name="Cause">Acct-Terminate-Cause, or <c>silent</c>.</param>
internal sealed record EndingRow(Guid? RouterId, string Cause, long Times);
