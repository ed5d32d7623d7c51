using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace EasyIsp.Testing.Security;

/// <summary>
/// Writes one made-up row into each table, for each tenant, past all rules (foreign keys and triggers are off for the
/// session): what a walk over the model needs to have something to steal.
/// </summary>
public static class RowForEveryTable
{
    public static async Task WriteAsync(string adminConnectionString, IModel model, params Guid[] tenants)
    {
        await using var admin = new NpgsqlConnection(adminConnectionString);
        await admin.OpenAsync();
        await ExecuteAsync(admin, "set session_replication_role = replica");
        var tables = model.GetEntityTypes()
            .Where(type => !type.IsOwned() && type.FindAnnotation(TenantModel.PolicyAnnotation) is not null)
            .Select(type => type.GetTableName()!)
            .Distinct()
            .Where(table => table != "tenants");
        foreach (var table in tables)
        {
            foreach (var tenant in tenants)
                await ExecuteAsync(admin, await InsertAsync(admin, table, tenant));
        }
    }

    public static async Task<IReadOnlyList<string>> WritableColumnsAsync(NpgsqlConnection connection, string table)
        => [.. (await ColumnsAsync(connection, table)).Select(column => column.Name)];

    private static async Task<string> InsertAsync(NpgsqlConnection connection, string table, Guid tenant)
    {
        var columns = (await ColumnsAsync(connection, table)).Where(column => column.Required || NeededByChecks.Contains(column.Name)).ToList();
        var values = columns.Select(column => column.Name == "tenant_id" ? $"'{tenant}'" : ValueOf(column.Name, column.Type));
        return $"insert into {table} ({string.Join(", ", columns.Select(c => c.Name))}) values ({string.Join(", ", values)})";
    }

    /// <summary>Columns that may be null, and some table's check wants one of them.</summary>
    private static readonly HashSet<string> NeededByChecks = 
    [
        "tenant_id", "address_list", "router_id", "statement_line_id",
        "kind", "base_url", "short_code", "consumer_key", "consumer_secret", "passkey", "callback_key",
    ];

    private static string ValueOf(string name, string type) => type switch
    {
        _ when name == "mac_address" => "'AA:BB:CC:00:00:01'",
        "uuid" => "gen_random_uuid()",
        "bytea" => "decode(md5(random()::text), 'hex')",
        "timestamp with time zone" when name == "until" || name.Contains("end", StringComparison.Ordinal) => "now() + interval '1 hour'",
        "timestamp with time zone" => "now()",
        "date" => "current_date",
        "interval" => "interval '1 hour'",
        "inet" => "'192.0.2.1'",
        "boolean" => "false",
        "integer" or "bigint" or "numeric" or "double precision" => "1",
        "xid8" => "pg_current_xact_id()",
        "ARRAY" => "'{}'",
        _ => "left(md5(random()::text), 2)",
    };

    private static async Task<List<(string Name, string Type, bool Required)>> ColumnsAsync(NpgsqlConnection connection, string table)
    {
        await using var command = new NpgsqlCommand("""
            select quote_ident(column_name), data_type, is_nullable = 'NO' and column_default is null from information_schema.columns
            where table_name = $1 and is_generated = 'NEVER' order by ordinal_position
            """, connection)
        {
            Parameters = { new() { Value = table } },
        };
        await using var reader = await command.ExecuteReaderAsync();
        var columns = new List<(string, string, bool)>();
        while (await reader.ReadAsync())
            columns.Add((reader.GetString(0), reader.GetString(1), reader.GetBoolean(2)));
        return columns;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
