using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Radius.Policy;
using Npgsql;

namespace EasyIsp.Radius.Subscribers;

/// <summary>What must be true at the very moment of a login, and is therefore never remembered; each in one round trip.</summary>
internal sealed class LoginFactsReader(PlatformDataSource database, TimeProvider clock)
{
    private const string TokensSql = """
        select id, password, mac_address from login_tokens
        where tenant_id = $1 and customer_id = $2 and expires_at > $3 and used_at is null
        """;

    /// <summary>A router's counters may be nonsense; their sum must not be an error.</summary>
    private const string UsedSql = """
        select least(9223372036854775807, coalesce(sum(uploaded_bytes + downloaded_bytes), 0))::bigint
        from usage_by_day where subscription_id = $1
        """;

    private const string ClaimSql = """
        update login_tokens set used_at = $3
        where tenant_id = $1 and id = $2 and used_at is null and expires_at > $3
        """;

    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<IReadOnlyList<LiveToken>> TokensAsync(Subscriber subscriber, CancellationToken cancellationToken)
    {
        await using var connection = await database.Value.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(TokensSql, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = subscriber.TenantId },
                new NpgsqlParameter<Guid> { TypedValue = subscriber.CustomerId },
                new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() },
            },
        };
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tokens = new List<LiveToken>();
        while (await reader.ReadAsync(cancellationToken))
            tokens.Add(new LiveToken(reader.GetGuid(0), new Secret(reader.GetFieldValue<byte[]>(1)), reader.GetString(2)));
        return tokens;
    }

    /// <returns>Octets in both directions, in all sessions of the subscription.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<long?> UsedAsync(Guid subscriptionId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Value.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(UsedSql, connection)
        {
            Parameters = { new NpgsqlParameter<Guid> { TypedValue = subscriptionId } },
        };
        await command.PrepareAsync(cancellationToken);
        return (long?)await command.ExecuteScalarAsync(cancellationToken);
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
}

/// <summary>A one-time password not used and not expired.</summary>
internal sealed record LiveToken(Guid Id, Secret Password, string? MacAddress);
