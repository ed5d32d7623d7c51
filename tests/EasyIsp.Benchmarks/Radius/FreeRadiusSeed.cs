using EasyIsp.Benchmarks.Radius.Load;
using EasyIsp.Testing;
using Npgsql;

namespace EasyIsp.Benchmarks.Radius;

/// <summary>The same customers in FreeRADIUS's standard schema: a password each, and the three attributes of the answer.</summary>
internal sealed class FreeRadiusSeed : IAsyncDisposable
{
    private readonly string _admin;
    private readonly string _name;

    private FreeRadiusSeed(string admin, string name)
    {
        (_admin, _name) = (admin, name);
        ConnectionString = new NpgsqlConnectionStringBuilder(admin) { Database = name }.ConnectionString;
    }

    public string ConnectionString { get; }

    /// <summary>In a database of its own beside the product's.</summary>
    public static async Task<FreeRadiusSeed> FillAsync(TestDatabase beside, int customers, CancellationToken cancellationToken)
    {
        var seed = new FreeRadiusSeed(beside.Admin, beside.Name + "_freeradius");
        await ExecuteAsync(seed._admin, $"create database {seed._name} template template0", cancellationToken);
        await ExecuteAsync(
            seed.ConnectionString, await File.ReadAllTextAsync(FreeRadiusConfiguration.Schema, cancellationToken), cancellationToken);
        await CopyAsync(seed.ConnectionString, "radcheck", customers, number =>
        [
            ("Cleartext-Password", ":=", Customer.PasswordOf(number)),
        ], cancellationToken);
        await CopyAsync(seed.ConnectionString, "radreply", customers, _ =>
        [
            ("Mikrotik-Rate-Limit", "=", FormattableString.Invariant($"{Customer.UploadKbps}k/{Customer.DownloadKbps}k")),
            ("Session-Timeout", "=", "2505600"),
            ("Acct-Interim-Interval", "=", "300"),
        ], cancellationToken);
        await ExecuteAsync(seed.ConnectionString, "vacuum analyze radcheck, radreply", cancellationToken);
        await ExecuteAsync(seed.ConnectionString, "checkpoint", cancellationToken);
        return seed;
    }

    public async ValueTask DisposeAsync()
        => await ExecuteAsync(_admin, $"drop database if exists {_name} with (force)", CancellationToken.None);

    private static async Task CopyAsync(
        string database,
        string table,
        int customers,
        Func<int, IEnumerable<(string Attribute, string Operator, string Value)>> attributesOf,
        CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancellationToken);
        await using var rows = await connection.BeginTextImportAsync(
            $"copy {table} (username, attribute, op, value) from stdin", cancellationToken);
        for (var number = 0; number < customers; number++)
        {
            foreach (var (attribute, op, value) in attributesOf(number))
                await rows.WriteAsync($"{Customer.UserNameOf(number)}\t{attribute}\t{op}\t{value}\n");
        }
    }

    private static async Task ExecuteAsync(string database, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
