using EasyIsp.Core.Packages;
using Xunit;

namespace EasyIsp.Core.Tests.Packages;

public sealed class AllowedHoursTests
{
    /// <summary>No change, an hour in spring and autumn north and south, half an hour, and one that is at midnight.</summary>
    public static TheoryData<string, string> Places => new()
    {
        { "Africa/Nairobi", "2026-03-01" },
        { "Europe/Berlin", "2026-03-26" },
        { "Europe/Berlin", "2026-10-22" },
        { "America/New_York", "2026-10-29" },
        { "Australia/Lord_Howe", "2026-04-02" },
        { "Australia/Lord_Howe", "2026-10-01" },
        { "Africa/Cairo", "2026-04-21" },
        { "Africa/Cairo", "2026-10-27" },
    };

    [Theory]
    [InlineData("12345 22:00-06:00")]
    [InlineData("67 00:00-00:00")]
    [InlineData("1 08:00-12:00;135 14:00-17:30")]
    public void What_is_written_is_read_again(string text) => Assert.Equal(text, AllowedHours.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("8 08:00-12:00")]
    [InlineData(" 08:00-12:00")]
    [InlineData("1 8:00-12:00")]
    [InlineData("1 08:00-24:00")]
    [InlineData("1 08:00")]
    [InlineData("1 08:00-12:00;")]
    public void Anything_else_is_no_hours(string text) => Assert.Throws<FormatException>(() => AllowedHours.Parse(text));

    [Fact]
    public void Hours_that_go_over_midnight_belong_to_the_day_on_which_they_begin()
    {
        var friday = AllowedHours.Parse("5 22:00-06:00");

        Assert.True(friday.IsOpenAt(new DateTimeOffset(2026, 3, 6, 22, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc));
        Assert.True(friday.IsOpenAt(new DateTimeOffset(2026, 3, 7, 5, 59, 59, TimeSpan.Zero), TimeZoneInfo.Utc));
        Assert.False(friday.IsOpenAt(new DateTimeOffset(2026, 3, 7, 6, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc));
        Assert.False(friday.IsOpenAt(new DateTimeOffset(2026, 3, 6, 5, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc));
    }

    [Fact]
    public void Windows_that_touch_are_one_and_all_of_the_week_never_closes()
    {
        var now = new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

        Assert.Equal(now.AddHours(7), AllowedHours.Parse("1 08:00-12:00;1 12:00-17:00").ClosesAt(now, TimeZoneInfo.Utc));
        Assert.Null(AllowedHours.Parse("1234567 00:00-00:00").ClosesAt(now, TimeZoneInfo.Utc));
        Assert.Equal(now.AddDays(7).AddHours(-2), AllowedHours.Parse("1 08:00-10:00").OpensAt(now, TimeZoneInfo.Utc));
    }

    /// <summary>Walks the week minute by minute, beside an answer that looks at the wall's clock alone.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void The_next_turn_is_the_first_minute_at_which_the_answer_differs(string place, string from)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(place);
        var random = new Random(20260302);
        for (var round = 0; round < 12; round++)
        {
            var hours = AllowedHours.Of([.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Window(random))])!;
            var start = new DateTimeOffset(DateTime.Parse(from, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero);
            WalkBackwards(hours, zone, start, days: 6);
        }
    }

    /// <summary>Mostly in the small hours, where clocks change.</summary>
    private static WeeklyWindow Window(Random random) => new(
        (WeekDays)random.Next(1, 128), new TimeOnly(random.Next(24), random.Next(4) * 15), new TimeOnly(random.Next(5), random.Next(4) * 15));

    private static void WalkBackwards(AllowedHours hours, TimeZoneInfo zone, DateTimeOffset start, int days)
    {
        var end = start.AddDays(days);
        var isOpenNext = hours.IsOpenAt(end, zone);
        DateTimeOffset? turn = null;
        for (var minute = end.AddMinutes(-1); minute >= start; minute = minute.AddMinutes(-1))
        {
            var isOpen = hours.IsOpenAt(minute, zone);
            if (isOpen != isOpenNext)
                turn = minute.AddMinutes(1);
            isOpenNext = isOpen;
            // Every 17 minutes will do, and whatever lies at a turn.
            if (turn is not null && (minute.Minute % 17 == 0 || turn - minute <= TimeSpan.FromMinutes(2)))
                Assert.Equal(turn, isOpen ? hours.ClosesAt(minute, zone) : hours.OpensAt(minute, zone));
        }
    }
}
