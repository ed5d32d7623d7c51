using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace EasyIsp.Testing;

/// <summary>
/// The run's PostgreSQL (<c>EASYISP_TEST_PG</c>, set by <c>./easyisp test</c>). The schema is migrated once, into a
/// template; whoever asks gets a copy, so that tests commit for real, run side by side and never clean up.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string Password = "of-the-test-run";

    private static readonly SemaphoreSlim OneCopyAtATime = new(1);

    private readonly string _admin = Environment.GetEnvironmentVariable("EASYISP_TEST_PG")
        ?? throw new InvalidOperationException("EASYISP_TEST_PG is not set: run the tests by './easyisp test'.");

    private readonly string _template = $"template_{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";
    private int _copies;

    public async ValueTask InitializeAsync()
    {
        await using (var admin = NpgsqlDataSource.Create(_admin))
        {
            var passwords = new[] { DatabaseRoles.Owner, DatabaseRoles.App, DatabaseRoles.Platform, DatabaseRoles.Jobs }
                .ToDictionary(role => role, _ => Password);
            await DatabaseProvisioning.EnsureRolesAsync(admin, passwords, TestContext.Current.CancellationToken);
        }

        await DatabaseProvisioning.EnsureDatabaseAsync(_admin, _template, TestContext.Current.CancellationToken);
        await using var owner = NpgsqlDataSource.Create(ConnectionString(_template, DatabaseRoles.Owner, pooling: false));
        await DatabaseProvisioning.MigrateAsync(owner, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync() => await ExecuteAsync($"drop database if exists {_template} with (force)");

    /// <returns>A database of its own with the present schema and nothing in it.</returns>
    public async Task<TestDatabase> CopyAsync()
    {
        var name = $"{_template}_{Interlocked.Increment(ref _copies)}";
        await ExecuteAsync($"create database {name} template {_template} owner {DatabaseRoles.Owner}");
        return new TestDatabase(this, name);
    }

    /// <returns>A database as it was right after this migration, with nothing in it: for <see cref="TestDatabase.UpgradeAsync"/>.</returns>
    public async Task<TestDatabase> OlderAsync(string migration, CancellationToken cancellationToken)
    {
        var name = $"{_template}_older_{Interlocked.Increment(ref _copies)}";
        await DatabaseProvisioning.EnsureDatabaseAsync(_admin, name, cancellationToken);
        await using var owner = NpgsqlDataSource.Create(ConnectionString(name, DatabaseRoles.Owner, pooling: false));
        await using var isp = new IspDbContext(IspDbOptions.Build(owner), tenantId: null);
        await isp.Database.MigrateAsync(migration, cancellationToken);
        return new TestDatabase(this, name);
    }

    internal Task DropAsync(string database) => ExecuteAsync($"drop database if exists {database} with (force)");

    /// <summary>
    /// Writes what <c>prepare</c> would write before its first run, with the passwords that the run's tests use: roles
    /// belong to the whole server, and <c>prepare</c> would give them new ones.
    /// </summary>
    public async Task WriteConnectionsAsync(string path, string database, CancellationToken cancellationToken)
        => await File.WriteAllLinesAsync(
            path,
            new[] { ("App", DatabaseRoles.App), ("Platform", DatabaseRoles.Platform), ("Jobs", DatabaseRoles.Jobs), ("Owner", DatabaseRoles.Owner) }
                .Select(role => $"ConnectionStrings__{role.Item1}={ConnectionString(database, role.Item2)}"),
            cancellationToken);

    internal string ConnectionString(string database, string role, bool pooling = true) => new NpgsqlConnectionStringBuilder(_admin)
    {
        Database = database,
        Username = role,
        Password = Password,
        MaxPoolSize = 20,
        Pooling = pooling,
    }.ConnectionString;

    /// <summary>As the server's superuser, for what no role of the product may do.</summary>
    internal string AdminConnectionString(string database)
        => new NpgsqlConnectionStringBuilder(_admin) { Database = database, Pooling = false }.ConnectionString;

    private async Task ExecuteAsync(string sql)
    {
        // PostgreSQL copies a template only while nobody else uses it.
        await OneCopyAtATime.WaitAsync();
        try
        {
            await using var connection = new NpgsqlConnection(AdminConnectionString("postgres"));
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
        finally
        {
            OneCopyAtATime.Release();
        }
    }
}

/// <summary>One copied database, and how each role reaches it.</summary>
public sealed class TestDatabase(PostgresServer server, string name) : IAsyncDisposable
{
    public string Name => name;
    public string App => server.ConnectionString(name, DatabaseRoles.App);
    public string Platform => server.ConnectionString(name, DatabaseRoles.Platform);
    public string Jobs => server.ConnectionString(name, DatabaseRoles.Jobs);
    public string Owner => server.ConnectionString(name, DatabaseRoles.Owner);
    public string Admin => server.AdminConnectionString(name);

    public async Task UpgradeAsync(CancellationToken cancellationToken)
    {
        await using var owner = NpgsqlDataSource.Create(Owner);
        await DatabaseProvisioning.MigrateAsync(owner, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connectionString in new[] { App, Platform, Jobs, Owner })
        {
            await using var connection = new NpgsqlConnection(connectionString);
            NpgsqlConnection.ClearPool(connection);
        }

        await server.DropAsync(name);
    }
}
