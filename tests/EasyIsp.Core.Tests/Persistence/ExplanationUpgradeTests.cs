using EasyIsp.Core.Payments.Reconciliation;
using EasyIsp.Testing;
using Npgsql;
using Xunit;

namespace EasyIsp.Core.Tests.Persistence;

/// <summary>What was explained before an explanation knew its amounts stays explained, unless it is of something else by now.</summary>
public sealed class ExplanationUpgradeTests(PostgresServer server) : IAsyncLifetime
{
    private const string BeforeAmounts = "20261123202216_AnnouncementsPlanned";

    private static readonly Guid Tenant = Guid.Parse("0195a000-0000-7000-8000-000000000001");
    private static readonly Guid Account = Guid.Parse("0195a000-0000-7000-8000-000000000002");
    private static readonly DateOnly Day = new(2026, 2, 1);

    private World _world = null!;
    private IReadOnlyList<Difference> _differences = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var database = await server.OlderAsync(BeforeAmounts, Cancelled);
        await using (var connection = new NpgsqlConnection(database.Admin))
        {
            await connection.OpenAsync(Cancelled);
            await using var command = new NpgsqlCommand($"""
                set session_replication_role = replica;
                insert into tenants (id, slug, name, currency, currency_digits, time_zone, country, language, accent_color, created_at)
                values ('{Tenant}', 'mara', 'Mara Wireless', 'KES', 2, 'Africa/Nairobi', 'KE', 'en', '#0f766e', '2026-01-01Z');
                insert into payment_accounts (tenant_id, id, name, rail, kind, base_url, short_code, consumer_key, consumer_secret, passkey, callback_key, validation, deposits, created_at)
                values ('{Tenant}', '{Account}', 'Paybill', 'Mpesa', 'Paybill', 'https://daraja.example', '600222', 'key', 'secret', 'passkey', 'callback', 'AcceptAll', 'KeepInWallet', '2026-01-01Z');
                insert into statement_covers (tenant_id, id, payment_account_id, source, "from", until)
                values ('{Tenant}', gen_random_uuid(), '{Account}', 'Upload', '2026-01-31Z', '2026-02-03Z');

                create temporary table told (receipt text, stated numeric, note text, booked numeric, recorded_at timestamptz);
                insert into told values
                  ('UB14SAME01', 130, null, 100, '2026-02-01 10:00Z'),
                  ('UB14LATER1', 70, null, 60, '2026-02-02 10:00Z'),
                  ('UB14OTHER1', 150, 'M-Pesa had said 130.00 before.', 100, '2026-02-01 10:00Z'),
                  ('UB14NOLINE', null, null, 40, '2026-02-01 10:00Z');
                insert into statement_lines (tenant_id, id, payment_account_id, receipt, amount, at, source, outcome, note, recorded_at)
                select '{Tenant}', gen_random_uuid(), '{Account}', receipt, stated, '2026-02-01 10:00Z', 'Upload', 'Unmatched', note, '2026-02-01 10:15Z' from told where stated is not null;
                insert into payments (tenant_id, id, payment_account_id, receipt, amount, paid_at, recorded_at, given_back)
                select '{Tenant}', gen_random_uuid(), '{Account}', receipt, booked, '2026-02-01 10:00Z', recorded_at, 0 from told;
                insert into ledger_accounts (tenant_id, id, kind, subject_id) values ('{Tenant}', gen_random_uuid(), 'MobileMoney', '{Account}');
                insert into journal_entries (tenant_id, id, source, source_id, booked_at, memo)
                select '{Tenant}', gen_random_uuid(), 'Payment', id, recorded_at, '' from payments;
                insert into journal_lines (tenant_id, id, entry_id, account_id, amount)
                select '{Tenant}', gen_random_uuid(), entry.id, account.id, payment.amount
                from journal_entries entry join payments payment on payment.id = entry.source_id, ledger_accounts account;
                insert into explanations (tenant_id, id, statement_line_id, payment_id, reason, by, at)
                select '{Tenant}', gen_random_uuid(), line.id, case when line.id is null then payment.id end, 'Seen', 'Jane', '2026-02-01 12:00Z'
                from payments payment left join statement_lines line using (receipt);
                """, connection);
            await command.ExecuteNonQueryAsync(Cancelled);
        }

        await database.UpgradeAsync(Cancelled);
        _world = await World.OpenAsync(database);
        _differences = (await _world.AsTenantAsync<ReconciliationReport, ReconciliationFigures>(
            Tenant, report => report.ReadAsync(new ReconciliationQuery(Day, Day), Cancelled))).Differences;
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public void What_stands_as_it_did_is_explained_still()
        => Assert.All([Of("UB14SAME01"), Of("UB14NOLINE")], difference => Assert.Equal("Seen", difference.Explanation));

    [Fact]
    public async Task What_was_booked_since_is_a_difference_again_and_says_what_was_known()
    {
        var difference = Of("UB14LATER1");

        Assert.Null(difference.Explanation);
        var before = Assert.Single(difference.Earlier);
        Assert.Equal((DifferenceKind.NotBooked, 70m, null, null), (before.Kind, before.Stated, before.Booked, before.Entered));
        Assert.True(await _world.AsTenantAsync<ReconciliationDesk, bool>(Tenant, desk => desk.ExplainAsync(difference.Key, "Ten are a tip", Cancelled)));
    }

    [Fact]
    public void Of_a_line_that_has_named_two_amounts_nobody_knows_which_was_explained()
    {
        var difference = Of("UB14OTHER1");

        Assert.Equal((null, DifferenceKind.AmountDiffers), (difference.Explanation, difference.Kind));
        Assert.Equal((null, "Seen"), (Assert.Single(difference.Earlier).Stated, difference.Earlier[0].Reason));
    }

    private Difference Of(string receipt) => _differences.Single(difference => difference.Number == receipt);
}
