using EasyIsp.Core.Subscriptions;
using EasyIsp.Core.Tenancy;
using EasyIsp.Radius.Sessions;

namespace EasyIsp.Radius.Tests.Sessions;

public sealed class UsageGainTests
{
    /// <summary>23:00 in Nairobi.</summary>
    private static readonly DateTimeOffset Evening = new(2026, 3, 2, 20, 0, 0, TimeSpan.Zero);
    private static readonly Guid Subscription = Guid.CreateVersion7(Evening);

    private readonly DaysOfTenant _days = new(new TenantCalendar("Africa/Nairobi"));

    [Fact]
    public void Traffic_across_the_tenants_midnight_is_split_by_time()
    {
        var gains = UsageGain.Of(null, Session(hours: 3, uploaded: 300, downloaded: 1000), _days).ToArray();

        Assert.Equal(
            [(new DateOnly(2026, 3, 2), 100, 333, 3600), (new DateOnly(2026, 3, 3), 200, 667, 7200)],
            gains.Select(gain => (gain.Day, gain.UploadedBytes, gain.DownloadedBytes, gain.Seconds)));
    }

    [Fact]
    public void Only_what_was_added_is_counted()
    {
        var gain = Assert.Single(UsageGain.Of(Session(2, 200, 50), Session(3, 300, 50), _days));

        Assert.Equal((new DateOnly(2026, 3, 3), 100, 0, 3600), (gain.Day, gain.UploadedBytes, gain.DownloadedBytes, gain.Seconds));
        Assert.Empty(UsageGain.Of(Session(3, 300, 50), Session(3, 300, 50), _days));
    }

    [Fact]
    public void A_session_that_turns_out_to_be_somebodys_counts_from_its_beginning()
    {
        var nobodys = Session(1, 100, 0) with { Owner = new SessionOwner("ali") };

        Assert.Equal(300, UsageGain.Of(nobodys, Session(3, 300, 0), _days).Sum(gain => gain.UploadedBytes));
        Assert.Empty(UsageGain.Of(null, nobodys, _days));
    }

    [Fact]
    public void However_long_it_was_the_parts_sum_to_the_whole()
    {
        var gains = UsageGain.Of(null, Session(24 * 400, 1_000_000_007, 999_999_937), _days).ToArray();

        Assert.Equal(32, gains.Length);
        Assert.Equal((1_000_000_007, 999_999_937), (gains.Sum(gain => gain.UploadedBytes), gains.Sum(gain => gain.DownloadedBytes)));
        Assert.All(gains, gain => Assert.True(gain.UploadedBytes >= 0));
    }

    [Fact]
    public void A_day_of_a_subscription_has_one_id_and_later_days_have_later_ones()
    {
        var day = new DateOnly(2026, 3, 2);
        var id = UsageDay.IdOf(day, Subscription);

        Assert.Equal((7, day), (id.Version, DateOnly.FromDateTime(TimeOf(id))));
        Assert.Equal(id, UsageDay.IdOf(day, Subscription));
        Assert.True(string.CompareOrdinal(id.ToString(), UsageDay.IdOf(day.AddDays(1), Subscription).ToString()) < 0);
        Assert.NotEqual(id, UsageDay.IdOf(day, Guid.CreateVersion7(Evening)));
    }

    private static DateTime TimeOf(Guid id) => DateTimeOffset
        .FromUnixTimeMilliseconds(Convert.ToInt64(id.ToString("N")[..12], 16)).UtcDateTime;

    private static SessionRow Session(int hours, long uploaded, long downloaded) => new(
        Guid.CreateVersion7(Evening),
        Guid.Empty,
        Guid.Empty,
        "80100014",
        new SessionOwner("ali", Guid.CreateVersion7(Evening), Subscription),
        null,
        null,
        Evening,
        Evening.AddHours(hours),
        uploaded,
        downloaded,
        hours * 3600,
        null);
}
