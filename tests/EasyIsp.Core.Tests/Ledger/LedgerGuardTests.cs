using EasyIsp.Core.Ledger;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace EasyIsp.Core.Tests.Ledger;

/// <summary>The database's own rules of the ledger, tried with the SQL that a mistake in the code would send.</summary>
public sealed class LedgerGuardTests(PostgresServer server) : IAsyncLifetime
{
    private readonly Guid _customer = Guid.CreateVersion7(DateTimeOffset.UnixEpoch);
    private World _world = null!;

    public async ValueTask InitializeAsync() => _world = await World.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task An_entry_whose_lines_do_not_sum_to_zero_cannot_be_committed()
    {
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => RawEntryAsync(100, -99));

        Assert.Equal(PostgresErrorCodes.CheckViolation, refusal.SqlState);
    }

    [Fact]
    public async Task An_entry_with_one_line_cannot_be_committed()
    {
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => RawEntryAsync(100));

        Assert.Equal(PostgresErrorCodes.CheckViolation, refusal.SqlState);
    }

    [Fact]
    public async Task The_same_source_cannot_be_booked_twice()
    {
        var payment = Guid.CreateVersion7(_world.Clock.GetUtcNow());
        await PostAsync(payment, 100);

        var refusal = await Assert.ThrowsAsync<DbUpdateException>(() => PostAsync(payment, 100));

        Assert.Equal("ix_journal_entries_tenant_id_source_source_id", ((PostgresException)refusal.InnerException!).ConstraintName);
        Assert.Equal(100, await WalletAsync());
    }

    [Theory]
    [InlineData("update journal_lines set amount = amount * 2")]
    [InlineData("delete from journal_lines")]
    [InlineData("update journal_entries set memo = 'other'")]
    [InlineData("delete from journal_entries")]
    [InlineData("truncate journal_lines")]
    public async Task What_is_booked_is_neither_changed_nor_deleted(string sql)
    {
        await PostAsync(Guid.CreateVersion7(_world.Clock.GetUtcNow()), 100);

        foreach (var connectionString in new[] { _world.Database.App, _world.Database.Platform, _world.Database.Owner })
            await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(connectionString, sql));

        Assert.Equal(100, await WalletAsync());
    }

    [Fact]
    public async Task A_line_cannot_be_added_to_an_entry_of_an_earlier_transaction()
    {
        await PostAsync(Guid.CreateVersion7(_world.Clock.GetUtcNow()), 100);

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(_world.Database.Platform, """
            insert into journal_lines (tenant_id, id, entry_id, account_id, amount)
            select tenant_id, gen_random_uuid(), entry_id, account_id, amount from journal_lines
            """));

        Assert.Equal(PostgresErrorCodes.RestrictViolation, refusal.SqlState);
    }

    [Fact]
    public async Task Of_many_who_book_for_one_new_customer_at_once_all_find_the_one_wallet()
    {
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => PostAsync(Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddDays(i)), 10)));

        Assert.Equal(120, await WalletAsync());
        Assert.Equal(1, await _world.ReadAsync(db => db.LedgerAccounts.CountAsync(a => a.Kind == LedgerAccountKind.Wallet)));
    }

    private Task<int> PostAsync(Guid payment, decimal amount) => _world.WriteAsync(async db =>
    {
        await new GeneralLedger(_world.Clock).PostAsync(
            db,
            JournalSource.Payment,
            payment,
            "A test",
            [Posting.Debit(AccountRef.Cash, amount), Posting.Credit(AccountRef.Wallet(_customer), amount)],
            CancellationToken.None);
        return 0;
    });

    private Task<decimal> WalletAsync()
        => _world.ReadAsync(db => GeneralLedger.WalletAsync(db, _customer, CancellationToken.None));

    private Task<int> RawEntryAsync(params decimal[] amounts) => _world.WriteAsync(async db =>
    {
        var entry = Guid.CreateVersion7(_world.Clock.GetUtcNow());
        var account = Guid.CreateVersion7(_world.Clock.GetUtcNow());
        await db.Database.ExecuteSqlAsync($"insert into ledger_accounts (tenant_id, id, kind) values ({_world.TenantId}, {account}, 'Cash')");
        await db.Database.ExecuteSqlAsync(
            $"insert into journal_entries (tenant_id, id, source, source_id, booked_at, memo) values ({_world.TenantId}, {entry}, 'Payment', {entry}, now(), '')");
        foreach (var amount in amounts)
        {
            await db.Database.ExecuteSqlAsync(
                $"insert into journal_lines (tenant_id, id, entry_id, account_id, amount) values ({_world.TenantId}, gen_random_uuid(), {entry}, {account}, {amount})");
        }

        return 0;
    });

    private async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var tenant = new NpgsqlCommand($"select set_config('app.tenant_id', '{_world.TenantId}', true)", connection))
            await tenant.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }
}
