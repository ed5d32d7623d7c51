using EasyIsp.Testing;
using Npgsql;

namespace EasyIsp.Core.Tests.Persistence;

/// <summary>Rows by the hundred thousand, written past the guards by the database's superuser.</summary>
internal sealed class BulkRows : IAsyncDisposable
{
    private readonly NpgsqlConnection _admin;

    private BulkRows(NpgsqlConnection admin) => _admin = admin;

    public static async Task<BulkRows> BeginAsync(World world)
    {
        var rows = new BulkRows(new NpgsqlConnection(world.Database.Admin));
        await rows._admin.OpenAsync();
        await rows.ExecuteAsync("set session_replication_role = replica");
        return rows;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _admin) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => _admin.DisposeAsync();
}
