using System.Collections.Concurrent;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace EasyIsp.Testing;

/// <summary>
/// The run's PostgreSQL (<c>EASYISP_TEST_PG</c>, set by <c>./easyisp test</c>). The schema is migrated once, into a
/// template; whoever asks gets a copy, so that tests commit for real, run side by side and never clean up. To copy takes ten
/// times as long as to empty: a copy that was given back, and whose schema is as it was, is emptied and given to the next.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string Password = "of-the-test-run";

    private static readonly SemaphoreSlim OneCopyAtATime = new(1);

    private readonly string _admin;
    private readonly string _template = $"template_{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";
    private readonly ConcurrentStack<TestDatabase> _emptied = new();
    private int _copies;

    public PostgresServer()
        : this(Environment.GetEnvironmentVariable("EASYISP_TEST_PG")
            ?? throw new InvalidOperationException("EASYISP_TEST_PG is not set: run the tests by './easyisp test'."))
    {
    }

    private PostgresServer(string admin) => _admin = admin;

    /// <summary>Another one than the run's.</summary>
    /// <param name="admin">How its superuser reaches it.</param>
    public static PostgresServer At(string admin) => new(admin);

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

    public async ValueTask DisposeAsync()
    {
        while (_emptied.TryPop(out var database))
            await DropAsync(database.Name);
        await DropAsync(_template);
    }

    /// <returns>A database of its own with the present schema and nothing in it.</returns>
    public async Task<TestDatabase> CopyAsync()
    {
        var name = $"{_template}_{Interlocked.Increment(ref _copies)}";
        if (_emptied.TryPop(out var emptied))
        {
            // By another name, so that nobody who still knew it under the old one comes back.
            await ExecuteAsync($"alter database {emptied.Name} rename to {name}");
            return new TestDatabase(this, name) { MadeIn = emptied.MadeIn };
        }

        await ExecuteAsync($"create database {name} template {_template} owner {DatabaseRoles.Owner}");
        return new TestDatabase(this, name) { MadeIn = await ExecuteAsync("select pg_current_xact_id()::text::bigint") as long? };
    }

    /// <param name="original">Nobody else may be connected to it.</param>
    /// <returns>A database of its own with all that is in another.</returns>
    public async Task<TestDatabase> CopyAsync(TestDatabase original)
    {
        var name = $"{_template}_{Interlocked.Increment(ref _copies)}";
        await ExecuteAsync($"create database {name} template {original.Name} owner {DatabaseRoles.Owner}");
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

    /// <summary>Nobody uses it any more.</summary>
    internal async Task TakeBackAsync(TestDatabase database)
    {
        if (await database.EmptyAsync() is { } emptiedIn)
            _emptied.Push(new TestDatabase(this, database.Name) { MadeIn = emptiedIn });
        else
            await DropAsync(database.Name);
    }

    private async Task DropAsync(string database) => await ExecuteAsync($"drop database if exists {database} with (force)");

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

    private async Task<object?> ExecuteAsync(string sql)
    {
        // PostgreSQL copies a template only while nobody else uses it.
        await OneCopyAtATime.WaitAsync();
        try
        {
            await using var connection = new NpgsqlConnection(AdminConnectionString("postgres"));
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync();
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
    /// <summary>More than the template and what a usual test writes.</summary>
    private const long MostBytes = 32L << 20;

    public string Name => name;

    /// <summary>The transaction after which its schema was the template's; null when it is no copy of that.</summary>
    internal long? MadeIn { get; init; }

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

    /// <summary>As the server does by itself within a minute or so: what was planned while tables were empty is planned anew.</summary>
    public async Task AnalyzeAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(Admin);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("vacuum analyze", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connectionString in new[] { App, Platform, Jobs, Owner })
        {
            await using var connection = new NpgsqlConnection(connectionString);
            NpgsqlConnection.ClearPool(connection);
        }

        await server.TakeBackAsync(this);
    }

    /// <summary>Turns everybody out and deletes every row.</summary>
    /// <returns>
    /// The transaction after which it is as new; null when something else than rows was changed, or so much was written that it
    /// is better copied anew.
    /// </returns>
    internal async Task<long?> EmptyAsync()
    {
        if (MadeIn is not { } madeIn)
            return null;

        try
        {
            await using var connection = new NpgsqlConnection(Admin);
            await connection.OpenAsync();
            await RunAsync(connection, TurningOut);
            if (await RunAsync(connection, IsAsMade, madeIn, MostBytes) is not true)
                return null;

            if (await RunAsync(connection, Written) is string tables)
            {
                await RunAsync(connection, Emptying(tables));
                await RunAsync(connection, $"vacuum {tables}");
                await RunAsync(connection, Forgetting);
            }

            return (long?)await RunAsync(connection, "select pg_current_xact_id()::text::bigint");
        }
        catch (NpgsqlException)
        {
            // The test has closed its doors, or somebody was turned out who had locked what is to be deleted.
            return null;
        }
    }

    private static async Task<object?> RunAsync(NpgsqlConnection connection, string sql, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return await command.ExecuteScalarAsync();
    }

    private const string TurningOut = """
        select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
        """;

    /// <summary>Rows of the catalogue that are younger than the database tell of another schema, or of other rights.</summary>
    private const string IsAsMade = """
        select pg_database_size(current_database()) < $2 and not exists (
            select from (
                select xmin from pg_class union all select xmin from pg_attribute union all select xmin from pg_constraint
                union all select xmin from pg_index union all select xmin from pg_trigger union all select xmin from pg_proc
                union all select xmin from pg_policy union all select xmin from pg_type union all select xmin from pg_namespace) present
            where xmin::text::bigint >= $1)
        """;

    private const string Ours = "n.nspname not in ('pg_catalog', 'information_schema') and c.relname !~* 'migrations_?history'";

    /// <summary>The tables that have pages, by name.</summary>
    private const string Written = $"""
        select string_agg(c.oid::regclass::text, ', ') from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and {Ours} and pg_relation_size(c.oid) > 0
        """;

    /// <summary>
    /// As of a table that was never counted. Of one that is known to be empty the planner expects nothing, and keeps the plan
    /// that it made for nothing when the next test writes thousands.
    /// </summary>
    private const string Forgetting = $"""
        update pg_class c set relpages = 0, reltuples = -1
        from pg_namespace n where n.oid = c.relnamespace and {Ours} and c.relkind in ('r', 'i') and c.reltuples >= 0;
        select pg_stat_reset();
        """;

    private static string Emptying(string tables) => $"""
        begin;
        set local session_replication_role = replica; -- neither guards nor references hinder it
        {string.Concat(tables.Split(", ").Select(table => $"delete from {table};"))}
        select setval(oid::regclass, 1, false) from pg_class where relkind = 'S';
        commit;
        """;
}
