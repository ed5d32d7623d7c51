using System.Net;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using Npgsql;

namespace EasyIsp.Radius.Orders;

/// <summary>Finds by what a router knows a session that is to end.</summary>
internal sealed class RunningSessions(PlatformDataSource database)
{
    private const string Sql = """
        select s.user_name, s.nas_session_id, s.address, v.code
        from open_sessions s
        left join vouchers v on v.tenant_id = s.tenant_id and v.id = s.voucher_id
        where s.tenant_id = $1 and s.id = $2
        """;

    /// <returns>Null when it has ended.</returns>
    public async Task<RunningSession?> FindAsync(Guid tenantId, Guid sessionId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Value.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = tenantId },
                new NpgsqlParameter<Guid> { TypedValue = sessionId },
            },
        };
        await command.PrepareAsync(cancellationToken);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new RunningSession(
                row.GetString(0),
                row.GetString(1),
                row.IsDBNull(2) ? null : row.GetFieldValue<IPAddress>(2),
                row.IsDBNull(3) ? null : new Secret(row.GetFieldValue<byte[]>(3)))
            : null;
    }
}

/// <param name="VoucherCode">What the router takes for the user name where somebody typed a voucher.</param>
internal sealed record RunningSession(string UserName, string NasSessionId, IPAddress? Address, Secret? VoucherCode);
