using EasyIsp.Core.Reports;
using EasyIsp.Core.Tests.Persistence;
using EasyIsp.Testing;
using Xunit;

namespace EasyIsp.Core.Tests.Statistics;

/// <summary>
/// What PostgreSQL reads for the statistics of a month, as the app role and under the tenant's policy: a company with 25
/// routers, 8 packages and 100,000 sessions, beside another with as many tallies.
/// </summary>
public sealed class SessionStatisticsPlanTests(SessionStatisticsPlanTests.BigTenant tenant) : IClassFixture<SessionStatisticsPlanTests.BigTenant>
{
    private const int Routers = 25;
    private const int Packages = 8;
    private const int Days = 30;

    private static readonly DateOnly Until = new(2026, 3, 2);
    private static readonly DateOnly From = Until.AddDays(1 - Days);

    [Fact]
    public async Task A_month_of_hours_reads_a_row_for_each_hour()
    {
        var plan = await QueryPlan.OfAsync(tenant.World, db => Hours(new TallyQueries(db, routers: null, packages: null)));

        Assert.True(QueryPlan.MostRowsRead(plan) <= Days * 24, plan);
    }

    [Fact]
    public async Task A_month_of_one_package_reads_the_rows_of_packages_alone()
    {
        var plan = await QueryPlan.OfAsync(tenant.World, db => Hours(new TallyQueries(db, routers: null, [Guid.Empty])));

        Assert.True(QueryPlan.MostRowsRead(plan) <= Days * 24 * Packages, plan);
    }

    [Fact]
    public async Task A_month_of_routers_reads_a_row_for_each_of_them_and_day()
    {
        var plan = await QueryPlan.OfAsync(tenant.World, db => new TallyQueries(db, routers: null, packages: null).Routers(From, Until));

        Assert.True(QueryPlan.MostRowsRead(plan) <= Days * Routers, plan);
    }

    [Fact]
    public async Task What_ended_last_is_found_without_reading_all_that_ever_ended()
    {
        var since = tenant.World.Clock.GetUtcNow().AddHours(-1);

        var plan = await QueryPlan.OfAsync(tenant.World, db => db.Sessions.Where(s => s.EndedAt >= since).Select(s => s.Id));

        Assert.True(QueryPlan.MostRowsRead(plan) < BigTenant.Sessions / 4, plan);
    }

    private static IQueryable<HourRow> Hours(TallyQueries tallies) => tallies.Hours(Midnight(From), Midnight(Until.AddDays(1)));

    private static DateTimeOffset Midnight(DateOnly day) => new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.FromHours(3)).ToUniversalTime();

    public sealed class BigTenant(PostgresServer server) : IAsyncLifetime
    {
        public const int Sessions = 100_000;

        public World World { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            World = await World.OpenAsync(server);
            var other = await World.FoundTenantAsync("mara", "Mara Wireless");
            await using var rows = await BulkRows.BeginAsync(World);
            foreach (var owner in new[] { World.TenantId, other })
            {
                await FillHoursAsync(rows, owner);
                await FillDaysAsync(rows, owner);
            }

            await FillSessionsAsync(rows, World.TenantId, World.Clock.GetUtcNow());
            await rows.ExecuteAsync("vacuum analyze session_hours, session_days, sessions");
        }

        public ValueTask DisposeAsync() => World.DisposeAsync();

        /// <summary>Every tally has its number: of everything, of a router, of a package, of both.</summary>
        private static readonly string Tallies = $"""
            (select 'Everything' as scope, 0 as number union all select 'Router', i from generate_series(1, {Routers}) i
              union all select 'Package', i from generate_series(1, {Packages}) i union all select 'RouterAndPackage', i from generate_series(1, {Routers * Packages}) i) tallies
            """;

        private static Task FillHoursAsync(BulkRows rows, Guid owner) => rows.ExecuteAsync($"""
            insert into session_hours (tenant_id, id, hour, scope, router_id, package_id, begun, online_seconds, online)
            select '{owner}', {Id("hour")}, hour, scope, gen_random_uuid(), gen_random_uuid(), 1, 3600, array_fill(1, array[12])
            from generate_series('{Midnight(From.AddDays(-30)):O}'::timestamptz, '{Midnight(Until):O}', interval '1 hour') hour, {Tallies}
            """);

        private static Task FillDaysAsync(BulkRows rows, Guid owner) => rows.ExecuteAsync($"""
            insert into session_days (tenant_id, id, day, scope, router_id, package_id, carried, begun, ended, customers, online_seconds, ended_seconds,
              uploaded_bytes, downloaded_bytes)
            select '{owner}', {Id("day")}, day, scope, gen_random_uuid(), gen_random_uuid(), 1, 1, 1, 1, 1, 1, 1, 1
            from generate_series('{From.AddDays(-30):O}'::timestamp, '{Until:O}', interval '1 day') day, {Tallies}
            """);

        private static Task FillSessionsAsync(BulkRows rows, Guid owner, DateTimeOffset now) => rows.ExecuteAsync($"""
            insert into sessions (tenant_id, id, router_id, user_name, nas_session_id, started_at, last_heard_at, ended_at, uploaded_bytes, downloaded_bytes,
              session_seconds)
            select '{owner}', (left(uuid_floor(ended)::text, 13) || substr(gen_random_uuid()::text, 14))::uuid, gen_random_uuid(), 'someone', i::text,
              ended - interval '1 hour', ended, ended, 0, 0, 3600
            from generate_series({Sessions}, 1, -1) i, lateral (select '{now:O}'::timestamptz - i * interval '20 seconds' as ended) e
            """);

        private static string Id(string time) => $"(left(uuid_floor({time} at time zone 'UTC' at time zone 'UTC')::text, 13) || substr(gen_random_uuid()::text, 14))::uuid";
    }
}
