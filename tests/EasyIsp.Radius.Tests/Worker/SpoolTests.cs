using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Spool;
using EasyIsp.Radius.Tests.Spool;
using EasyIsp.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>RAD-74, the half that is accounting.</summary>
public sealed class SpoolTests(PostgresServer server) : IAsyncLifetime
{
    private const string Sessions = """
        user_name, uploaded_bytes, session_seconds, customer_id is not null, ended) from (
          select user_name, uploaded_bytes, session_seconds, customer_id, false as ended from open_sessions
          union all select user_name, uploaded_bytes, session_seconds, customer_id, true from sessions) s order by user_name --
        """;

    private readonly TemporaryDirectory _directory = new();
    private Isp _isp = null!;
    private TestNas _nas = null!;

    public async ValueTask InitializeAsync()
    {
        _isp = await Isp.OpenAsync(server, spoolPath: _directory.Path);
        _nas = await _isp.AddRouterAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _nas.Dispose();
        await _isp.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task What_is_reported_while_the_database_is_away_is_answered_and_written_when_it_is_back()
    {
        await _isp.HearingOfAsync("subscriptions", () => _isp.AddSubscriberAsync("ali"));
        var ours = (await _nas.LoginAsync("ali", "hello123")).Class;
        await using (await Outage.BeginAsync(_isp.World.Database))
        {
            await _nas.ReportAsync(AcctStatusType.Start, new Traffic("ali", Class: ours));
            await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Class: ours, Seconds: 60, Uploaded: 9));
            await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Class: ours, Seconds: 60, Uploaded: 9));
            await _nas.ReportAsync(AcctStatusType.Stop, new Traffic("stranger", "80100015", Seconds: 5, Uploaded: 4, Mac: "-"));

            var spool = _isp.Worker<AccountingSpool>();
            Assert.Equal(4, spool.Records);
            _isp.World.Clock.Advance(SpoolHealth.Long + TimeSpan.FromSeconds(1));
            var health = await new SpoolHealth(spool).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
            Assert.Equal(HealthStatus.Degraded, health.Status);
        }

        await _isp.BecomesAsync("ali|9|60|t|f;stranger|4|5|f|t", Sessions);
        Assert.Equal("9|60", await _isp.QueryAsync("sum(uploaded_bytes), sum(seconds)) from usage_by_day --"));
        await Isp.EventuallyAsync(() => Task.FromResult(_isp.Worker<AccountingSpool>().IsEmpty));
        Assert.Empty(_directory.Segments);
    }

    [Fact]
    public async Task What_the_database_refuses_for_its_contents_is_set_aside_and_the_others_go_on()
    {
        await using (var owner = NpgsqlDataSource.Create(_isp.World.Database.Admin))
        await using (var check = owner.CreateCommand("alter table open_sessions add constraint refused check (user_name <> 'refused')"))
            await check.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await using (await Outage.BeginAsync(_isp.World.Database))
        {
            foreach (var name in new[] { "ali", "refused", "bakari" })
                await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic(name, name, Seconds: 60, Uploaded: 9, Mac: "-"));
        }

        await _isp.BecomesAsync("ali|9|60|f|f;bakari|9|60|f|f", Sessions);
        await Isp.EventuallyAsync(() => Task.FromResult(_isp.Worker<AccountingSpool>().IsEmpty));
        var aside = Assert.Single(Directory.GetFiles(_directory.Path, "*.damaged"));
        Assert.Single(SpoolSegment.Read(aside).Records);
    }

    [Fact]
    public async Task Where_that_is_wanted_the_database_has_it_before_it_is_answered_and_the_disk_what_that_does_not_take()
    {
        using var directory = new TemporaryDirectory();
        await using var isp = await Isp.OpenAsync(
            server, spoolPath: directory.Path, configure: options => options.AnswerAccountingFrom = AccountingPlace.Database);
        using var nas = await isp.AddRouterAsync();

        await nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Seconds: 60, Uploaded: 9, Mac: "-"));
        Assert.Equal("ali|9|60|f|f", await isp.QueryAsync(Sessions));
        Assert.Empty(directory.Segments);
        await using (await Outage.BeginAsync(isp.World.Database))
        {
            await nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Seconds: 120, Uploaded: 19, Mac: "-"));
            Assert.Equal(1, isp.Worker<AccountingSpool>().Records);
        }

        await isp.BecomesAsync("ali|19|120|f|f", Sessions);
    }

    [Fact]
    public async Task A_disk_that_refuses_costs_no_record_while_the_database_is_there()
    {
        Directory.Delete(_directory.Path, recursive: true);
        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Seconds: 60, Uploaded: 9, Mac: "-"));
        Assert.Equal("ali|9|60|f|f", await _isp.QueryAsync(Sessions));
        Directory.CreateDirectory(_directory.Path);
    }

    [Fact]
    public async Task A_session_told_of_from_its_start_to_its_stop_before_the_database_takes_it_is_one_row_and_its_use_one_days()
    {
        await _isp.HearingOfAsync("subscriptions", () => _isp.AddSubscriberAsync("ali"));
        var ours = (await _nas.LoginAsync("ali", "hello123")).Class;
        await using (await Outage.BeginAsync(_isp.World.Database))
        {
            await _nas.ReportAsync(AcctStatusType.Start, new Traffic("ali", Class: ours));
            await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Class: ours, Seconds: 60, Uploaded: 6));
            await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Class: ours, Seconds: 120, Uploaded: 8));
            await _nas.ReportAsync(AcctStatusType.Stop, new Traffic("ali", Class: ours, Seconds: 130, Uploaded: 9));
        }

        await _isp.BecomesAsync("ali|9|130|t|t", Sessions);
        Assert.Equal("9|130", await _isp.QueryAsync("sum(uploaded_bytes), sum(seconds)) from usage_by_day --"));

        await _nas.ReportAsync(AcctStatusType.Stop, new Traffic("ali", Class: ours, Seconds: 130, Uploaded: 9));
        await Isp.EventuallyAsync(() => Task.FromResult(_isp.Worker<AccountingSpool>().IsEmpty));
        Assert.Equal("9|130", await _isp.QueryAsync("sum(uploaded_bytes), sum(seconds)) from usage_by_day --"));
        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync("ali", "hello123", Login.Hotspot with { Mac = "AA:BB:CC:DD:EE:01" })).Code);
    }

    [Fact]
    public async Task What_waits_on_disk_goes_first_and_what_another_worker_wrote_since_is_not_undone()
    {
        await _isp.AddSubscriberAsync("ali");
        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Seconds: 60, Uploaded: 6));
        var outage = await Outage.BeginAsync(_isp.World.Database);
        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Seconds: 60, Uploaded: 7));
        await outage.EndAsync();
        await Isp.EventuallyAsync(async () =>
        {
            try
            {
                await _isp.ExecuteAsync("update open_sessions set uploaded_bytes = 50, session_seconds = 61");
                return true;
            }
            catch (NpgsqlException)
            {
                return false; // a connection that the outage broke
            }
        });

        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Seconds: 62, Uploaded: 51));
        await _isp.BecomesAsync("ali|51|62|t|f", Sessions);
        Assert.Equal("51|62", await _isp.QueryAsync("sum(uploaded_bytes), sum(seconds)) from usage_by_day --"));
    }
}
