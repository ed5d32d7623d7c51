using EasyIsp.Radius.Policy;

namespace EasyIsp.Radius.Tests.Orders;

public sealed class SessionTermsTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly SessionTerms Hour = new("2000k/5000k", Start.AddHours(1), DataLimitBytes: 1000, IdleSeconds: 600);

    [Fact]
    public void What_was_told_is_read_back_as_it_was_written()
        => Assert.Equal(Hour, SessionTerms.Read(Hour.Write()));

    [Fact]
    public void What_another_version_wrote_is_read_as_far_as_it_is_known()
        => Assert.Equal(
            new SessionTerms("1M/2M", Start),
            SessionTerms.Read("""{"RateLimit": "1M/2M", "EndsAt": "2026-03-02T09:00:00+00:00", "Vlan": 7}"""));

    [Fact]
    public void Only_what_differs_is_changed()
    {
        Assert.True(Hour.ChangeFrom(Hour, Start).IsNothing);
        Assert.Equal(new SessionChange(RateLimit: "1k/1k"), (Hour with { RateLimit = "1k/1k" }).ChangeFrom(Hour, Start));
        Assert.Equal(new SessionChange(SessionSeconds: 7200), (Hour with { EndsAt = Start.AddHours(2) }).ChangeFrom(Hour, Start));
        Assert.Equal(new SessionChange(IdleSeconds: 0), (Hour with { IdleSeconds = null }).ChangeFrom(Hour, Start));
        Assert.Equal(new SessionChange("2000k/5000k", 3600, 600), Hour.ChangeFrom(told: null, Start));
    }

    [Fact]
    public void A_session_past_its_end_is_not_given_a_time_of_zero_which_would_be_no_limit()
        => Assert.Equal(1u, Hour.ChangeFrom(told: null, Start.AddHours(2)).SessionSeconds);

    [Theory]
    [InlineData(1000L, 1000L, null, false)]
    [InlineData(1000L, 2000L, "data limit", true)]
    [InlineData(1000L, null, "data limit", true)]
    [InlineData(2000L, 1000L, "data limit", false)]
    [InlineData(null, 1000L, "data limit", false)]
    public void Another_data_limit_takes_a_new_login_which_may_wait_where_it_only_gives(long? told, long? now, string? reason, bool mayWait)
    {
        var before = Hour with { DataLimitBytes = told };
        var present = Hour with { DataLimitBytes = now };

        Assert.Equal(reason, present.NewLoginFor(before));
        if (reason is not null)
            Assert.Equal(mayWait, present.MayWaitSince(before));
    }
}
