using System.Net;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.ApiTokens;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Reports;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Sessions;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Core.Tenancy;
using EasyIsp.Testing;
using EasyIsp.Web.Tests.Api;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Web.Tests.Account;

/// <summary>Somebody who is restricted to one of two routers: what happens at the other is nowhere to be seen or touched.</summary>
public sealed class RestrictedPlaceTests(PostgresServer server) : IAsyncLifetime
{
    private const string Email = "achieng@example.com";

    private ApiShop _shop = null!;
    private StaffUser _person = null!;
    private Guid _hill;
    private Guid _grace;
    private Guid _here;
    private Guid _there;

    /// <summary>Grace is online at the town mast and at the hill; the person is to see the hill alone.</summary>
    public async ValueTask InitializeAsync()
    {
        _shop = await ApiShop.OpenAsync(server);
        _hill = ((RouterOutcome.Saved)await _shop.AsTenantAsync<RouterDesk, RouterOutcome>(
            desk => desk.AddAsync(new RouterDraft("Hill mast", "10.255.0.3"), CancellationToken.None))).RouterId;
        _grace = await _shop.CustomerAsync("Grace");
        _there = await _shop.GoOnlineAsync("home.grace", _grace);
        _here = await _shop.GoOnlineAsync("home.grace", _grace);
        await _shop.WriteAsync($"update open_sessions set router_id = {_hill} where id = {_here}");
        await _shop.BeRefusedAsync("town.stranger");
        var refusedHere = await _shop.BeRefusedAsync("hill.stranger");
        await _shop.WriteAsync($"update login_attempts set router_id = {_hill} where id = {refusedHere}");
        _person = await _shop.Host.HireAsync(Email, StandardRoles.Technician, _shop.TenantId);
    }

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Lists_and_pages_of_one_thing_show_his_routers_their_sessions_and_logins_alone()
    {
        var routers = await RestrictedAsync<RouterList, Page<RouterRow>>(list => list.ListAsync(new RouterQuery(Page: new PageOf(0, 25)), CancellationToken.None));
        Assert.Equal(["Hill mast"], routers.Rows.Select(router => router.Name));
        Assert.Equal(1, routers.Total);
        Assert.Null(await RestrictedAsync<RouterList, RouterRow?>(list => list.FindAsync(_shop.RouterId, CancellationToken.None)));
        Assert.Null(await RestrictedAsync<RouterDesk, RouterInHand?>(desk => desk.TakeInHandAsync(_shop.RouterId, CancellationToken.None)));
        var sessions = await RestrictedAsync<SessionLists, Page<SessionRow>>(lists => lists.LiveAsync(new SessionQuery(new PageOf(0, 25)), CancellationToken.None));
        Assert.Equal([_here], sessions.Rows.Select(session => session.Id));
        Assert.Equal(["Hill mast"], (await RestrictedAsync<SessionLists, IReadOnlyList<RouterOnline>>(lists => lists.OnlineNowAsync(CancellationToken.None))).Select(router => router.RouterName));
        var facts = await RestrictedAsync<CustomerOverview, CustomerFacts?>(overview => overview.FindAsync(_grace, CancellationToken.None));
        Assert.Equal([_here], facts!.Online.Select(session => session.SessionId));
    }

    [Fact]
    public async Task He_adds_no_router_for_he_would_not_see_it()
    {
        using var browser = _shop.Host.Browser();
        await browser.SignInAsync(Email);
        Assert.True((await browser.OpenAsync("/routers/new")).IsSuccessStatusCode);

        await RestrictAsync(_hill);

        await Eventually.TrueAsync(async () => (await browser.OpenAsync("/routers/new")).IsRedirect());
        Assert.True((await browser.OpenAsync("/routers")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task His_programs_see_and_touch_no_more_than_he()
    {
        using var program = await ProgramAsync();
        Assert.Equal(2, (await program.JsonAsync("/api/v1/sessions")).Ids().Count);

        await RestrictAsync(_hill);

        await Eventually.TrueAsync(async () => (await program.JsonAsync("/api/v1/sessions")).Ids() is [var only] && only == _here);
        Assert.Equal([_hill], (await program.JsonAsync("/api/v1/routers")).Ids());
        Assert.Equal(HttpStatusCode.NotFound, (await program.OpenAsync($"/api/v1/routers/{_shop.RouterId}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await program.OpenAsync($"/api/v1/sessions/{_there}")).StatusCode);
        Assert.Single((await program.JsonAsync("/api/v1/logins")).Ids());
        Assert.Equal(HttpStatusCode.NotFound, (await program.PostAsync($"/api/v1/sessions/{_there}/disconnect", null, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await program.PostAsync($"/api/v1/sessions/{_here}/disconnect", null, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal([_here], await OrderedAsync());
    }

    [Fact]
    public async Task Disconnecting_a_customer_ends_what_he_sees_and_suspending_ends_all()
    {
        Assert.Equal(1, Assert.IsType<AccessOutcome.Applied>(await RestrictedAsync<AccessControl, AccessOutcome>(desk => desk.DisconnectAsync(_grace, CancellationToken.None))).SessionsEnding);
        Assert.Equal([_here], await OrderedAsync());

        await RestrictedAsync<AccessControl, AccessOutcome>(desk => desk.SuspendAsync(_grace, CancellationToken.None));
        Assert.Equal(new[] { _here, _there }.Order(), (await OrderedAsync()).Order());
    }

    [Fact]
    public async Task Counts_and_statistics_are_those_of_his_routers()
    {
        Assert.Equal(1, (await RestrictedAsync<TodayReport, TodayFigures>(report => report.ReadAsync(CancellationToken.None))).OnlineNow);
        var choices = await RestrictedAsync<SessionStatistics, StatisticsChoices>(statistics => statistics.ChoicesAsync(CancellationToken.None));
        Assert.Equal(["Hill mast"], choices.Routers.Select(router => router.Name));

        var day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        await using (var db = await _shop.Host.Services.GetRequiredService<PlatformDatabase>().OpenAsync(CancellationToken.None))
        {
            foreach (var (scope, router, begun) in new (string, Guid?, int)[] { ("Everything", null, 7), ("Router", _shop.RouterId, 5), ("Router", _hill, 2) })
            {
                await db.Database.ExecuteSqlAsync($"""
                    insert into session_days (tenant_id, id, scope, router_id, day, carried, begun, ended, online_seconds, ended_seconds, uploaded_bytes, downloaded_bytes, customers)
                    values ({_shop.TenantId}, {Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}, {scope}, {router}, {day}, 0, {begun}, 0, 0, 0, 0, 1, 1)
                    """, TestContext.Current.CancellationToken);
            }

            await db.CommitAsync(CancellationToken.None);
        }

        var figures = await RestrictedAsync<SessionStatistics, SessionFigures>(
            statistics => statistics.ReadAsync(new StatisticsQuery(day, day), CancellationToken.None));
        Assert.Equal((2L, _hill), (figures.Sums.Begun, Assert.Single(figures.Routers).Id));
        var town = await RestrictedAsync<SessionStatistics, SessionFigures>(
            statistics => statistics.ReadAsync(new StatisticsQuery(day, day, _shop.RouterId), CancellationToken.None));
        Assert.Equal(0, town.Sums.Begun);
    }

    [Fact]
    public async Task Only_who_sees_as_much_restricts_and_an_admin_sees_all()
    {
        var admin = await _shop.Host.HireAsync("second@example.com", StandardRoles.Admin, _shop.TenantId);
        Assert.Equal(StaffOutcome.AdminSeesAll, await AsAdminAsync(desk => desk.RestrictAsync(admin.Id, [_hill], CancellationToken.None)));
        await AsAdminAsync(desk => desk.RestrictAsync(_person.Id, [_hill], CancellationToken.None));

        // Somebody who does everything about people, at the hill.
        await _shop.AsTenantAsync<RoleDesk, RoleOutcome>(desk => desk.MakeAsync(
            new RoleDraft("Foreman", StandardRoles.All[StandardRoles.Technician].Append(Permission.StaffInvite).Append(Permission.StaffChange).ToHashSet()), CancellationToken.None));
        var foreman = await _shop.Host.HireAsync("foreman@example.com", "Foreman", _shop.TenantId);
        await AsAdminAsync(desk => desk.RestrictAsync(foreman.Id, [_hill], CancellationToken.None));
        var town = await _shop.Host.HireAsync("town@example.com", StandardRoles.Technician, _shop.TenantId);

        Assert.Equal(StaffOutcome.Outranked, await AsAsync<StaffDesk, StaffOutcome>(foreman, null, desk => desk.RestrictAsync(town.Id, [_hill], CancellationToken.None)));
        Assert.Equal(StaffOutcome.RoleStronger, await AsAsync<StaffDesk, StaffOutcome>(foreman, null, desk => desk.RestrictAsync(_person.Id, null, CancellationToken.None)));
        Assert.Equal(StaffOutcome.Self, await AsAsync<StaffDesk, StaffOutcome>(foreman, null, desk => desk.RestrictAsync(foreman.Id, null, CancellationToken.None)));
        var technician = await ReadAsync(db => db.Roles.Where(r => r.Name == StandardRoles.Technician).Select(r => r.Id).SingleAsync());
        await AsAsync<StaffDesk, InvitationOutcome>(foreman, null, desk => desk.InviteAsync(new Invitation("Newcomer", "new@example.com", technician), CancellationToken.None));

        var newest = await ReadAsync(db => db.Memberships.OrderByDescending(m => m.Id).FirstAsync());
        Assert.Equal([_hill], newest.RouterIds);
        Assert.Equal(2, await ReadAsync(db => db.AuditEvents.CountAsync(e => e.Action == "staff.restrict")));
    }

    private async Task RestrictAsync(params Guid[] routers)
        => Assert.Equal(StaffOutcome.Done, await AsAdminAsync(desk => desk.RestrictAsync(_person.Id, routers, CancellationToken.None)));

    private Task<StaffOutcome> AsAdminAsync(Func<StaffDesk, Task<StaffOutcome>> work) => _shop.AsTenantAsync(work);

    private async Task<HttpClient> ProgramAsync()
    {
        var made = Assert.IsType<ApiTokenOutcome.Made>(await AsAsync<ApiTokenDesk, ApiTokenOutcome>(_person, null, desk => desk.MakeAsync(
            new ApiTokenDraft("Monitoring", [Permission.SessionsView, Permission.SessionsDisconnect, Permission.RoutersView], ExpiresAt: null), CancellationToken.None)));
        return _shop.Client(made.Text);
    }

    private Task<List<Guid>> OrderedAsync()
        => ReadAsync(db => db.NetworkOrders.Where(o => o.SessionId != null).Select(o => o.SessionId!.Value).Distinct().ToListAsync());

    private Task<T> ReadAsync<T>(Func<IspDbContext, Task<T>> query) => _shop.AsTenantAsync<IspDatabase, T>(async database =>
    {
        await using var db = await database.OpenAsync(CancellationToken.None);
        return await query(db);
    });

    private Task<T> RestrictedAsync<TService, T>(Func<TService, Task<T>> work) where TService : notnull => AsAsync(_person, [_hill], work);

    private async Task<T> AsAsync<TService, T>(StaffUser person, Guid[]? routers, Func<TService, Task<T>> work) where TService : notnull
    {
        await using var scope = _shop.Host.Services.CreateAsyncScope();
        var tenant = scope.ServiceProvider.GetRequiredService<TenantContext>();
        tenant.Use(_shop.TenantId);
        tenant.RestrictTo(routers);
        scope.ServiceProvider.GetRequiredService<Actor>().Become(person.Id, person.DisplayName, null);
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }
}
