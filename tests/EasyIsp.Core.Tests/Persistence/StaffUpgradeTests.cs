using EasyIsp.Core.Identity;
using EasyIsp.Core.Persistence;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace EasyIsp.Core.Tests.Persistence;

/// <summary>Companies from before staff were managed in the console go on with the roles that they had.</summary>
public sealed class StaffUpgradeTests(PostgresServer server)
{
    private const string BeforeStaffRoles = "20261123202216_AnnouncementsPlanned";

    private const string BeforeVerification = "20261123225035_StaffRoles";
    private const string StaffBeforeVerification = "20261123225032_SignIns";

    private static readonly Guid Tenant = Guid.Parse("0195a000-0000-7000-8000-000000000001");

    [Fact]
    public async Task Who_may_change_the_settings_may_say_who_works_here_and_nobody_is_asked_for_a_code()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var database = await server.OlderAsync(BeforeStaffRoles, cancellationToken);
        await using (var connection = new NpgsqlConnection(database.Admin))
        {
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand($"""
                insert into tenants (id, slug, name, currency, currency_digits, time_zone, country, language, accent_color, created_at)
                values ('{Tenant}', 'mara', 'Mara Wireless', 'KES', 2, 'Africa/Nairobi', 'KE', 'en', '#0f766e', '2026-01-01Z');
                insert into roles (tenant_id, id, name, permissions)
                values ('{Tenant}', gen_random_uuid(), 'Admin', array['CustomersView', 'SettingsManage']),
                       ('{Tenant}', gen_random_uuid(), 'Support', array['CustomersView']);
                """, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await database.UpgradeAsync(cancellationToken);
        await using var world = await World.OpenAsync(database);
        var roles = await world.ReadAsync(Tenant, db => db.Roles.OrderBy(role => role.Name).ToListAsync(cancellationToken));

        Assert.Superset(new HashSet<Permission> { Permission.SettingsView, Permission.CompanyChange, Permission.StaffInvite, Permission.StaffChange }, roles[0].Permissions.ToHashSet());
        Assert.False(roles[0].IsAdmin); // it might not see payments, and does not now
        Assert.Equal([Permission.CustomersView], roles[1].Permissions);
        Assert.All(roles, role => Assert.False(role.RequiresSecondFactor));
    }

    [Fact]
    public async Task Who_signed_in_before_addresses_were_verified_goes_on_and_who_never_did_verifies_it_yet()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var database = await server.OlderAsync(BeforeVerification, cancellationToken);
        await using (var owner = NpgsqlDataSource.Create(database.Owner))
        {
            await using var accounts = new StaffContext(DatabaseProvisioning.Options<StaffContext>(owner, StaffContext.Schema));
            await accounts.Database.MigrateAsync(StaffBeforeVerification, cancellationToken);
            await accounts.Database.ExecuteSqlAsync($"""
                insert into staff.users (id, display_name, is_super_admin, created_at, email, email_confirmed, password_hash,
                  phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count)
                values (gen_random_uuid(), 'Wanjiku', true, now(), 'wanjiku@example.com', false, 'hash', false, false, true, 0),
                       (gen_random_uuid(), 'Achieng', false, now(), 'achieng@example.com', false, null, false, false, true, 0)
                """, cancellationToken);
        }

        await database.UpgradeAsync(cancellationToken);
        await using var world = await World.OpenAsync(database, services => services.AddStaff());
        await using var db = await world.Services.GetRequiredService<IDbContextFactory<StaffContext>>().CreateDbContextAsync(cancellationToken);

        Assert.Equal(
            [("Achieng", false), ("Wanjiku", true)],
            (await db.Users.OrderBy(user => user.DisplayName).ToListAsync(cancellationToken)).Select(user => (user.DisplayName, user.EmailConfirmed)));
    }
}
