using EasyIsp.Core.Reports;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Statistics;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Core.Tests.Statistics;

/// <summary>The clock stands at noon in Nairobi, which is three hours ahead of UTC, on 2 March 2026.</summary>
public sealed class SessionRollUpTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly DateOnly Today = new(2026, 3, 2);
    private static readonly StatisticsQuery OfToday = new(Today, Today);

    private World _world = null!;
    private Guid _router;
    private Guid _package;
    private Guid _grace;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        (_router, _package) = (await _world.RouterAsync(), await _world.PackageAsync());
        _grace = await CustomerAsync("Grace Wanjiru");
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_session_is_counted_in_every_hour_that_it_touched_to_the_second()
    {
        await _world.StayAsync(_grace, _router, At("06:50:30"), At("08:10"));

        await _world.CountAsync();

        var hours = (await _world.FiguresAsync(OfToday)).Busy.Hours;
        Assert.Equal([570 / 3600.0, 1, 600 / 3600.0, 0], hours.Skip(6).Take(4).Select(hour => hour.Average));
        Assert.Equal([1, 1, 1, 0], hours.Skip(6).Take(4).Select(hour => hour.Peak));
        Assert.Equal(At("06:55"), hours[6].PeakAt);
        Assert.Equal(13, hours.Count); // noon itself has begun
    }

    [Fact]
    public async Task The_highest_number_at_once_is_of_one_instant_and_adds_up_over_routers()
    {
        var other = await _world.RouterAsync("Hill", "10.255.0.3");
        await _world.StayAsync(_grace, _router, At("06:00"), At("06:20"));
        await _world.StayAsync(await CustomerAsync("Peter Otieno"), _router, At("06:30"), At("06:50"));
        await _world.StayAsync(await CustomerAsync("Amina Hassan"), other, At("06:10"), At("06:40"));

        await _world.CountAsync();

        var all = (await _world.FiguresAsync(OfToday)).Busy;
        Assert.Equal((2, At("06:15")), (all.Peak!.Peak, all.Peak.PeakAt));
        Assert.Equal(1, (await _world.FiguresAsync(OfToday with { RouterId = _router })).Busy.Peak!.Peak);
        Assert.Equal(2, (await _world.FiguresAsync(OfToday with { AccessType = AccessType.Pppoe })).Busy.Peak!.Peak);
        Assert.Null((await _world.FiguresAsync(OfToday with { AccessType = AccessType.Hotspot })).Busy.Peak);
    }

    [Fact]
    public async Task A_session_over_midnight_is_of_both_days_and_of_a_period_once()
    {
        await _world.StayAsync(_grace, _router, At("23:00", daysAgo: 2), At("01:30"));

        await _world.CountAsync();

        var days = await _world.ReadAsync(db => db.SessionDays.Where(d => d.Scope == TallyScope.Everything).OrderBy(d => d.Day).ToListAsync());
        Assert.Equal([Today.AddDays(-2), Today.AddDays(-1), Today], days.Select(day => day.Day));
        Assert.Equal([(0, 1, 0, 3600), (1, 0, 0, 86400), (1, 0, 1, 5400)], days.Select(day => (day.Carried, day.Begun, day.Ended, (int)day.OnlineSeconds)));
        var sums = (await _world.FiguresAsync(new StatisticsQuery(Today.AddDays(-2), Today))).Sums;
        Assert.Equal((1, TimeSpan.FromHours(26.5), TimeSpan.FromHours(26.5)), (sums.Sessions, sums.Online, sums.Average));
        Assert.Equal(1, (await _world.FiguresAsync(OfToday)).Sums.Sessions);
    }

    [Fact]
    public async Task An_open_session_counts_until_now_and_the_count_goes_on()
    {
        await _world.StayAsync(_grace, _router, At("11:30"), until: null);
        await _world.CountAsync();
        Assert.Equal((At("12:00"), TimeSpan.FromMinutes(30)), await StandAsync());

        _world.Clock.Advance(TimeSpan.FromMinutes(7));
        await _world.CountAsync();
        Assert.Equal((At("12:05"), TimeSpan.FromMinutes(37)), await StandAsync());

        _world.Clock.Advance(TimeSpan.FromHours(30));
        await _world.CountAsync();
        var figures = await _world.FiguresAsync(new StatisticsQuery(Today, Today.AddDays(1)));
        Assert.Equal(TimeSpan.FromMinutes(37 + (30 * 60)), figures.Sums.Online);
        Assert.Equal(43, figures.Busy.Hours.Count);
    }

    [Fact]
    public async Task What_was_reported_late_is_made_good_when_the_days_are_counted_again()
    {
        var stay = await _world.StayAsync(_grace, _router, At("06:00", daysAgo: 1), At("07:00", daysAgo: 1), cause: null);
        await _world.CountAsync();
        await _world.WriteAsync(db => db.Database.ExecuteSqlAsync(
            $"update sessions set ended_at = {At("09:00", daysAgo: 1)}, terminate_cause = 2 where id = {stay}"));
        await _world.StayAsync(_grace, _router, At("20:00", daysAgo: 1), At("21:00", daysAgo: 1));

        var yesterday = new StatisticsQuery(Today.AddDays(-1), Today.AddDays(-1));
        Assert.Equal(TimeSpan.FromHours(1), (await _world.FiguresAsync(yesterday)).Sums.Online);
        await _world.CountAgainAsync();
        await _world.CountAgainAsync();

        var figures = await _world.FiguresAsync(yesterday);
        Assert.Equal((2, TimeSpan.FromHours(4)), (figures.Sums.Sessions, figures.Sums.Online));
        Assert.Equal([1, 2], figures.Endings.Select(ending => ending.Cause!.Value).Order());
    }

    [Fact]
    public async Task What_was_counted_stays_when_its_sessions_have_gone()
    {
        await _world.StayAsync(_grace, _router, At("06:00", daysAgo: 20), At("07:00", daysAgo: 20));
        await _world.CountAsync();
        await _world.WriteAsync(db => db.Database.ExecuteSqlAsync($"delete from sessions"));

        await _world.CountAsync();
        await _world.CountAgainAsync(SessionStatisticsJob.DaysOnceMore);

        Assert.Equal(1, (await _world.FiguresAsync(new StatisticsQuery(Today.AddDays(-29), Today))).Sums.Sessions);
    }

    [Theory]
    [InlineData("2025-10-26", 25)] // clocks go back
    [InlineData("2026-03-29", 23)] // and forward
    public async Task A_day_on_which_clocks_change_has_as_many_hours_as_it_has(string date, int hours)
    {
        var day = DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture);
        var noon = new DateTimeOffset(day, new TimeOnly(12, 0), TimeSpan.Zero);
        await _world.WriteAsync(db => db.Database.ExecuteSqlAsync($"update tenants set time_zone = 'Europe/Berlin'"));
        await _world.StayAsync(_grace, _router, noon.AddDays(-1), noon.AddDays(1));
        if (noon > _world.Clock.GetUtcNow())
            _world.Clock.Advance(noon.AddDays(2) - _world.Clock.GetUtcNow());
        for (var run = 0; run < 6; run++) // a month each
            await _world.CountAsync();

        var figures = await _world.FiguresAsync(new StatisticsQuery(day, day));

        Assert.Equal(TimeSpan.FromHours(hours), figures.Sums.Online);
        Assert.Equal(hours, figures.Busy.Hours.Count);
        Assert.All(figures.Busy.Hours, hour => Assert.Equal((1, 1.0), (hour.Peak, hour.Average)));
        Assert.Equal(hours == 25 ? 24 : 23, figures.Busy.Week.Count);
        Assert.All(figures.Busy.Week, slot => Assert.Equal(1.0, slot.Online));
    }

    [Fact]
    public async Task Hours_follow_a_zone_whose_midnight_is_at_half_past()
    {
        await _world.WriteAsync(db => db.Database.ExecuteSqlAsync($"update tenants set time_zone = 'Asia/Kolkata'"));
        var midnight = new DateTimeOffset(2026, 3, 1, 18, 30, 0, TimeSpan.Zero);
        await _world.StayAsync(_grace, _router, midnight.AddMinutes(-15), midnight.AddMinutes(15));

        await _world.CountAsync();

        var hour = (await _world.FiguresAsync(OfToday)).Busy.Hours[0];
        Assert.Equal((midnight, 0.25), (hour.Hour, hour.Average));
    }

    [Fact]
    public async Task Data_is_the_days_own_and_shared_among_routers_by_time()
    {
        var other = await _world.RouterAsync("Hill", "10.255.0.3");
        await _world.StayAsync(_grace, _router, At("06:00"), At("09:00"), bytes: 900);
        await _world.StayAsync(_grace, other, At("09:00"), At("10:00"), bytes: 100);
        await _world.StayAsync(customer: null, other, At("10:00"), At("11:00"), bytes: 7);
        await _world.HaveUsedAsync(_grace, Today, 1_000_000);

        await _world.CountAsync();

        var figures = await _world.FiguresAsync(OfToday);
        Assert.Equal(1_000_007, figures.Sums.Bytes);
        Assert.Equal([("Town mast", 750_000L), ("Hill", 250_007L)], figures.Routers.Select(r => (r.Name!, (r.Sums.Bytes + 50) / 100 * 100 + (r.Name == "Hill" ? 7 : 0))));
        Assert.Equal(1_000_007, figures.Routers.Sum(router => router.Sums.Bytes));
        Assert.Equal([("Home 10", 1_000_000L, 2L), (null, 7L, 1L)], figures.Packages.Select(p => (p.Name, p.Sums.Bytes, p.Sums.Sessions)));
        var top = await _world.CustomersAsync(OfToday);
        Assert.Equal((1, "Grace Wanjiru", 1_000_000L), (top.Customers, top.Top[0].Name, top.Top[0].Bytes));
    }

    [Fact]
    public async Task Endings_say_where_they_happen_most_and_refusals_why()
    {
        var other = await _world.RouterAsync("Hill", "10.255.0.3");
        foreach (var (router, cause) in new[] { (_router, (int?)2), (other, 2), (other, 2), (other, null), (_router, 1) })
            await _world.StayAsync(_grace, router, At("06:00"), At("07:00"), cause);
        await _world.LogLoginAsync(_router, "grace", Refusal.WrongPassword);
        await _world.LogLoginAsync(_router, "grace", Refusal.SubscriptionExpired);
        await _world.LogLoginAsync(other, "grace", Refusal.WrongPassword);
        await _world.LogLoginAsync(other, "grace", refusal: null);

        await _world.CountAsync();

        var figures = await _world.FiguresAsync(OfToday);
        Assert.Equal([(2, 3L, "Hill", 2L), (1, 1, "Town mast", 1), (null, 1, "Hill", 1)], figures.Endings.Select(e => (e.Cause, e.Times, e.WorstRouter!, e.TimesThere)));
        Assert.Equal([100.0, 50], figures.Routers.Select(router => router.LostPercent!.Value).OrderDescending());
        Assert.Equal([new RefusalCount("WrongPassword", 2), new RefusalCount("SubscriptionExpired", 1)], figures.Refusals);
        Assert.Equal([new RefusalCount("WrongPassword", 1)], (await _world.FiguresAsync(OfToday with { RouterId = other })).Refusals);
    }

    [Fact]
    public async Task The_days_before_are_compared_only_where_they_were_counted()
    {
        await _world.StayAsync(_grace, _router, At("06:00", daysAgo: 3), At("07:00", daysAgo: 3));
        await _world.StayAsync(_grace, _router, At("06:00", daysAgo: 1), At("08:00", daysAgo: 1));
        await _world.CountAsync();

        Assert.Equal(1, (await _world.FiguresAsync(new StatisticsQuery(Today.AddDays(-1), Today))).Before!.Sessions);
        Assert.Null((await _world.FiguresAsync(new StatisticsQuery(Today.AddDays(-2), Today))).Before);
        Assert.Null((await _world.FiguresAsync(OfToday)).Before);
    }

    [Fact]
    public async Task Before_anything_is_counted_there_is_no_figure()
    {
        var figures = await _world.FiguresAsync(OfToday);

        Assert.Null(figures.CountedAt);
        Assert.Empty(figures.Busy.Hours);
        Assert.Equal(0, figures.Sums.Sessions);
    }

    private async Task<(DateTimeOffset, TimeSpan)> StandAsync()
    {
        var figures = await _world.FiguresAsync(OfToday);
        return (figures.CountedAt!.Value, figures.Sums.Online);
    }

    private async Task<Guid> CustomerAsync(string name)
    {
        var customer = await _world.CustomerAsync(name);
        await _world.GiveAsync(customer, _package);
        return customer;
    }

    /// <summary>On the tenant's clock.</summary>
    private static DateTimeOffset At(string time, int daysAgo = 0) => new DateTimeOffset(
        Today.AddDays(-daysAgo), TimeOnly.Parse(time, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromHours(3)).ToUniversalTime();
}
