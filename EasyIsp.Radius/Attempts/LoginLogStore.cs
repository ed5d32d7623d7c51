using EasyIsp.Core.Persistence;
using Npgsql;
using NpgsqlTypes;

namespace EasyIsp.Radius.Attempts;

/// <summary>Writes a group of lines in one statement; a line that is there already is counted on.</summary>
internal sealed class LoginLogStore(PlatformDataSource database)
{
    private const string Sql = """
        insert into login_attempts as known
          (tenant_id, id, router_id, customer_id, user_name, mac_address, nas_port, access_type, method, refusal, is_limited,
           at, last_at, times, took, left_out)
        select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        on conflict (tenant_id, id) do update set
          times = known.times + excluded.times,
          last_at = greatest(known.last_at, excluded.last_at),
          customer_id = coalesce(known.customer_id, excluded.customer_id)
        """;

    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task WriteAsync(LoginLine[] lines, CancellationToken cancellationToken)
    {
        await using var connection = await database.Value.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters =
            {
                Column(line => line.First.Subject.TenantId),
                Column(line => line.Id),
                Column(line => line.First.Subject.RouterId),
                Column(line => line.First.CustomerId, NpgsqlDbType.Uuid),
                Column(line => line.First.Subject.UserName),
                Column(line => line.First.Subject.MacAddress, NpgsqlDbType.Text),
                Column(line => line.First.NasPort, NpgsqlDbType.Text),
                Column(line => line.First.AccessType?.ToString(), NpgsqlDbType.Text),
                Column(line => line.First.Method.ToString()),
                Column(line => line.First.Subject.Refusal?.ToString(), NpgsqlDbType.Text),
                Column(line => line.First.Subject.IsLimited),
                Column(line => line.First.At),
                Column(line => line.LastAt),
                Column(line => line.Times),
                Column(line => line.First.Took),
                Column(line => line.First.LeftOut),
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);

        NpgsqlParameter Column<T>(Converter<LoginLine, T> value, NpgsqlDbType? type = null)
        {
            var parameter = new NpgsqlParameter { Value = Array.ConvertAll(lines, value) };
            if (type is { } element)
                parameter.NpgsqlDbType = NpgsqlDbType.Array | element;
            return parameter;
        }
    }
}
