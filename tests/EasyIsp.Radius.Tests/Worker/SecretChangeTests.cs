using EasyIsp.Core.Reports;
using EasyIsp.Core.Routers;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Routers;
using EasyIsp.Testing;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>reference/radius.md, case 17: two secrets are good for a while, and answers use the one that was proved.</summary>
public sealed class SecretChangeTests(PostgresServer server) : IAsyncLifetime
{
    private const string Old = Isp.Secret;
    private const string New = "the-new-secret";
    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    private Isp _isp = null!;
    private TestNas _before = null!;
    private TestNas _after = null!;

    public async ValueTask InitializeAsync()
    {
        _isp = await Isp.OpenAsync(server);
        await _isp.AddSubscriberAsync("ali", terms: Isp.Hour with { SimultaneousSessions = 5 });
        _before = await _isp.AddRouterAsync("127.0.3.1", Old);
        _after = new TestNas(_isp, _before.Id, "127.0.3.1", New);
    }

    public ValueTask DisposeAsync()
    {
        _before.Dispose();
        _after.Dispose();
        return _isp.DisposeAsync();
    }

    [Fact]
    public async Task Both_are_answered_each_in_its_own_and_after_the_window_the_new_one_alone()
    {
        await RotateAsync(Window);
        Assert.Equal(PacketCode.AccessAccept, (await _before.LoginAsync("ali", "hello123")).Code);
        Assert.Equal(PacketCode.AccessAccept, (await _after.LoginAsync("ali", "hello123")).Code);
        await _before.ReportAsync(AcctStatusType.Start, new Traffic("ali", SessionId: "a"));
        await _after.ReportAsync(AcctStatusType.Start, new Traffic("ali", SessionId: "b"));

        _isp.World.Clock.Advance(Window);

        await _before.SendAsync(_before.AccountingRequest(AcctStatusType.Start, new Traffic("ali", SessionId: "c")));
        Assert.Equal(PacketCode.AccessReject, (await _after.LoginAsync("ali", "wrong")).Code);
        Assert.Null(_before.TryReceive());
    }

    [Fact]
    public async Task Without_a_window_the_old_one_ends_within_a_second()
    {
        var started = TimeProvider.System.GetTimestamp();
        await RotateAsync(TimeSpan.Zero);

        Assert.Equal(PacketCode.AccessAccept, (await _after.LoginAsync("ali", "hello123")).Code);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        await _before.SendAsync(_before.AccessRequest("ali", "hello123"));
        await _after.LoginAsync("ali", "hello123");
        Assert.Null(_before.TryReceive());
    }

    [Fact]
    public async Task Orders_are_signed_with_the_one_that_the_router_last_proved()
    {
        await RotateAsync(Window);
        Assert.Equal(Old, SecretOfOrders());

        await _after.ReportAsync(AcctStatusType.Start, new Traffic("ali"));
        Assert.Equal(New, SecretOfOrders());

        await _before.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali"));
        Assert.Equal(Old, SecretOfOrders());
    }

    [Fact]
    public async Task A_login_that_proves_no_secret_is_read_with_the_one_last_proved()
    {
        var unsigned = Login.Hotspot with { IsSigned = false };
        await RotateAsync(Window);
        Assert.Equal(PacketCode.AccessAccept, (await _before.LoginAsync("ali", "hello123", unsigned)).Code);

        await _after.ReportAsync(AcctStatusType.Start, new Traffic("ali"));

        Assert.Equal(PacketCode.AccessAccept, (await _after.LoginAsync("ali", "hello123", unsigned)).Code);
    }

    [Fact]
    public async Task Staff_see_which_one_the_router_has()
    {
        await RotateAsync(Window);
        Assert.Equal((true, null), await SeenAsync());

        await HeardAsync(_before);
        Assert.Equal((true, _isp.World.Clock.GetUtcNow()), await SeenAsync());

        _isp.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await HeardAsync(_after);
        var since = _isp.World.Clock.GetUtcNow();
        Assert.Equal((false, since), await SeenAsync());

        _isp.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await HeardAsync(_after);
        Assert.Equal((false, since), await SeenAsync());
    }

    [Fact]
    public async Task Another_worker_takes_over_what_one_has_seen()
    {
        await RotateAsync(Window);
        await _isp.ReloadedAsync(() => _isp.ExecuteAsync("update routers set uses_previous_secret = false"));

        Assert.Equal(New, SecretOfOrders());
    }

    [Fact]
    public async Task Rolled_back_the_old_one_is_the_routers_again_and_the_new_one_stays_good_for_the_window()
    {
        await RotateAsync(Window);
        await _isp.ChangeRouterAsync(_before.Id, router => router.RollBackSecret());
        Assert.Equal(Old, SecretOfOrders());
        await _after.ReportAsync(AcctStatusType.Start, new Traffic("ali"));

        _isp.World.Clock.Advance(Window);

        Assert.Equal(Old, SecretOfOrders());
        Assert.Equal(PacketCode.AccessReject, (await _before.LoginAsync("ali", "wrong")).Code);
    }

    [Fact]
    public async Task Ended_early_the_new_one_alone_is_good_and_the_job_forgets_what_ended_by_itself()
    {
        await RotateAsync(Window);
        await _isp.ChangeRouterAsync(_before.Id, router => router.EndSecretChange());
        Assert.Equal(New, SecretOfOrders());

        await RotateAsync(Window);
        _isp.World.Clock.Advance(Window);
        Assert.Equal(1, await _isp.World.AsTenantAsync<EndedSecretsJob, int>(job => job.RunAsync(TestContext.Current.CancellationToken)));
        Assert.Equal("1", await _isp.QueryAsync("count(*)) from routers where previous_secret is null and previous_secret_until is null --"));
    }

    private Task RotateAsync(TimeSpan window) => _isp.ChangeRouterAsync(
        _before.Id, router => router.RotateSecret(_isp.Protect(router.TenantId, New), window, _isp.World.Clock.GetUtcNow()));

    private string SecretOfOrders()
        => System.Text.Encoding.UTF8.GetString(_isp.Worker<NasDirectory>().Find(_isp.World.TenantId, _before.Id)!.Secret.Octets);

    private async Task HeardAsync(TestNas nas)
    {
        await nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali"));
        await _isp.Worker<NasHeartbeat>().FlushAsync(TestContext.Current.CancellationToken);
    }

    private async Task<(bool UsesPrevious, DateTimeOffset? Since)> SeenAsync()
    {
        var row = await _isp.World.AsTenantAsync<RouterList, RouterRow?>(list => list.FindAsync(_before.Id, TestContext.Current.CancellationToken));
        return (row!.SecretChange!.UsesPrevious, row.SecretChange.UsedSince);
    }
}
