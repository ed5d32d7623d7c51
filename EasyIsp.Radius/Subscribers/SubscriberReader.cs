using EasyIsp.Core.Persistence;
using EasyIsp.Radius.Policy;
using Npgsql;

namespace EasyIsp.Radius.Subscribers;

/// <summary>Reads one subscriber from the database, in one round trip.</summary>
internal sealed class SubscriberReader(PlatformDataSource database, TimeProvider clock)
{
    /// <returns>Null when there is none.</returns>
    public async Task<Subscriber?> ReadAsync(SubscriberKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.Value.OpenConnectionAsync(cancellationToken);
        return await ReadAsync(connection, key, cancellationToken);
    }

    /// <summary>As a transaction of the caller's sees him.</summary>
    /// <inheritdoc cref="ReadAsync(SubscriberKey, CancellationToken)"/>
    public async Task<Subscriber?> ReadAsync(NpgsqlConnection connection, SubscriberKey key, CancellationToken cancellationToken)
    {
        await using var command = CommandFor(key);
        command.Connection = connection;
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;

        var terms = new List<SubscriptionTerms>();
        var subscriber = SubscriberRow.ReadCustomer(reader, key.TenantId);
        do
        {
            if (SubscriberRow.ReadTerms(reader, following: terms.LastOrDefault()) is { } next)
                terms.Add(next);
        }
        while (await reader.ReadAsync(cancellationToken));
        return subscriber with { Subscriptions = [.. terms] };
    }

    private NpgsqlCommand CommandFor(SubscriberKey key)
    {
        var tenant = new NpgsqlParameter<Guid> { TypedValue = key.TenantId };
        return key.Kind switch
        {
            SubscriberKeyKind.Id => new NpgsqlCommand(SubscriberSql.ById)
            {
                Parameters = { tenant, new NpgsqlParameter<Guid> { TypedValue = Guid.Parse(key.Value) } },
            },
            SubscriberKeyKind.Device => new NpgsqlCommand(SubscriberSql.ByDevice)
            {
                Parameters =
                {
                    tenant,
                    new NpgsqlParameter<string> { TypedValue = key.Value },
                    new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() },
                },
            },
            _ => new NpgsqlCommand(SubscriberSql.ByUserName) { Parameters = { tenant, new NpgsqlParameter<string> { TypedValue = key.Value } } },
        };
    }
}
