using EasyIsp.Core.Tenancy;
using EasyIsp.Radius.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace EasyIsp.Radius.Tests.Sessions;

/// <summary>Joined or not, reports come to the same.</summary>
public sealed class JoinedNewsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 20, 50, 0, TimeSpan.Zero);
    private static readonly Guid Tenant = Guid.CreateVersion7(Now);
    private static readonly Guid Router = Guid.CreateVersion7(Now);
    private static readonly SessionOwner Ali = new("ali", Guid.CreateVersion7(Now), Guid.CreateVersion7(Now));

    /// <summary>East of UTC by three hours: midnight is at 21:00, in the midst of what is told.</summary>
    private static readonly DaysOfTenant Days = new(new TenantCalendar("Africa/Nairobi"));

    [Fact]
    public void Whatever_is_told_of_a_session_in_whatever_order_joined_it_comes_to_the_same()
    {
        var random = new Random(57);
        for (var round = 0; round < 5_000; round++)
        {
            var told = Story(random);
            if (random.Next(2) == 0)
                random.Shuffle(told);

            var joined = JoinedNews.Of(told).Cast<SessionReport>().ToArray();

            Assert.Equal(Merged(told), Merged(joined));
            Assert.Equal(UseOf(told).Sum(gain => gain.UploadedBytes), UseOf(joined).Sum(gain => gain.UploadedBytes));
            Assert.Equal(
                UseOf(told).Where(gain => gain.UploadedBytes != 0).Select(gain => gain.Day).Distinct().Order(),
                UseOf(joined).Where(gain => gain.UploadedBytes != 0).Select(gain => gain.Day).Distinct().Order());
        }
    }

    [Fact]
    public void A_session_from_its_start_to_its_stop_is_one_report()
    {
        var start = Report(0, 0) with { IsStart = true };
        var stop = Report(90, 9) with { End = new SessionEnd(Now.AddSeconds(90), 1) };

        var joined = Assert.IsType<SessionReport>(Assert.Single(JoinedNews.Of([start, Report(30, 3), Report(60, 6), stop])));

        Assert.Equal((true, 9L, 90L, start.StartedAt), (joined.IsStart, joined.UploadedBytes, joined.SessionSeconds, joined.StartedAt));
        Assert.Equal(stop.End, joined.End);
    }

    [Fact]
    public void Sessions_are_joined_each_with_its_own_and_not_across_a_restart_of_the_router()
    {
        var other = Report(0, 1) with { SessionId = Guid.CreateVersion7(Now) };

        Assert.Equal(2, JoinedNews.Of([Report(0, 1), other, Report(30, 2), other]).Count);
        Assert.Equal(3, JoinedNews.Of([Report(0, 1), new RouterRestarted(Tenant, Router, Now, 11), Report(30, 2)]).Count);
    }

    [Fact]
    public void What_may_be_told_of_two_days_or_after_the_end_or_by_a_counter_that_may_begin_again_is_not_joined()
    {
        var session = Guid.CreateVersion7(Now);
        SessionReport Of(int seconds, long octets) => Report(seconds, octets) with { SessionId = session };

        Assert.Equal(2, JoinedNews.Of([Of(0, 1), Of(600, 2)]).Count);
        Assert.Equal(2, JoinedNews.Of([(Of(0, 1) with { End = new SessionEnd(Now, 1) }), Of(30, 2)]).Count);
        Assert.Equal(2, JoinedNews.Of([Of(0, 1), Of(30, 2) with { MayWrap = true }]).Count);
        Assert.Equal(2, JoinedNews.Of([(Of(0, 1) with { MayWrap = true }), Of(30, 2)]).Count);
        Assert.Equal(2, JoinedNews.Of([Of(30, 9), Of(0, 2)]).Count);
        Assert.Equal(2, JoinedNews.Of([Of(0, 1), Of(30, 2) with { Owner = new SessionOwner("ali", Guid.CreateVersion7(Now)) }]).Count);
        Assert.Equal(2, JoinedNews.Of([(Report(0, 1) with { SessionId = null }), Report(30, 2) with { SessionId = null }]).Count);
        Assert.Single(JoinedNews.Of([Of(0, 1), Of(30, 2)]));
    }

    private static readonly Guid Session = Guid.CreateVersion7(Now);

    private static SessionReport[] Story(Random random)
    {
        var (seconds, octets, mayWrap) = (0, 0L, random.Next(3) == 0);
        var told = new List<SessionReport>();
        if (random.Next(4) > 0)
            told.Add(Report(0, 0) with { IsStart = true });
        for (var left = random.Next(1, 8); left > 0; left--)
        {
            seconds += random.Next(0, 300);
            octets += random.NextInt64(0, 1L << 32);
            told.Add(Report(seconds, octets % (mayWrap ? 1L << 32 : long.MaxValue)) with
            {
                MayWrap = mayWrap,
                MacAddress = random.Next(2) == 0 ? "BC:24:11:EB:56:4D" : null,
                Address = random.Next(2) == 0 ? System.Net.IPAddress.Parse("10.5.88.20") : null,
            });
            if (random.Next(4) == 0)
                told.Add(told[^1]);
        }

        if (random.Next(2) == 0)
            told.Add(told[^1] with { End = new SessionEnd(told[^1].HeardAt, 1) });
        return [.. told];
    }

    private static SessionReport Report(int seconds, long uploaded) => new(
        Tenant, Router, Session, "8010001a", "ali", Ali, null, null,
        Now, Now.AddSeconds(seconds), uploaded, 0, seconds, IsStart: false, End: null);

    private static SessionRow Merged(SessionReport[] told)
    {
        var book = new SessionBook([], new FakeTimeProvider(Now));
        foreach (var report in told)
            book.Enter(report);
        return Assert.Single(book.Changes).Now;
    }

    private static List<UsageGain> UseOf(SessionReport[] told)
    {
        var gains = new List<UsageGain>();
        SessionRow? stored = null;
        foreach (var report in told)
        {
            var now = stored?.Merge(report) ?? SessionRow.Begin(Session, report);
            gains.AddRange(UsageGain.Of(stored, now, Days));
            stored = now;
        }

        return gains;
    }
}
