using System.Net;
using EasyIsp.Core.Limits;
using EasyIsp.Core.Persistence;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace EasyIsp.Core.Tests.Limits;

/// <summary>Two processes' limiters on one database, and a clock that the test moves.</summary>
public sealed class TryLimiterTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly TryRule Five = new("Five", 5, TimeSpan.FromMinutes(1));
    private static readonly TryRule Two = new("Two", 2, TimeSpan.FromMinutes(1));
    private static readonly PauseRule Guess = new("Guess", 2, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), AlarmAt: 4);

    private World _world = null!;
    private ServiceProvider _other = null!;

    private TryLimiter One => _world.Services.GetRequiredService<TryLimiter>();
    private TryLimiter Other => _other.GetRequiredService<TryLimiter>();

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        _other = _world.AddTo(new ServiceCollection()).BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _other.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task Two_processes_share_one_bucket()
    {
        for (var i = 0; i < 3; i++)
            Assert.Null(await TakeAsync(One, Five.Of("a")));
        for (var i = 0; i < 2; i++)
            Assert.Null(await TakeAsync(Other, Five.Of("a")));

        Assert.NotNull(await TakeAsync(One, Five.Of("a")));
        Assert.NotNull(await TakeAsync(Other, Five.Of("a")));
        Assert.Null(await TakeAsync(Other, Five.Of("b")));
    }

    [Fact]
    public async Task Of_a_hundred_at_once_at_two_processes_exactly_five_are_taken()
    {
        var refusals = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => TakeAsync(i % 2 == 0 ? One : Other, Five.Of("a"))));

        Assert.Equal(5, refusals.Count(refusal => refusal is null));
    }

    [Fact]
    public async Task Many_who_share_keys_in_part_neither_exceed_them_nor_wait_for_each_other_in_a_circle()
    {
        var refusals = await Task.WhenAll(Enumerable.Range(0, 200).Select(
            i => TakeAsync(i % 2 == 0 ? One : Other, Five.Of($"address {i % 4}"), Two.Of($"account {i % 16}"))));

        // Four addresses with five each; of the accounts none more than two.
        Assert.Equal(20, refusals.Count(refusal => refusal is null));
    }

    [Fact]
    public async Task A_refusal_says_when_one_more_is_good_and_then_one_is()
    {
        for (var i = 0; i < 5; i++)
            await TakeAsync(One, Five.Of("a"));

        var refusal = await TakeAsync(One, Five.Of("a"));

        Assert.Equal((nameof(Five), TimeSpan.FromSeconds(12), 12), (refusal!.Rule, refusal.RetryAfter, refusal.Seconds));
        _world.Clock.Advance(refusal.RetryAfter);
        Assert.Null(await TakeAsync(Other, Five.Of("a")));
        Assert.NotNull(await TakeAsync(One, Five.Of("a")));
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 5; i++)
            Assert.Null(await TakeAsync(One, Five.Of("a")));
    }

    [Fact]
    public async Task Whoever_is_refused_by_one_key_uses_up_no_other()
    {
        for (var i = 0; i < 5; i++)
            Assert.Null(await TakeAsync(One, Five.Of("address"), Five.Of($"account {i}")));
        for (var i = 0; i < 10; i++)
            Assert.NotNull(await TakeAsync(Other, Five.Of("address"), Five.Of("victim")));
        for (var i = 0; i < 2; i++)
            await TakeAsync(One, Two.Of("blocked"));
        Assert.NotNull(await TakeAsync(Other, Five.Of("elsewhere"), Two.Of("blocked")));

        for (var i = 0; i < 5; i++)
            Assert.Null(await TakeAsync(One, Five.Of("elsewhere"), Five.Of("victim")));
        Assert.Equal(1, await BucketsAsync("victim"));
    }

    [Fact]
    public async Task While_the_database_is_away_each_process_goes_on_counting_and_lets_no_more_through_than_the_rule()
    {
        for (var i = 0; i < 3; i++)
            Assert.Null(await TakeAsync(One, Five.Of("a")));
        await AdministerAsync("alter function take_tries rename to taken_away");

        for (var i = 0; i < 2; i++)
            Assert.Null(await TakeAsync(One, Five.Of("a")));
        Assert.NotNull(await TakeAsync(One, Five.Of("a")));
        var refusals = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => TakeAsync(Other, Five.Of("b"), Two.Of("c"))));
        Assert.Equal(2, refusals.Count(refusal => refusal is null));

        await AdministerAsync("alter function taken_away rename to take_tries");
        _world.Clock.Advance(TimeSpan.FromSeconds(2));
        // What it let through alone it brings along.
        Assert.NotNull(await TakeAsync(One, Five.Of("a")));
        Assert.Null(await TakeAsync(Other, Five.Of("d")));
        Assert.Equal(1, await BucketsAsync("d"));
    }

    [Fact]
    public async Task A_database_that_nobody_reaches_is_asked_once_a_second_and_no_limit_is_open()
    {
        var services = _world.AddTo(new ServiceCollection());
        services.Replace(ServiceDescriptor.Singleton(new LimitDataSource(NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Timeout=1"))));
        await using var alone = services.BuildServiceProvider();

        var refusals = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => TakeAsync(alone.GetRequiredService<TryLimiter>(), Five.Of("a"))));

        Assert.Equal(5, refusals.Count(refusal => refusal is null));
    }

    [Fact]
    public async Task A_crash_empties_the_table_and_processes_bring_back_what_they_know()
    {
        for (var i = 0; i < 5; i++)
            Assert.Null(await TakeAsync(One, Five.Of("a")));
        await AdministerAsync("truncate limit_buckets");

        Assert.NotNull(await TakeAsync(One, Five.Of("a")));
        Assert.NotNull(await TakeAsync(Other, Five.Of("a")));
    }

    [Fact]
    public async Task The_table_costs_no_commit_to_the_disk_and_is_shown_to_no_tenant()
    {
        await using var admin = new NpgsqlConnection(_world.Database.Admin);
        await admin.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            "select relpersistence::text || has_table_privilege('easyisp_app', oid, 'select')::text from pg_class where relname = 'limit_buckets'", admin);

        Assert.Equal("ufalse", await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::ffff:41.90.1.2", "41.90.1.2", true)]
    [InlineData("41.90.1.2", "41.90.1.3", false)]
    public async Task An_IPv6_address_is_counted_by_its_network(string address, string next, bool isSame)
    {
        for (var i = 0; i < 5; i++)
            await TakeAsync(One, Five.Of(IPAddress.Parse(address)));

        Assert.Equal(isSame, await TakeAsync(One, Five.Of(IPAddress.Parse(next))) is not null);
    }

    [Fact]
    public async Task A_refusal_is_audited_once_for_a_key_and_window_by_all_processes_together_and_names_no_person()
    {
        for (var i = 0; i < 20; i++)
            await TakeAsync(i % 2 == 0 ? One : Other, Five.Of(IPAddress.Parse("41.90.1.2")), Five.Of("+254712345678"));

        var audited = await _world.ReadAsync(db => db.AuditEvents.Where(e => e.Action == "limit.refuse").ToListAsync());
        Assert.Equal("""{"from":"41.90.1.2","limit":"Five"}""", Assert.Single(audited).Details!.RootElement.GetRawText().Replace(" ", "", StringComparison.Ordinal));
        _world.Clock.Advance(TimeSpan.FromMinutes(2));
        for (var i = 0; i < 20; i++)
            await TakeAsync(Other, Five.Of(IPAddress.Parse("41.90.1.2")));
        Assert.Equal(2, await _world.ReadAsync(db => db.AuditEvents.CountAsync(e => e.Action == "limit.refuse")));
    }

    [Fact]
    public async Task Failures_beyond_the_free_ones_pause_longer_each_time_and_alarm_once()
    {
        var (pauses, alarms) = (new List<double>(), 0);
        for (var i = 0; i < 7; i++)
        {
            var strike = Assert.Single(await (i % 2 == 0 ? One : Other).FailAsync(CancellationToken.None, Guess.Of("a")));
            alarms += strike.IsAlarming ? 1 : 0;
            if (strike.Pause is not { } until)
                continue;

            var wait = until - _world.Clock.GetUtcNow();
            pauses.Add(wait.TotalSeconds);
            Assert.Equal(wait, (await TakeAsync(One, Guess.Of("a"), Five.Of("b")))!.RetryAfter);
            Assert.Equal(wait, (await TakeAsync(Other, Guess.Of("a"), Five.Of("b")))!.RetryAfter);
            // During a pause nothing is looked at, and so nothing is counted.
            Assert.False(Assert.Single(await Other.FailAsync(CancellationToken.None, Guess.Of("a"))).IsAlarming);
            _world.Clock.Advance(wait);
        }

        Assert.Equal([10, 20, 40, 60, 60], pauses);
        Assert.Equal(1, alarms);
        _world.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, Assert.Single(await One.FailAsync(CancellationToken.None, Guess.Of("a"))).Failures);
    }

    [Fact]
    public async Task Buckets_that_are_whole_again_are_forgotten_and_a_flood_of_made_up_keys_takes_no_more_room_than_is_meant()
    {
        await TakeAsync(One, Five.Of("old"));
        _world.Clock.Advance(TimeSpan.FromMinutes(2));
        for (var i = 0; i < 5; i++)
            await TakeAsync(One, Five.Of("hammers on"));
        for (var i = 0; i < 20; i++)
            await TakeAsync(One, Five.Of($"made up {i}"));

        var job = ActivatorUtilities.CreateInstance<SpentBucketsJob>(_world.Services.CreateScope().ServiceProvider);
        Assert.Equal(1, await job.RunAsync(CancellationToken.None));
        var strict = new SpentBucketsJob(
            _world.Services.GetRequiredService<PlatformDatabase>(), _world.Clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<SpentBucketsJob>.Instance) { Most = 6 };
        Assert.Equal(15, await strict.RunAsync(CancellationToken.None));

        Assert.Equal(1, await BucketsAsync("hammers on"));
    }

    [Theory]
    [InlineData("Limits:SignInByAddress:Tries", "3", true)]
    [InlineData("Limits:signinbyaddress:Window", "00:10:00", true)]
    [InlineData("Limits:SignInByAdress:Tries", "3", false)]
    [InlineData("Limits:SignInByAddress:Tries", "0", false)]
    [InlineData("Limits:SignInByAddress:Window", "00:00:00", false)]
    public void A_setting_that_means_nothing_stops_the_start(string name, string value, bool isGood)
    {
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationManager { [name] = value };
        using var services = new ServiceCollection().AddSingleton<Microsoft.Extensions.Configuration.IConfiguration>(configuration).AddLimits().BuildServiceProvider();
        LimitOptions Read() => services.GetRequiredService<IOptions<LimitOptions>>().Value;

        if (isGood)
            Assert.Single(Read().Rules);
        else
            Assert.Throws<OptionsValidationException>(Read);
    }

    [Fact]
    public void Every_rule_is_listed_once_under_the_name_of_its_field()
    {
        var fields = typeof(LimitRules).GetFields(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static);

        Assert.Equal(fields.Select(field => field.Name).Order(), LimitRules.All.Select(rule => rule.Name).Order());
        Assert.All(fields, field => Assert.Equal(field.Name, ((LimitRule)field.GetValue(null)!).Name));
    }

    private Task<LimitRefusal?> TakeAsync(TryLimiter limiter, params LimitKey[] keys) => limiter.TakeAsync(_world.TenantId, TestContext.Current.CancellationToken, keys);

    private async Task<int> BucketsAsync(string who)
    {
        await using var db = await _world.Services.GetRequiredService<PlatformDatabase>().OpenAsync(TestContext.Current.CancellationToken);
        var key = Five.Of(who).Bytes;
        return await db.LimitBuckets.CountAsync(b => b.Key == key, TestContext.Current.CancellationToken);
    }

    private async Task AdministerAsync(string sql)
    {
        await using var admin = new NpgsqlConnection(_world.Database.Admin);
        await admin.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, admin);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
