using EasyIsp.Core.Payments.Reconciliation;
using EasyIsp.Testing;
using Npgsql;
using Xunit;

namespace EasyIsp.Core.Tests.Persistence;

/// <summary>What was pulled before there was a reconciliation is compared by it, and its hours count as read.</summary>
public sealed class StatementUpgradeTests(PostgresServer server) : IAsyncLifetime
{
    private const string BeforeReconciliation = "20261123082008_StatementReceipts";

    private static readonly Guid Tenant = Guid.Parse("0195a000-0000-7000-8000-000000000001");
    private static readonly Guid Account = Guid.Parse("0195a000-0000-7000-8000-000000000002");
    private static readonly DateOnly Day = new(2026, 2, 1);

    private World _world = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var database = await server.OlderAsync(BeforeReconciliation, Cancelled);
        await using (var connection = new NpgsqlConnection(database.Admin))
        {
            await connection.OpenAsync(Cancelled);
            await using var command = new NpgsqlCommand($"""
                set session_replication_role = replica;
                insert into tenants (id, slug, name, currency, currency_digits, time_zone, country, language, accent_color, created_at)
                values ('{Tenant}', 'mara', 'Mara Wireless', 'KES', 2, 'Africa/Nairobi', 'KE', 'en', '#0f766e', '2026-01-01Z');
                insert into payment_accounts (tenant_id, id, name, rail, kind, base_url, short_code, consumer_key, consumer_secret, passkey, callback_key, validation, deposits, created_at)
                values ('{Tenant}', '{Account}', 'Paybill', 'Mpesa', 'Paybill', 'https://daraja.example', '600222', 'key', 'secret', 'passkey', 'callback', 'AcceptAll', 'KeepInWallet', '2026-01-01Z');
                insert into statement_pulls (tenant_id, id, payment_account_id, nominated_number, registered_at, by_get, zone, pulled_to)
                values ('{Tenant}', gen_random_uuid(), '{Account}', '+254722000000', '2026-01-10Z', false, 'EastAfrica', '2026-03-01Z'),
                       ('{Tenant}', gen_random_uuid(), gen_random_uuid(), '+254722000000', '2026-01-10Z', false, 'EastAfrica', null);
                insert into statement_lines (tenant_id, id, payment_account_id, receipt, amount, at, source, outcome, recorded_at)
                values ('{Tenant}', gen_random_uuid(), '{Account}', 'UB14K4M2QX', 20, '2026-02-01 10:00Z', 'Pull', 'ReceiptTaken', '2026-02-01 10:15Z');
                """, connection);
            await command.ExecuteNonQueryAsync(Cancelled);
        }

        await database.UpgradeAsync(Cancelled);
        _world = await World.OpenAsync(database);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_day_from_before_is_read_whole_and_its_line_is_a_difference()
    {
        var figures = await _world.AsTenantAsync<ReconciliationReport, ReconciliationFigures>(
            Tenant, report => report.ReadAsync(new ReconciliationQuery(Day, Day), Cancelled));

        Assert.Equal((StatementCoverage.Whole, 1, 20m), (figures.Days[0].Coverage, figures.Days[0].Sums.StatementLines, figures.Days[0].Sums.Difference));
        var difference = Assert.Single(figures.Differences);
        Assert.True(await _world.AsTenantAsync<ReconciliationDesk, bool>(Tenant, desk => desk.ExplainAsync(difference.Key, "Another system's", Cancelled)));
    }
}
