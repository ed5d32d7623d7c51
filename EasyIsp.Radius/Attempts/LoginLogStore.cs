using EasyIsp.Core.Persistence;
using EasyIsp.Radius.Sessions;
using Npgsql;

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
                Arrays.Of(lines, line => line.First.Subject.TenantId),
                Arrays.Of(lines, line => line.Id),
                Arrays.Of(lines, line => line.First.Subject.RouterId),
                Arrays.Of(lines, line => line.First.CustomerId),
                Arrays.Of(lines, line => line.First.Subject.UserName),
                Arrays.Of(lines, line => line.First.Subject.MacAddress),
                Arrays.Of(lines, line => line.First.NasPort),
                Arrays.Of(lines, line => line.First.AccessType?.ToString()),
                Arrays.Of(lines, line => line.First.Method.ToString()),
                Arrays.Of(lines, line => line.First.Subject.Refusal?.ToString()),
                Arrays.Of(lines, line => line.First.Subject.IsLimited),
                Arrays.Of(lines, line => line.First.At),
                Arrays.Of(lines, line => line.LastAt),
                Arrays.Of(lines, line => line.Times),
                Arrays.Of(lines, line => line.First.Took),
                Arrays.Of(lines, line => line.First.LeftOut),
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
