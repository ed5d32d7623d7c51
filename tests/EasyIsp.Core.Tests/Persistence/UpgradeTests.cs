using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Shared;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace EasyIsp.Core.Tests.Persistence;

/// <summary>What was written before a migration is read after it as if it had been written today.</summary>
public sealed class UpgradeTests(PostgresServer server) : IAsyncLifetime
{
    private const string BeforeOwnPayments = "20261123032528_SessionStatistics";

    private static readonly Guid Tenant = Guid.Parse("0195a000-0000-7000-8000-000000000001");
    private static readonly Guid Account = Guid.Parse("0195a000-0000-7000-8000-000000000002");
    private static readonly Guid Jane = Guid.Parse("0195a000-0000-7000-8000-000000000003");
    private static readonly Guid Request = Guid.Parse("0195a000-0000-7000-8000-000000000004");

    private World _world = null!;

    /// <summary>A prompt, its callback and its payment as they were before customers could pay by themselves.</summary>
    public async ValueTask InitializeAsync()
    {
        var database = await server.OlderAsync(BeforeOwnPayments, TestContext.Current.CancellationToken);
        await ExecuteAsync(database.Admin, $"""
            set session_replication_role = replica;
            insert into tenants (id, slug, name, currency, currency_digits, time_zone, country, language, accent_color, created_at)
            values ('{Tenant}', 'mara', 'Mara Wireless', 'KES', 2, 'Africa/Nairobi', 'KE', 'en', '#0f766e', '2026-01-01Z');
            insert into roles (tenant_id, id, name, permissions)
            values ('{Tenant}', gen_random_uuid(), 'Accountant', array['PaymentsManage']), ('{Tenant}', gen_random_uuid(), 'Support', array['PaymentsView']);
            insert into payment_accounts (tenant_id, id, name, kind, base_url, short_code, consumer_key, consumer_secret, passkey, callback_key, created_at)
            values ('{Tenant}', '{Account}', 'Paybill', 'Paybill', 'https://daraja.example', '600222', 'key', 'secret', 'passkey', 'callback', '2026-01-01Z');
            insert into customers (tenant_id, id, number, access_type, name, phone, username, created_at)
            values ('{Tenant}', '{Jane}', 1042, 'Hotspot', 'Jane Wanjiku', '+254712345678', 'c1042', '2026-01-01Z');
            insert into payment_requests (tenant_id, id, payment_account_id, customer_id, amount, phone, state, merchant_request_id, checkout_request_id, created_at, submitted_at, settled_at, queries)
            values ('{Tenant}', '{Request}', '{Account}', '{Jane}', 20, '+254712345678', 'Paid', 'm-1', 'ws_CO_1', '2026-02-01 10:00Z', '2026-02-01 10:00Z', '2026-02-01 10:01Z', 0);
            insert into payments (tenant_id, id, payment_account_id, payment_request_id, customer_id, receipt, amount, phone, paid_at, recorded_at)
            values ('{Tenant}', gen_random_uuid(), '{Account}', '{Request}', '{Jane}', 'UB14K4M2QX', 20, '+254712345678', '2026-02-01 10:01Z', '2026-02-01 10:01Z');
            insert into provider_messages (tenant_id, id, payment_account_id, payment_request_id, received_at, body, processed_at, outcome)
            values ('{Tenant}', gen_random_uuid(), '{Account}', '{Request}', '2026-02-01 10:01Z', 'body', '2026-02-01 10:01Z', 'Settled');
            """);
        await database.UpgradeAsync(TestContext.Current.CancellationToken);
        _world = await World.OpenAsync(database);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_payment_from_before_is_in_the_list_and_not_in_suspense()
    {
        var all = await _world.AsTenantAsync<PaymentList, Page<PaymentRow>>(
            Tenant, list => list.ListAsync(new PaymentQuery(new PageOf(0, 25)), TestContext.Current.CancellationToken));
        var waiting = await _world.AsTenantAsync<SuspenseList, Page<DepositRow>>(
            Tenant, list => list.ListAsync(new DepositQuery(), new PageOf(0, 25), TestContext.Current.CancellationToken));

        var row = Assert.Single(all.Rows);
        Assert.Equal((true, "UB14K4M2QX", PaymentRequestState.Paid, Jane), (row.IsPrompt, row.Receipt, row.State!.Value, row.CustomerId!.Value));
        Assert.Empty(waiting.Rows);
    }

    [Fact]
    public async Task Its_story_is_told_and_its_message_is_the_callback_that_it_was()
    {
        var story = await _world.AsTenantAsync<PaymentTimeline, PaymentStory?>(
            Tenant, timeline => timeline.TellAsync(Request, TestContext.Current.CancellationToken));

        Assert.Equal(
            [PaymentStep.Asked, PaymentStep.Submitted, PaymentStep.ProviderCalled, PaymentStep.Recorded],
            story!.Events.Select(e => e.Step).Order());
        Assert.Null(story.Request.Reference);
    }

    [Fact]
    public async Task An_account_from_before_is_at_M_Pesa_with_all_its_keys()
    {
        var account = await _world.ReadAsync(Tenant, db => db.PaymentAccounts.SingleAsync());

        Assert.Equal((Rail.Mpesa, ShortCodeKind.Paybill, "600222"), (account.Rail, account.Kind!.Value, account.ShortCode));
    }

    [Fact]
    public async Task Who_could_place_money_may_write_it_down_and_nobody_else()
    {
        var roles = await _world.ReadAsync(Tenant, db => db.Roles.ToDictionaryAsync(role => role.Name, role => role.Permissions));

        Assert.Superset(
            new HashSet<Permission> { Permission.PaymentsPlace, Permission.PaymentsRecord, Permission.PaymentsReverse, Permission.RefundsMake }, roles["Accountant"].ToHashSet());
        Assert.Contains(Permission.PaymentsView, roles["Support"]);
        Assert.DoesNotContain(Permission.PaymentsRecord, roles["Support"]);
    }

    [Fact]
    public async Task An_account_from_before_lets_all_payments_through_and_keeps_them_in_the_wallet()
    {
        var account = await _world.ReadAsync(Tenant, db => db.PaymentAccounts.SingleAsync());

        Assert.Equal((ValidationRule.AcceptAll, DepositRule.KeepInWallet, null), (account.Validation, account.Deposits, account.ConfirmedSince));
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
