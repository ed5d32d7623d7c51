using Npgsql;

namespace EasyIsp.Core.Tests.Persistence;

/// <summary>A transaction of the app role in a tenant's name, by plain SQL: what an attacker with EF out of the way would have.</summary>
internal sealed class AppTransaction : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private AppTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction)
        => (_connection, _transaction) = (connection, transaction);

    public static async Task<AppTransaction> BeginAsync(string connectionString, Guid tenantId)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        var app = new AppTransaction(connection, await connection.BeginTransactionAsync());
        await app.RowsTouchedAsync($"select set_config('app.tenant_id', '{tenantId}', true)");
        return app;
    }

    /// <summary>Refused by a table's grants is refused too: it counts as no row.</summary>
    public async Task<int> RowsTouchedAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection, _transaction);
        try
        {
            return await command.ExecuteNonQueryAsync();
        }
        catch (PostgresException refusal) when (refusal.SqlState == PostgresErrorCodes.InsufficientPrivilege && !sql.StartsWith("insert", StringComparison.Ordinal))
        {
            return 0;
        }
    }

    public async Task<List<Guid>> ReadAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection, _transaction);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<Guid>();
        while (await reader.ReadAsync())
            values.Add(reader.GetGuid(0));
        return values;
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
