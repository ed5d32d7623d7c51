using EasyIsp.Core.Identity;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace EasyIsp.Core.Tests.Persistence;

/// <summary>Roles and tokens from before permissions were made finer: nobody gains, and nobody loses.</summary>
public sealed class PermissionsUpgradeTests(PostgresServer server)
{
    private const string Before = "20261123225035_StaffRoles";

    private static readonly Guid Tenant = Guid.Parse("0195a000-0000-7000-8000-000000000001");

    /// <summary>The five roles as every company had them, word by word.</summary>
    private static readonly (string Name, string[] Permissions)[] Delivered =
    [
        (StandardRoles.Admin,
        [
            "CustomersView", "CustomersManage", "CustomersRevealPassword", "PackagesView", "PackagesManage", "VouchersView", "VouchersManage",
            "PaymentsView", "PaymentsManage", "PaymentsRecord", "PaymentsReverse", "RefundsMake", "RefundsApprove", "SessionsView",
            "SessionsDisconnect", "RoutersView", "RoutersManage", "MessagesView", "ReportsView", "SettingsManage", "StaffManage",
        ]),
        (StandardRoles.Manager,
        [
            "CustomersView", "CustomersManage", "CustomersRevealPassword", "PackagesView", "PackagesManage", "VouchersView", "VouchersManage",
            "PaymentsView", "PaymentsManage", "PaymentsRecord", "PaymentsReverse", "RefundsMake", "RefundsApprove", "SessionsView",
            "SessionsDisconnect", "RoutersView", "RoutersManage", "MessagesView", "ReportsView",
        ]),
        (StandardRoles.Accountant,
        [
            "CustomersView", "PackagesView", "VouchersView", "PaymentsView", "PaymentsManage", "PaymentsRecord", "PaymentsReverse", "RefundsMake", "ReportsView",
        ]),
        (StandardRoles.Support,
        [
            "CustomersView", "CustomersManage", "PackagesView", "VouchersView", "PaymentsView", "SessionsView", "SessionsDisconnect", "MessagesView",
        ]),
        (StandardRoles.Technician, ["CustomersView", "SessionsView", "SessionsDisconnect", "RoutersView", "RoutersManage"]),
    ];

    [Fact]
    public async Task The_roles_as_delivered_then_are_those_as_delivered_now_and_the_rest_is_mapped_one_by_one()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var database = await server.OlderAsync(Before, cancellationToken);
        await using (var connection = new NpgsqlConnection(database.Admin))
        {
            await connection.OpenAsync(cancellationToken);
            var roles = Delivered.Append(("Nobody", [])).Append(("Cashier", ["PaymentsRecord", "Unheard of"])).Append(("Boss", ["SettingsManage"]));
            var rows = string.Join(",\n", roles.Select(role => $"('{Tenant}', gen_random_uuid(), '{role.Item1}', '{{{string.Join(",", role.Item2.Select(p => $"\"{p}\""))}}}')"));
            await using var command = new NpgsqlCommand($"""
                insert into tenants (id, slug, name, currency, currency_digits, time_zone, country, language, accent_color, created_at)
                values ('{Tenant}', 'mara', 'Mara Wireless', 'KES', 2, 'Africa/Nairobi', 'KE', 'en', '#0f766e', '2026-01-01Z');
                insert into roles (tenant_id, id, name, permissions) values {rows};
                insert into api_tokens (tenant_id, id, name, hint, permissions, made_by, made_by_name, created_at)
                values ('{Tenant}', gen_random_uuid(), 'Books', 'eisp_abcdef', array['PaymentsView', 'PaymentsManage'], gen_random_uuid(), 'Wanjiku', '2026-01-01Z');
                """, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await database.UpgradeAsync(cancellationToken);
        await using var world = await World.OpenAsync(database);
        var upgraded = await world.ReadAsync(Tenant, db => db.Roles.ToDictionaryAsync(role => role.Name, cancellationToken));
        var token = await world.ReadAsync(Tenant, db => db.ApiTokens.SingleAsync(cancellationToken));

        foreach (var (name, permissions) in StandardRoles.All)
            Assert.Equal((name, Text(permissions)), (name, Text(upgraded[name].Permissions)));
        Assert.Equal([StandardRoles.Admin], upgraded.Values.Where(role => role.IsAdmin).Select(role => role.Name));
        Assert.Empty(upgraded["Nobody"].Permissions);
        Assert.Equal([Permission.PaymentsAsk, Permission.PaymentsRecord], upgraded["Cashier"].Permissions);
        Assert.DoesNotContain(upgraded["Boss"].Permissions, permission => permission.ToString().StartsWith("Staff", StringComparison.Ordinal));
        Assert.Equal(
            Text([Permission.PaymentsView, Permission.PaymentsPlace, Permission.RefundsView, Permission.ReconciliationView]), Text(token.Permissions));
    }

    private static string Text(IEnumerable<Permission> permissions) => string.Join(", ", permissions.Order());
}
