using EasyIsp.Core.Identity;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using EasyIsp.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Identity;

public sealed class TenantDeskTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly Founding Lakeside = new("Lakeside Wireless", "lakeside", TenantLocale.Kenya, "Otieno Ouma", "otieno@example.test");
    private World _world = null!;

    public async ValueTask InitializeAsync()
        => _world = await World.OpenAsync(server, services => services.AddScoped<TenantDesk>().AddStaff());

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_tenant_begins_with_its_roles_and_an_admin_who_can_sign_in()
    {
        var founded = Assert.IsType<FoundingOutcome.Founded>(await FoundAsync(Lakeside));

        Assert.True(await PasswordIsAsync(Lakeside.AdminEmail, founded.AdminPassword!));
        Assert.Equal(StandardRoles.All.Keys.Order(), await InTenantAsync(founded.TenantId, db =>
            db.Roles.Select(role => role.Name).Order().ToListAsync()));
        Assert.Equal(["tenant.found"], await InTenantAsync(founded.TenantId, db =>
            db.AuditEvents.Select(deed => deed.Action).ToListAsync()));
    }

    [Fact]
    public async Task Who_works_for_one_tenant_already_keeps_the_password_at_the_second()
    {
        var first = Assert.IsType<FoundingOutcome.Founded>(await FoundAsync(Lakeside));

        var second = Assert.IsType<FoundingOutcome.Founded>(await FoundAsync(Lakeside with { Slug = "hillside", AdminEmail = "OTIENO@example.test" }));

        Assert.Null(second.AdminPassword);
        Assert.True(await PasswordIsAsync(Lakeside.AdminEmail, first.AdminPassword!));
    }

    [Fact]
    public async Task A_short_name_belongs_to_one_tenant()
    {
        await FoundAsync(Lakeside);

        Assert.Equal([FoundingFault.SlugTaken], Assert.IsType<FoundingOutcome.Refused>(await FoundAsync(Lakeside)).Faults);
    }

    [Fact]
    public async Task What_cannot_stand_is_named_all_at_once_and_nobody_gets_an_account()
    {
        var nothing = new Founding(" ", "-lake_side", new TenantLocale("shilling", 2, "Nairobi", "", "en"), "", "otieno");

        Assert.Equal(
            [
                FoundingFault.Name, FoundingFault.Slug, FoundingFault.TimeZone, FoundingFault.Country, FoundingFault.Currency,
                FoundingFault.AdminName, FoundingFault.AdminEmail,
            ],
            Assert.IsType<FoundingOutcome.Refused>(await FoundAsync(nothing)).Faults);
        Assert.Null(await UserAsync("otieno"));
    }

    [Fact]
    public async Task An_address_that_cannot_be_a_user_name_is_a_fault_of_the_address()
        => Assert.Equal(
            [FoundingFault.AdminEmail],
            Assert.IsType<FoundingOutcome.Refused>(await FoundAsync(Lakeside with { AdminEmail = "o'tieno@example.test" })).Faults);

    [Theory]
    [InlineData("lake", 1)]
    [InlineData("LAKESIDE w", 1)]
    [InlineData("%", 0)]
    [InlineData("_", 0)]
    public async Task A_search_takes_what_is_typed_literally(string typed, int found)
    {
        await FoundAsync(Lakeside);

        var page = await InScopeAsync(services => services.GetRequiredService<TenantDesk>().ListAsync(typed, default, CancellationToken.None));

        Assert.Equal(found, page.Total);
    }

    private Task<FoundingOutcome> FoundAsync(Founding founding)
        => InScopeAsync(services => services.GetRequiredService<TenantDesk>().FoundAsync(founding, TestContext.Current.CancellationToken));

    private Task<StaffUser?> UserAsync(string email)
        => InScopeAsync(services => services.GetRequiredService<UserManager<StaffUser>>().FindByEmailAsync(email));

    private Task<bool> PasswordIsAsync(string email, string password) => InScopeAsync(async services =>
    {
        var users = services.GetRequiredService<UserManager<StaffUser>>();
        return await users.CheckPasswordAsync((await users.FindByEmailAsync(email))!, password);
    });

    private Task<T> InTenantAsync<T>(Guid tenantId, Func<IspDbContext, Task<T>> read)
        => _world.AsTenantAsync<IspDatabase, T>(tenantId, async database =>
        {
            await using var db = await database.OpenAsync(CancellationToken.None);
            return await read(db);
        });

    private async Task<T> InScopeAsync<T>(Func<IServiceProvider, Task<T>> work)
    {
        await using var scope = _world.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider);
    }
}
