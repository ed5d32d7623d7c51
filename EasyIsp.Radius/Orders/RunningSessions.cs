using System.Net;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Radius.Policy;
using Npgsql;

namespace EasyIsp.Radius.Orders;

/// <summary>Finds what an order's session is, by what its router knows it and what the router was told of it.</summary>
internal sealed class RunningSessions(PlatformDataSource database, SecretCodec codec)
{
    private const string Sql = """
        select s.user_name, s.nas_session_id, s.address, v.code, s.customer_id, s.subscription_id, s.mac_address, s.started_at,
               s.told::text, r.api_user is not null
        from open_sessions s
        join routers r on r.tenant_id = s.tenant_id and r.id = s.router_id
        left join vouchers v on v.tenant_id = s.tenant_id and v.id = s.voucher_id
        where s.tenant_id = $1 and s.id = $2
        """;

    /// <returns>Null when it has ended.</returns>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The voucher's code cannot be read.</exception>
    public async Task<RunningSession?> FindAsync(NetworkOrder order, CancellationToken cancellationToken)
    {
        if (order.SessionId is not { } sessionId)
            return null;

        await using var connection = await database.Value.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = order.TenantId },
                new NpgsqlParameter<Guid> { TypedValue = sessionId },
            },
        };
        await command.PrepareAsync(cancellationToken);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? Read(row, order, sessionId) : null;
    }

    private RunningSession Read(NpgsqlDataReader row, NetworkOrder order, Guid sessionId)
    {
        var userName = row.IsDBNull(3) ? row.GetString(0) : codec.Reveal(order.TenantId, new Secret(row.GetFieldValue<byte[]>(3)));
        return new RunningSession(
            order.TenantId,
            order.RouterId,
            sessionId,
            new CoaSession(userName, row.IsDBNull(2) ? null : row.GetFieldValue<IPAddress>(2), row.GetString(1)),
            row.IsDBNull(4) ? null : row.GetGuid(4),
            row.IsDBNull(5) ? null : row.GetGuid(5),
            row.IsDBNull(6) ? null : row.GetString(6),
            row.GetFieldValue<DateTimeOffset>(7),
            SessionTerms.Read(row.IsDBNull(8) ? null : row.GetString(8)),
            row.GetBoolean(9));
    }
}

/// <param name="AtRouter">Its user name is a voucher's code where somebody typed one.</param>
/// <param name="Told">Null: not known.</param>
/// <param name="HasApi">Whether its router's API may be used.</param>
internal sealed record RunningSession(
    Guid TenantId,
    Guid RouterId,
    Guid Id,
    CoaSession AtRouter,
    Guid? CustomerId,
    Guid? SubscriptionId,
    string? MacAddress,
    DateTimeOffset StartedAt,
    SessionTerms? Told,
    bool HasApi);
