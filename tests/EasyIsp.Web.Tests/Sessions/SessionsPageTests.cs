using System.Net;
using Bunit;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Sessions;
using EasyIsp.Core.Shared;
using EasyIsp.Testing;
using EasyIsp.Web.Blocks;
using EasyIsp.Web.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Xunit;

namespace EasyIsp.Web.Tests.Sessions;

public sealed class SessionsPageTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;
    private Guid _router;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        _router = await _world.WriteAsync(db =>
        {
            var secret = _world.Services.GetRequiredService<SecretCodec>().Protect(_world.TenantId, "radius-secret");
            var router = Router.Add(_world.TenantId, "Market", IPAddress.Parse("127.0.1.1"), secret, _world.Clock.GetUtcNow());
            db.Routers.Add(router);
            return Task.FromResult(router.Id);
        });
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Rows_keep_their_places_while_sessions_begin_and_end()
    {
        var (first, second) = (await OpenAsync("+254712345671"), await OpenAsync("+254712345672"));

        await _world.AsTenantAsync<SessionLists, int>(async lists =>
        {
            var steady = new SteadySessions(lists);
            await LoadAsync(steady);
            var third = await OpenAsync("+254712345673");
            await EndAsync(second);

            var rows = await LoadAsync(steady);
            Assert.Equal([second, first], rows.Select(row => row.Id));
            Assert.NotNull(rows[0].EndedAt);
            Assert.Equal(1, steady.Newcomers);

            steady.LetGo();
            Assert.Equal([third, first], (await LoadAsync(steady)).Select(row => row.Id));
            Assert.Equal(0, steady.Newcomers);
            return 0;
        });
    }

    [Fact]
    public async Task A_disconnect_is_asked_once_ordered_and_told_when_the_stop_arrives()
    {
        var session = await OpenAsync("+254712345671");
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.SessionsView, Permission.SessionsDisconnect);
        var dialogs = ui.Render<MudDialogProvider>();
        var snackbar = ui.Services.GetRequiredService<ISnackbar>();
        var page = ui.Render<SessionsPage>();

        page.WaitForElement("tbody button.plain");
        await page.InvokeAsync(() => page.Find("tbody button.plain").Click());
        dialogs.WaitForAssertion(() => Assert.Contains("1 device at Market goes offline at once", dialogs.Markup, StringComparison.Ordinal));
        await dialogs.ClickAsync("button", "Disconnect");

        page.WaitForAssertion(() => Assert.Contains("pending", page.Find("tbody .state").TextContent, StringComparison.Ordinal));
        Assert.Equal(session, await _world.ReadAsync(db => db.NetworkOrders.Select(o => o.SessionId).SingleAsync()));
        await EndAsync(session);
        _world.Clock.Advance(TimeSpan.FromSeconds(10));
        page.WaitForAssertion(() => Assert.Contains("offline", page.Find("tbody .state").TextContent, StringComparison.Ordinal));
        Assert.Contains(snackbar.ShownSnackbars, shown => shown.Message?.Contains("Market has confirmed it", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task What_the_router_made_of_a_change_stands_at_the_session()
    {
        const string refusal = "speed change refused by the router: 401 unsupported attribute";
        var session = await OpenAsync("+254712345671");
        await _world.WriteAsync(db => _world.Services.GetRequiredService<Changing>().ChangeAsync(db, [session], "package changed", CancellationToken.None));
        var order = await _world.ReadAsync(db => db.NetworkOrders.SingleAsync());
        await _world.Services.GetRequiredService<OrderQueue>().ReportAsync(
            _world.TenantId, order.Id, new OrderReport.Failed(refusal, MayRetry: true), CancellationToken.None);
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.SessionsView);

        var page = ui.Render<SessionsPage>();

        page.WaitForAssertion(() => Assert.EndsWith(
            $"{refusal}; it is tried again", page.Find("tbody .order-note").TextContent.Trim(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_router_that_refuses_is_quoted_once()
    {
        var session = await OpenAsync("+254712345671");
        await _world.AsTenantAsync<IServiceProvider, int>(async services =>
        {
            var endings = new Endings(services.GetRequiredService<DisconnectDesk>());
            var lists = services.GetRequiredService<SessionLists>();
            Assert.True(await endings.BeginAsync(session, CancellationToken.None));
            Assert.Empty(await FollowAsync(endings, lists, session));
            var order = await _world.ReadAsync(db => db.NetworkOrders.SingleAsync());
            await services.GetRequiredService<OrderQueue>().ReportAsync(
                _world.TenantId, order.Id, new OrderReport.Failed("Disconnect-NAK: session not found", MayRetry: false), CancellationToken.None);

            Assert.Equal("Disconnect-NAK: session not found", Assert.Single(await FollowAsync(endings, lists, session)).Refusal);
            Assert.Empty(await FollowAsync(endings, lists, session));
            return 0;
        });
    }

    private static async Task<IReadOnlyList<Ending>> FollowAsync(Endings endings, SessionLists lists, Guid session)
        => await endings.FollowAsync(await lists.FindAsync([session], CancellationToken.None), CancellationToken.None);

    private static async Task<IReadOnlyList<SessionRow>> LoadAsync(SteadySessions steady)
        => (await steady.LoadAsync(new ListQuery(), new SessionQuery(new PageOf(0, 25)), CancellationToken.None)).Rows;

    private Task<int> EndAsync(Guid session) => _world.WriteAsync(db => db.Database.ExecuteSqlAsync($"""
        with ended as (delete from open_sessions where id = {session} returning *)
        insert into sessions (tenant_id, id, router_id, customer_id, user_name, nas_session_id, mac_address, address, started_at,
          last_heard_at, uploaded_bytes, downloaded_bytes, session_seconds, ended_at, terminate_cause)
        select tenant_id, id, router_id, customer_id, user_name, nas_session_id, mac_address, address, started_at,
          last_heard_at, uploaded_bytes, downloaded_bytes, session_seconds, last_heard_at, 6 from ended
        """));

    private async Task<Guid> OpenAsync(string phone)
    {
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        var now = _world.Clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var customer = await _world.WriteAsync(db => _world.Services.GetRequiredService<WalkInCustomers>()
            .FindOrRegisterAsync(db, phone, null, CancellationToken.None));
        await _world.WriteAsync(db => db.Database.ExecuteSqlAsync($"""
            insert into open_sessions (tenant_id, id, router_id, customer_id, user_name, nas_session_id, started_at, last_heard_at,
              uploaded_bytes, downloaded_bytes, session_seconds)
            values ({_world.TenantId}, {id}, {_router}, {customer.Id}, {customer.Username}, {id.ToString("N")}, {now}, {now}, 0, 0, 0)
            """));
        return id;
    }
}
