using EasyIsp.Core.Identity;
using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EasyIsp.Core.Persistence;

/// <summary>
/// Makes roles, database and schema, as <c>prepare</c> and the tests do. Every step may be repeated.
/// </summary>
public static class DatabaseProvisioning
{
    public const int OldestServerMajor = 15;

    /// <summary>Creates the roles or gives them these passwords.</summary>
    /// <param name="admin">A role that may create roles and databases.</param>
    /// <exception cref="NotSupportedException">The server is older than <see cref="OldestServerMajor"/>.</exception>
    public static async Task EnsureRolesAsync(
        NpgsqlDataSource admin, IReadOnlyDictionary<string, string> passwords, CancellationToken cancellationToken)
    {
        await using var connection = await admin.OpenConnectionAsync(cancellationToken);
        if (connection.PostgreSqlVersion.Major < OldestServerMajor)
            throw new NotSupportedException($"PostgreSQL {connection.PostgreSqlVersion} is too old: {OldestServerMajor} or later is needed.");

        // Two runs at once must not create the same role.
        await ExecuteAsync(connection, "select pg_advisory_lock(727001)", cancellationToken);
        foreach (var role in DatabaseRoles.LoginRoles)
        {
            await EnsureRoleAsync(connection, role, cancellationToken);
            await ExecuteAsync(
                connection, $"alter role {role} login nosuperuser nobypassrls password {Literal(passwords[role])}", cancellationToken);
        }

        await EnsureRoleAsync(connection, DatabaseRoles.Search, cancellationToken);
        await ExecuteAsync(connection, $"grant {DatabaseRoles.Search} to {DatabaseRoles.Owner}", cancellationToken);
        await ExecuteAsync(connection, $"grant {DatabaseRoles.Owner}, {DatabaseRoles.Jobs} to current_user", cancellationToken);
        await ExecuteAsync(connection, "select pg_advisory_unlock(727001)", cancellationToken);
    }

    /// <summary>Creates the database where it is missing, with what each role may do in it.</summary>
    public static async Task EnsureDatabaseAsync(string adminConnectionString, string database, CancellationToken cancellationToken)
    {
        await using (var admin = NpgsqlDataSource.Create(adminConnectionString))
        await using (var connection = await admin.OpenConnectionAsync(cancellationToken))
        {
            await using var known = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection)
            {
                Parameters = { new() { Value = database } },
            };
            if (await known.ExecuteScalarAsync(cancellationToken) is null)
                await ExecuteAsync(connection, $"create database {Identifier(database)} owner {DatabaseRoles.Owner}", cancellationToken);
        }

        var inside = new NpgsqlConnectionStringBuilder(adminConnectionString) { Database = database, Pooling = false };
        await using var owner = new NpgsqlConnection(inside.ConnectionString);
        await owner.OpenAsync(cancellationToken);
        await ExecuteAsync(owner, Grants(database), cancellationToken);
    }

    /// <summary>Brings all three models up to date, as the owner.</summary>
    public static async Task MigrateAsync(NpgsqlDataSource owner, CancellationToken cancellationToken)
    {
        await using (var isp = new IspDbContext(IspDbOptions.Build(owner), tenantId: null))
            await isp.Database.MigrateAsync(cancellationToken);
        await using (var keyRing = new KeyRingContext(Options<KeyRingContext>(owner, KeyRingContext.Schema)))
            await keyRing.Database.MigrateAsync(cancellationToken);
        await using (var staff = new StaffContext(Options<StaffContext>(owner, StaffContext.Schema)))
            await staff.Database.MigrateAsync(cancellationToken);
    }

    internal static DbContextOptions<TContext> Options<TContext>(NpgsqlDataSource source, string schema) where TContext : DbContext
        => new DbContextOptionsBuilder<TContext>()
            .UseNpgsql(source, npgsql => npgsql.MigrationsHistoryTable("__ef_migrations_history", schema))
            .UseSnakeCaseNamingConvention()
            .Options;

    private static string Grants(string database) => $"""
        grant connect on database {Identifier(database)} to {DatabaseRoles.App}, {DatabaseRoles.Platform}, {DatabaseRoles.Jobs};
        alter schema public owner to {DatabaseRoles.Owner};
        grant usage on schema public to {DatabaseRoles.App}, {DatabaseRoles.Platform};
        grant usage, create on schema public to {DatabaseRoles.Search};
        create schema if not exists {KeyRingContext.Schema} authorization {DatabaseRoles.Owner};
        create schema if not exists {StaffContext.Schema} authorization {DatabaseRoles.Owner};
        create schema if not exists hangfire authorization {DatabaseRoles.Jobs};
        grant usage on schema {KeyRingContext.Schema}, {StaffContext.Schema} to {DatabaseRoles.Platform};
        alter default privileges for role {DatabaseRoles.Owner} in schema public
          grant select, insert, update, delete on tables to {DatabaseRoles.App}, {DatabaseRoles.Platform};
        alter default privileges for role {DatabaseRoles.Owner} in schema public grant select on tables to {DatabaseRoles.Search};
        alter default privileges for role {DatabaseRoles.Owner} in schema {KeyRingContext.Schema}, {StaffContext.Schema}
          grant select, insert, update, delete on tables to {DatabaseRoles.Platform};
        alter default privileges for role {DatabaseRoles.Owner} in schema {KeyRingContext.Schema}, {StaffContext.Schema}
          grant usage on sequences to {DatabaseRoles.Platform};
        """;

    private static async Task EnsureRoleAsync(NpgsqlConnection connection, string role, CancellationToken cancellationToken)
        => await ExecuteAsync(
            connection,
            $"do $$ begin if not exists (select 1 from pg_roles where rolname = '{role}') then create role {role} nologin; end if; end $$",
            cancellationToken);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // role and database names are quoted below; statements like these take no parameters
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Literal(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}
