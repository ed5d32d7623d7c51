using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using EasyIsp.Radius.Policy;
using Npgsql;

namespace EasyIsp.Radius.Subscribers;

/// <summary>Reads one subscriber from the database, in one round trip.</summary>
internal sealed class SubscriberReader(PlatformDataSource database, TimeProvider clock)
{
    private const string Sql = """
        select c.id, c.access_type, c.password, c.suspended_at is not null,
               s.id, s.starts_at, s.ends_at, case when p.at_data_limit = 'Cut' then s.data_limit_bytes end,
               case when is_slow then p.slow_download_kbps else p.download_kbps end,
               case when is_slow then p.slow_upload_kbps else p.upload_kbps end,
               p.simultaneous_sessions
        from customers c
        left join lateral (
          select * from subscriptions s
          where s.tenant_id = c.tenant_id and s.customer_id = c.id
          order by s.ends_at desc limit 10) s on true
        left join packages p on p.tenant_id = s.tenant_id and p.id = s.package_id
        left join lateral (select p.at_data_limit = 'SlowDown' and s.data_used_up_at is not null as is_slow) speed on true
        where c.tenant_id = $1 and c.deleted_at is null and
        """;

    private const string ByUserName = Sql + " c.username = $2 order by s.ends_at desc";

    private const string ById = Sql + " c.id = $2 order by s.ends_at desc";

    private const string ByDevice = Sql + """
         c.id = (
          select owner.id
          from customers owner
          join subscriptions active on active.tenant_id = owner.tenant_id and active.customer_id = owner.id
          where owner.tenant_id = $1 and owner.mac_address = $2 and owner.access_type = 'Hotspot'
            and active.starts_at <= $3 and active.ends_at > $3
          order by active.ends_at desc limit 1)
        order by s.ends_at desc
        """;

    /// <returns>Null when there is none.</returns>
    public async Task<Subscriber?> ReadAsync(SubscriberKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.Value.OpenConnectionAsync(cancellationToken);
        await using var command = CommandFor(key);
        command.Connection = connection;
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;

        var terms = new List<SubscriptionTerms>();
        var subscriber = new Subscriber(
            key.TenantId,
            reader.GetGuid(0),
            Enum.Parse<AccessType>(reader.GetString(1)),
            reader.IsDBNull(2) ? null : new StoredPassword(key.TenantId, new Secret(reader.GetFieldValue<byte[]>(2))),
            reader.GetBoolean(3),
            terms);
        do
        {
            if (!reader.IsDBNull(4))
                terms.Add(ReadTerms(reader, following: terms.LastOrDefault()));
        }
        while (await reader.ReadAsync(cancellationToken));
        return subscriber;
    }

    private NpgsqlCommand CommandFor(SubscriberKey key)
    {
        var tenant = new NpgsqlParameter<Guid> { TypedValue = key.TenantId };
        return key.Kind switch
        {
            SubscriberKeyKind.Id => new NpgsqlCommand(ById)
            {
                Parameters = { tenant, new NpgsqlParameter<Guid> { TypedValue = Guid.Parse(key.Value) } },
            },
            SubscriberKeyKind.Device => new NpgsqlCommand(ByDevice)
            {
                Parameters =
                {
                    tenant,
                    new NpgsqlParameter<string> { TypedValue = key.Value },
                    new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() },
                },
            },
            _ => new NpgsqlCommand(ByUserName) { Parameters = { tenant, new NpgsqlParameter<string> { TypedValue = key.Value } } },
        };
    }

    private static SubscriptionTerms ReadTerms(NpgsqlDataReader row, SubscriptionTerms? following)
    {
        var terms = new SubscriptionTerms(
            row.GetGuid(4),
            row.GetFieldValue<DateTimeOffset>(5),
            row.GetFieldValue<DateTimeOffset>(6),
            row.IsDBNull(7) ? null : row.GetInt64(7),
            row.GetInt32(8),
            row.GetInt32(9),
            row.GetInt32(10));
        return following?.StartsAt == terms.EndsAt ? terms with { CoveredUntil = following.CoveredUntil } : terms;
    }
}
