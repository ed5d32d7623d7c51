using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Radius.Policy;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EasyIsp.Radius.Subscribers;

/// <summary>Reads and claims what belongs to one moment, each in one round trip.</summary>
internal sealed class LoginFactsReader(PlatformDataSource database, IOptions<RadiusOptions> options, TimeProvider clock)
{
    /// <summary>A session of no subscription is one of limited access: it takes no place.</summary>
    private const string OnlineSql = """
        select id, router_id, mac_address from open_sessions
        where tenant_id = $1 and customer_id = $2 and last_heard_at > $3 and subscription_id is not null
        """;

    private const string TokensSql = """
        select id, password, mac_address from login_tokens
        where tenant_id = $1 and customer_id = $2 and expires_at > $3 and used_at is null
        """;

    /// <summary>A router's counters may be nonsense; their sum must not be an error.</summary>
    private const string UsedSql = """
        select least(9223372036854775807,
               (select coalesce(sum(uploaded_bytes + downloaded_bytes), 0) from open_sessions
                where tenant_id = $1 and customer_id = $2 and subscription_id = $3)
             + (select coalesce(sum(uploaded_bytes + downloaded_bytes), 0) from sessions
                where tenant_id = $1 and subscription_id = $3))::bigint
        """;

    private const string ClaimSql = """
        update login_tokens set used_at = $3
        where tenant_id = $1 and id = $2 and used_at is null and expires_at > $3
        """;

    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<LoginFacts> ReadAsync(Subscriber subscriber, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var limited = subscriber.ActiveAt(now) is { DataLimitBytes: not null } active ? active : null;
        await using var connection = await database.Value.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Command(OnlineSql, subscriber.TenantId, subscriber.CustomerId, now - options.Value.StaleAfter),
                Command(TokensSql, subscriber.TenantId, subscriber.CustomerId, now),
            },
        };
        if (limited is not null)
            batch.BatchCommands.Add(Command(UsedSql, subscriber.TenantId, subscriber.CustomerId, limited.Id));

        await batch.PrepareAsync(cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var online = new List<OnlineDevice>();
        while (await reader.ReadAsync(cancellationToken))
            online.Add(new OnlineDevice(reader.GetGuid(0), reader.GetGuid(1), reader.IsDBNull(2) ? null : reader.GetString(2)));

        await reader.NextResultAsync(cancellationToken);
        var tokens = new List<LiveToken>();
        while (await reader.ReadAsync(cancellationToken))
            tokens.Add(new LiveToken(reader.GetGuid(0), new Secret(reader.GetFieldValue<byte[]>(1)), reader.GetString(2)));

        long? used = null;
        if (await reader.NextResultAsync(cancellationToken) && await reader.ReadAsync(cancellationToken))
            used = reader.GetInt64(0);
        return new LoginFacts(online, tokens, used);
    }

    /// <summary>Uses a one-time password up.</summary>
    /// <returns>False when somebody else was first.</returns>
    public async Task<bool> ClaimAsync(Guid tenantId, LiveToken token, CancellationToken cancellationToken)
    {
        await using var connection = await database.Value.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(ClaimSql, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = tenantId },
                new NpgsqlParameter<Guid> { TypedValue = token.Id },
                new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() },
            },
        };
        await command.PrepareAsync(cancellationToken);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static NpgsqlBatchCommand Command<T>(string sql, Guid tenantId, Guid customerId, T third) => new(sql)
    {
        Parameters =
        {
            new NpgsqlParameter<Guid> { TypedValue = tenantId },
            new NpgsqlParameter<Guid> { TypedValue = customerId },
            new NpgsqlParameter<T> { TypedValue = third },
        },
    };
}
