using EasyIsp.Core.Sessions;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Sessions;
using EasyIsp.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>The accounting cases of the conformance list that <see cref="AccountingTests"/> has not; docs/radius.md has the table.</summary>
public sealed class AccountingCaseTests(PostgresServer server) : IAsyncLifetime
{
    private const string OpenSessions = "user_name, uploaded_bytes, downloaded_bytes, session_seconds) from open_sessions order by user_name --";
    private const string EndedSessions = "user_name, uploaded_bytes, session_seconds, terminate_cause) from sessions order by user_name --";

    private Isp _isp = null!;
    private TestNas _nas = null!;

    public async ValueTask InitializeAsync()
    {
        _isp = await Isp.OpenAsync(server);
        _nas = await _isp.AddRouterAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _nas.Dispose();
        await _isp.DisposeAsync();
    }

    [Fact]
    public async Task RAD_36_A_report_sent_again_with_a_longer_delay_counts_once()
    {
        await _isp.AddSubscriberAsync("ali");
        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Seconds: 300, Uploaded: 70));
        _isp.World.Clock.Advance(TimeSpan.FromSeconds(5));
        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Seconds: 300, Uploaded: 70, DelaySeconds: 5));

        Assert.Equal("ali|70|0|300", await _isp.QueryAsync(OpenSessions));
        Assert.Equal("70|300", await _isp.QueryAsync("sum(uploaded_bytes), sum(seconds)) from usage_by_day --"));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task RAD_57_Any_order_and_number_of_reports_from_several_writers_at_once_counts_each_byte_once(bool hasClass, bool isJoined)
    {
        await _isp.AddSubscriberAsync("ali");
        var random = new Random(57);
        var reports = Enumerable.Range(0, 25).SelectMany(session => StoryOf(session, hasClass)).ToArray();
        SessionReport[] arrived = [.. reports, .. random.GetItems(reports, reports.Length / 2)];
        random.Shuffle(arrived);
        var store = _isp.Worker<SessionStore>();

        await Task.WhenAll(arrived.Chunk(7).Chunk(6).Select(async batches =>
        {
            foreach (var batch in batches)
                await store.WriteAsync(isJoined ? JoinedNews.Of(batch) : batch, ended: null, TestContext.Current.CancellationToken);
        }));

        Assert.Equal("0", await _isp.QueryAsync("count(*)) from open_sessions --"));
        Assert.Equal(
            "25|150000000025|700|700|1",
            await _isp.QueryAsync(
                "count(*), sum(uploaded_bytes), min(session_seconds), max(session_seconds), max(terminate_cause)) from sessions --"));
        Assert.Equal("150000000025|17500", await _isp.QueryAsync("sum(uploaded_bytes), sum(seconds)) from usage_by_day --"));
    }

    [Fact]
    public async Task RAD_59_A_router_without_gigawords_that_wraps_goes_on_counting()
    {
        await _isp.AddSubscriberAsync("ali");
        var traffic = new Traffic("ali", HasGigawords: false);
        (uint Seconds, uint Octets, uint Delay)[] told =
            [(300, 3_000_000_000, 0), (600, 4_200_000_000, 0), (900, 50, 0), (600, 4_200_000_000, 600), (1500, 90, 0)];
        foreach (var (seconds, octets, delay) in told)
        {
            _isp.World.Clock.Advance(TimeSpan.FromSeconds(300));
            await _nas.ReportAsync(
                AcctStatusType.InterimUpdate, traffic with { Seconds = seconds, Downloaded = octets, DelaySeconds = delay });
        }

        Assert.Equal($"ali|0|{(1L << 32) + 90}|1500", await _isp.QueryAsync(OpenSessions));
        Assert.Equal($"{(1L << 32) + 90}", await _isp.QueryAsync("sum(downloaded_bytes)) from usage_by_day --"));
    }

    [Fact]
    public async Task RAD_60_Accounting_Off_ends_all_of_a_large_router_and_nothing_of_another()
    {
        using var other = await _isp.AddRouterAsync("127.0.1.2");
        await other.ReportAsync(AcctStatusType.Start, new Traffic("eve"));
        await _isp.ExecuteAsync($"""
            insert into open_sessions (tenant_id, id, router_id, user_name, nas_session_id, started_at, last_heard_at,
              uploaded_bytes, downloaded_bytes, session_seconds)
            select '{_isp.World.TenantId}', gen_random_uuid(), '{_nas.Id}', 'user' || i, i::text, '2026-03-02 08:00+00', '2026-03-02 08:30+00', 0, 0, 0
            from generate_series(1, 12000) i
            """);

        await _nas.ReportAsync(AcctStatusType.AccountingOff, new Traffic("-"));

        Assert.Equal("eve|0|0|0", await _isp.QueryAsync(OpenSessions));
        Assert.Equal(
            "12000|11|11|2026-03-02 09:00:00+00",
            await _isp.QueryAsync("count(*), min(terminate_cause), max(terminate_cause), max(ended_at)) from sessions --"));
    }

    [Fact]
    public async Task RAD_61_A_session_unheard_for_three_intervals_is_closed_and_a_late_interim_goes_on_with_it()
    {
        await _isp.AddSubscriberAsync("ali");
        var ours = (await _nas.LoginAsync("ali", "hello123")).Class;
        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Class: ours, Seconds: 60, Uploaded: 40));
        _isp.World.Clock.Advance(TimeSpan.FromMinutes(16));

        Assert.Equal(1, await _isp.World.Services.GetRequiredService<StaleSessionsJob>().RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal("ali|40|60", await _isp.QueryAsync(EndedSessions));

        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Class: ours, Seconds: 1020, Uploaded: 100));
        Assert.Equal("ali|100|0|1020", await _isp.QueryAsync(OpenSessions));
        Assert.Equal("", await _isp.QueryAsync(EndedSessions));
        Assert.Equal("100|1020", await _isp.QueryAsync("sum(uploaded_bytes), sum(seconds)) from usage_by_day --"));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(4_102_444_800u)]
    public async Task RAD_62_The_routers_clock_is_not_believed_and_a_huge_delay_is_a_day(uint eventTimestamp)
    {
        await _nas.ReportAsync(AcctStatusType.Start, new Traffic("ali", EventTimestamp: eventTimestamp));
        await _nas.ReportAsync(AcctStatusType.Start, new Traffic("ben", "80100015", EventTimestamp: eventTimestamp, DelaySeconds: uint.MaxValue, Mac: "-"));

        Assert.Equal(
            "ali|2026-03-02 09:00:00+00;ben|2026-03-01 09:00:00+00",
            await _isp.QueryAsync("user_name, started_at) from open_sessions order by user_name --"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(15)]
    [InlineData(4711)]
    public async Task RAD_63_A_report_of_a_kind_that_concerns_no_session_is_answered_and_changes_nothing(int status)
    {
        await _nas.ReportAsync((AcctStatusType)status, new Traffic("ali"));

        Assert.Equal("0|0", await _isp.QueryAsync("(select count(*) from open_sessions), (select count(*) from sessions)) --"));
    }

    [Fact]
    public async Task Traffic_across_midnight_falls_on_both_days_of_the_tenant()
    {
        await _isp.AddSubscriberAsync("ali", terms: Isp.Hour with { Duration = TimeSpan.FromDays(2) });
        _isp.World.Clock.Advance(TimeSpan.FromHours(11)); // 23:00 in Nairobi
        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Seconds: 60, Uploaded: 10));
        _isp.World.Clock.Advance(TimeSpan.FromMinutes(90));
        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Seconds: 5460, Uploaded: 310));
        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Seconds: 5460, Uploaded: 311));

        Assert.Equal(
            "2026-03-02|210|3660;2026-03-03|101|1800",
            await _isp.QueryAsync("day, sum(uploaded_bytes), sum(seconds)) from usage_by_day group by day order by day --"));
    }

    /// <summary>One session's reports: 6,000,000,001 octets in 700 seconds.</summary>
    private IEnumerable<SessionReport> StoryOf(int session, bool hasClass)
    {
        var start = _isp.World.Clock.GetUtcNow();
        var begins = new SessionReport(
            _isp.World.TenantId, _nas.Id, hasClass ? Guid.CreateVersion7(start) : null, $"81{session:x6}", "ali", null, null, null,
            start, start, 0, 0, 0, IsStart: true, End: null);
        yield return begins;
        foreach (var seconds in new[] { 100, 200, 300, 600 })
        {
            yield return begins with
            {
                IsStart = false,
                HeardAt = start.AddSeconds(seconds),
                SessionSeconds = seconds,
                UploadedBytes = seconds * 10_000_000L,
            };
        }

        yield return begins with
        {
            IsStart = false,
            HeardAt = start.AddSeconds(700),
            SessionSeconds = 700,
            UploadedBytes = 6_000_000_001,
            End = new SessionEnd(start.AddSeconds(700), 1),
        };
    }
}
