using System.Net;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Radius.Policy;
using EasyIsp.Radius.Sessions;
using Npgsql;

namespace EasyIsp.Radius.Orders;

/// <summary>Finds what orders' sessions are: by what their routers know them, and what was told of them.</summary>
internal sealed class RunningSessions(PlatformDataSource database, SecretCodec codec)
{
    private const string Sql = """
        select s.id, s.user_name, s.nas_session_id, s.address, v.code, s.customer_id, s.subscription_id, s.mac_address,
               s.started_at, s.told::text, r.api_user is not null, s.tenant_id, s.router_id
        from unnest($1::uuid[], $2::uuid[]) as wanted(tenant_id, id)
        join open_sessions s on s.tenant_id = wanted.tenant_id and s.id = wanted.id
        join routers r on r.tenant_id = s.tenant_id and r.id = s.router_id
        left join vouchers v on v.tenant_id = s.tenant_id and v.id = s.voucher_id
        """;

    /// <returns>
    /// By session; those that have ended are left out. A value's first use reveals the code of a voucher, and may throw a
    /// <see cref="System.Security.Cryptography.CryptographicException"/>.
    /// </returns>
    public async Task<IReadOnlyDictionary<Guid, Lazy<RunningSession>>> FindAsync(
        IReadOnlyList<NetworkOrder> orders, CancellationToken cancellationToken)
    {
        var found = new Dictionary<Guid, Lazy<RunningSession>>(orders.Count);
        if (orders.Count == 0)
            return found;

        await using var connection = await database.Value.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters = { Arrays.Of(orders, order => order.TenantId), Arrays.Of(orders, order => order.SessionId) },
        };
        await command.PrepareAsync(cancellationToken);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
            found[row.GetGuid(0)] = Read(row);
        return found;
    }

    private Lazy<RunningSession> Read(NpgsqlDataReader row)
    {
        var code = row.IsDBNull(4) ? null : new Secret(row.GetFieldValue<byte[]>(4));
        var session = new RunningSession(
            row.GetGuid(11),
            row.GetGuid(12),
            row.GetGuid(0),
            new CoaSession(row.GetString(1), row.IsDBNull(3) ? null : row.GetFieldValue<IPAddress>(3), row.GetString(2)),
            row.IsDBNull(5) ? null : row.GetGuid(5),
            row.IsDBNull(6) ? null : row.GetGuid(6),
            row.IsDBNull(7) ? null : row.GetString(7),
            row.GetFieldValue<DateTimeOffset>(8),
            SessionTerms.Read(row.IsDBNull(9) ? null : row.GetString(9)),
            row.GetBoolean(10));
        return new Lazy<RunningSession>(() => code is null
            ? session
            : session with { AtRouter = session.AtRouter with { UserName = codec.Reveal(session.TenantId, code) } });
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
