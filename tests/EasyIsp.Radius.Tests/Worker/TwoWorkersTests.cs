using EasyIsp.Core.Subscriptions;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Sessions;
using EasyIsp.Testing;
using Npgsql;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>Two workers on one database, each the first or second server of the same router.</summary>
public sealed class TwoWorkersTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly Login Laptop = Login.Hotspot with { Mac = "AA:AA:AA:AA:AA:AA" };

    private Isp _isp = null!;
    private TestWorker _second = null!;
    private TestNas _toFirst = null!;
    private TestNas _toSecond = null!;

    public async ValueTask InitializeAsync()
    {
        _isp = await Isp.OpenAsync(server);
        _second = await _isp.JoinAsync();
        _toFirst = await _isp.AddRouterAsync();
        _toSecond = new TestNas(_second.Auth, _second.Acct, _toFirst.Id, "127.0.1.1", Isp.Secret);
        await Isp.EventuallyAsync(() => Task.FromResult(
            _second.Get<EasyIsp.Radius.Routers.NasDirectory>().Find(_isp.World.TenantId, _toFirst.Id) is not null));
    }

    public async ValueTask DisposeAsync()
    {
        _toFirst.Dispose();
        _toSecond.Dispose();
        await _second.DisposeAsync();
        await _isp.DisposeAsync();
    }

    [Fact]
    public async Task A_session_that_begins_on_one_grows_and_ends_on_the_other()
    {
        await _isp.AddSubscriberAsync("ali");
        var phone = await _toFirst.LoginAsync("ali", "hello123");
        await _toFirst.ReportAsync(AcctStatusType.Start, new Traffic("ali", Class: phone.Class));
        await _toSecond.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Class: phone.Class, Seconds: 60, Uploaded: 7));
        await _toSecond.ReportAsync(AcctStatusType.Stop, new Traffic("ali", Class: phone.Class, Seconds: 61, Uploaded: 9));

        Assert.Equal("9|61", await _isp.QueryAsync("sum(uploaded_bytes), sum(session_seconds)) from sessions --"));
        Assert.Equal("9|61", await _isp.QueryAsync("sum(uploaded_bytes), sum(seconds)) from usage_by_day --"));
        await Isp.EventuallyAsync(async () => (await _toFirst.LoginAsync("ali", "hello123", Laptop)).Code is PacketCode.AccessAccept);
    }

    [Fact]
    public async Task A_place_taken_on_one_is_taken_on_the_other()
    {
        await _isp.AddSubscriberAsync("ali");
        var phone = await _toFirst.LoginAsync("ali", "hello123");
        await _toFirst.ReportAsync(AcctStatusType.Start, new Traffic("ali", Class: phone.Class));
        await Isp.EventuallyAsync(() => Task.FromResult(_second.Get<Places>().Count == 1));

        var laptop = await _toSecond.LoginAsync("ali", "hello123", Laptop);

        Assert.Equal("Your package is in use on another device", laptop.Message);
    }

    [Fact]
    public async Task Of_two_devices_that_both_let_in_at_the_same_moment_the_later_is_ordered_to_leave()
    {
        await _isp.AddSubscriberAsync("ali");
        var phone = await _toFirst.LoginAsync("ali", "hello123");
        _isp.World.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var laptop = await _toSecond.LoginAsync("ali", "hello123", Laptop);
        Assert.Equal((PacketCode.AccessAccept, PacketCode.AccessAccept), (phone.Code, laptop.Code));

        await _toFirst.ReportAsync(AcctStatusType.Start, new Traffic("ali", "81000001", Class: phone.Class));
        _isp.World.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await _toSecond.ReportAsync(AcctStatusType.Start, new Traffic("ali", "81000002", Mac: Laptop.Mac, Class: laptop.Class));

        await _isp.BecomesAsync(
            $"81000002|{Surplus.Reason}", "s.nas_session_id, o.reason) from network_orders o join open_sessions s on s.id = o.session_id --");
    }

    [Fact]
    public async Task Whoever_could_not_be_ordered_to_leave_is_ordered_a_moment_later()
    {
        await _isp.AddSubscriberAsync("ali");
        var phone = await _toFirst.LoginAsync("ali", "hello123");
        _isp.World.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var laptop = await _toSecond.LoginAsync("ali", "hello123", Laptop);
        await ExecuteAsAdminAsync("""
            create sequence refusals;
            create function refuse() returns trigger language plpgsql security definer as $$
              begin perform nextval('refusals'); raise exception 'not now'; end $$;
            create trigger refuse before insert on network_orders execute function refuse();
            """);
        await _toFirst.ReportAsync(AcctStatusType.Start, new Traffic("ali", "81000001", Class: phone.Class));
        _isp.World.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await _toSecond.ReportAsync(AcctStatusType.Start, new Traffic("ali", "81000002", Mac: Laptop.Mac, Class: laptop.Class));
        await Isp.EventuallyAsync(async () => await ExecuteAsAdminAsync("select count(*) from refusals where is_called") is 1L);

        await ExecuteAsAdminAsync("drop trigger refuse on network_orders");

        await _isp.BecomesAsync(
            $"81000002|{Surplus.Reason}", "s.nas_session_id, o.reason) from network_orders o join open_sessions s on s.id = o.session_id --");
    }

    [Fact]
    public async Task What_changes_is_known_to_both_within_a_second()
    {
        var ali = await _isp.AddSubscriberAsync("ali");
        Assert.Equal(PacketCode.AccessAccept, (await _toFirst.LoginAsync("ali", "hello123")).Code);
        Assert.Equal(PacketCode.AccessAccept, (await _toSecond.LoginAsync("ali", "hello123")).Code);

        await _isp.World.AsTenantAsync<AccessControl, AccessOutcome>(access => access.SuspendAsync(ali.Id, TestContext.Current.CancellationToken));

        await Isp.EventuallyAsync(async () => (await _toFirst.LoginAsync("ali", "hello123")).Code is PacketCode.AccessReject);
        await Isp.EventuallyAsync(async () => (await _toSecond.LoginAsync("ali", "hello123")).Code is PacketCode.AccessReject);
    }

    private async Task<object?> ExecuteAsAdminAsync(string sql)
    {
        await using var admin = NpgsqlDataSource.Create(_isp.World.Database.Admin);
        await using var command = admin.CreateCommand(sql);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
