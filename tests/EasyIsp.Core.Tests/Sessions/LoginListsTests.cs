using EasyIsp.Core.Routers;
using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Tests.Persistence;
using EasyIsp.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace EasyIsp.Core.Tests.Sessions;

public sealed class LoginListsTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;
    private Router _market = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        _market = await _world.AddRouterAsync("Market");
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_login_is_found_by_its_user_its_device_its_customer_its_router_its_outcome_and_its_time()
    {
        var school = await _world.AddRouterAsync("School", "127.0.1.2");
        var amina = await _world.AddCustomerAsync("+254712345678");
        await LogAsync(school, "stranger", Refusal.UnknownUser, mac: "AA:BB:CC:00:00:02");
        _world.Clock.Advance(TimeSpan.FromHours(2));
        var hers = await _world.LogLoginAsync(_market.Id, "Amina.Home", Refusal.SubscriptionExpired, amina.Id, "AA:BB:CC:00:00:01");
        var since = _world.Clock.GetUtcNow() - TimeSpan.FromHours(1);

        LoginQuery[] queries =
        [
            new("amina"), new("AMINA.home"), new("aabbcc000001"), new("0712345678"), new(RouterId: _market.Id),
            new(Kind: LoginKind.NothingToUse), new(Since: since),
        ];
        foreach (var query in queries)
            Assert.Equal(hers, Assert.Single((await ListAsync(query)).Rows).Id);
        Assert.Equal(2, (await ListAsync(new(Kind: LoginKind.Refused))).Rows.Count);
        Assert.Empty((await ListAsync(new(Kind: LoginKind.Admitted))).Rows);
        Assert.Empty((await ListAsync(new("%"))).Rows);
    }

    [Fact]
    public async Task Pages_hang_on_the_last_row_and_the_first_one_stands_still_while_it_is_read()
    {
        for (var i = 0; i < 5; i++)
            await LogAsync(_market, $"user{i}", null);

        var first = await ListAsync(new(Take: 2));
        await LogAsync(_market, "newcomer", null);
        var second = await ListAsync(new(Before: first.Rows[^1].Id, Take: 2));
        var again = await ListAsync(new(UpTo: first.Rows[0].Id, Take: 2));
        var last = await ListAsync(new(Before: second.Rows[^1].Id, Take: 2));

        Assert.Equal(["user4", "user3"], first.Rows.Select(row => row.UserName));
        Assert.Equal(["user2", "user1"], second.Rows.Select(row => row.UserName));
        Assert.Equal(["user4", "user3"], again.Rows.Select(row => row.UserName));
        Assert.Equal((1, true, false), (again.Newer, second.HasOlder, last.HasOlder));
    }

    [Fact]
    public void Every_reason_is_found_under_one_kind() => Assert.All(
        Enum.GetValues<Refusal>(),
        reason => Assert.Single(Enum.GetValues<LoginKind>(), kind => LoginKinds.ReasonsOf(kind).Contains(reason)));

    [Fact]
    public async Task What_is_older_than_the_log_is_kept_for_is_forgotten_and_whole_months_with_their_partition()
    {
        await using var admin = new NpgsqlConnection(_world.Database.Admin);
        await admin.OpenAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(admin, """
            create table login_attempts_2026_01 partition of login_attempts
            for values from (uuid_floor('2026-01-01Z')) to (uuid_floor('2026-02-01Z'))
            """);
        await LogAsync(_market, "in march", null);
        _world.Clock.SetUtcNow(new DateTimeOffset(2026, 3, 20, 0, 0, 0, TimeSpan.Zero));
        await LogAsync(_market, "later in march", null);
        _world.Clock.SetUtcNow(new DateTimeOffset(2026, 4, 10, 0, 0, 0, TimeSpan.Zero));

        await _world.Services.GetRequiredService<OldLoginsJob>().RunAsync(CancellationToken.None);

        Assert.Equal("later in march", Assert.Single((await ListAsync(new())).Rows).UserName);
        await using var command = new NpgsqlCommand("select to_regclass('login_attempts_2026_01') is null", admin);
        Assert.True((bool)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!);
    }

    [Fact]
    public async Task Names_are_found_among_a_hundred_thousand_without_reading_them_all()
    {
        await using (var rows = await BulkRows.BeginAsync(_world))
        {
            await rows.ExecuteAsync($"""
                insert into login_attempts (tenant_id, id, router_id, user_name, method, is_limited, at, last_at, times, took, left_out)
                select '{_world.TenantId}', gen_random_uuid(), '{_market.Id}', 'user' || n, 'Pap', false, now(), now(), 1, '1 ms', 0
                from generate_series(1, 100000) n
                """);
            await rows.ExecuteAsync("analyze login_attempts");
        }

        var plan = await QueryPlan.OfAsync(_world, db => db.LoginRecords
            .Where(l => l.UserKey.CompareTo("user9999") >= 0 && l.UserKey.CompareTo("user9999\U0010FFFF") <= 0)
            .OrderByDescending(l => l.Id).Take(26));

        Assert.True(QueryPlan.MostRowsRead(plan) < 1_000, plan);
        Assert.Equal(11, (await ListAsync(new("USER9999"))).Rows.Count);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private async Task LogAsync(Router router, string userName, Refusal? refusal, string mac = "AA:BB:CC:00:00:09")
    {
        await _world.LogLoginAsync(router.Id, userName, refusal, customerId: null, mac);
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
    }

    private Task<LoginPage> ListAsync(LoginQuery query)
        => _world.AsTenantAsync<LoginLists, LoginPage>(lists => lists.ListAsync(query, CancellationToken.None));
}
