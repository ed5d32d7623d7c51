using EasyIsp.Core.Persistence;
using EasyIsp.Testing;
using Npgsql;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>The database turns everybody out and lets nobody in.</summary>
internal sealed class Outage : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private bool _isOver;

    private Outage(TestDatabase database) => _database = database;

    public static async Task<Outage> BeginAsync(TestDatabase database)
    {
        await ExecuteAsync(database, $"""
            revoke connect on database {database.Name} from public, {DatabaseRoles.Platform}, {DatabaseRoles.App};
            select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database.Name}' and pid <> pg_backend_pid();
            """);
        return new Outage(database);
    }

    public async Task EndAsync()
    {
        if (_isOver)
            return;

        _isOver = true;
        await ExecuteAsync(_database, $"grant connect on database {_database.Name} to public");
    }

    public async ValueTask DisposeAsync() => await EndAsync();

    private static async Task ExecuteAsync(TestDatabase database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.Admin);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
