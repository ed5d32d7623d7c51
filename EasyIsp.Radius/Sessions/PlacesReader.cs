using EasyIsp.Core.Persistence;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EasyIsp.Radius.Sessions;

/// <summary>
/// Brings what the database knows of open sessions into <see cref="Places"/>. A session of no subscription is one of limited
/// access: it takes no place.
/// </summary>
internal sealed class PlacesReader(
    PlatformDataSource database, Places places, IOptions<RadiusOptions> options, TimeProvider clock)
{
    private const string Columns = "o.tenant_id, o.customer_id, o.id, o.router_id, o.mac_address, o.started_at";

    private const string AllSql = $"""
        select {Columns} from open_sessions o
        where o.customer_id is not null and o.subscription_id is not null and ($1::uuid is null or o.tenant_id = $1)
        """;

    private const string NamedSql = $"""
        select {Columns} from unnest($1::uuid[], $2::uuid[]) as named(tenant_id, id)
        join open_sessions o on o.tenant_id = named.tenant_id and o.id = named.id
        where o.customer_id is not null and o.subscription_id is not null
        """;

    private const string LivingSql = """
        select id from open_sessions where customer_id = $1 and last_heard_at > $2 and subscription_id is not null order by started_at, id
        """;

    /// <param name="tenantId">Null for all.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task ReadAllAsync(Guid? tenantId, CancellationToken cancellationToken)
    {
        var readAt = clock.GetUtcNow();
        await using var command = database.Value.CreateCommand(AllSql);
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = (object?)tenantId ?? DBNull.Value,
            NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid,
        });
        var open = await ReadAsync(command, cancellationToken);
        places.ForgetOthers(tenantId, open, readAt);
    }

    /// <summary>Sessions that another process opened or ended.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task ReadAsync(IReadOnlyList<(Guid TenantId, Guid Id)> sessions, CancellationToken cancellationToken)
    {
        await using var command = database.Value.CreateCommand(NamedSql);
        command.Parameters.Add(Arrays.Of(sessions, session => session.TenantId));
        command.Parameters.Add(Arrays.Of(sessions, session => session.Id));
        var open = await ReadAsync(command, cancellationToken);
        foreach (var (tenantId, id) in sessions)
        {
            if (!open.Contains(id))
                places.Free(tenantId, id);
        }
    }

    /// <summary>The customer's sessions that are not silent, the oldest first; the others of his places are free from now on.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<IReadOnlyList<Guid>> CorrectAsync(Guid customerId, CancellationToken cancellationToken)
    {
        await using var command = database.Value.CreateCommand(LivingSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = customerId });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() - options.Value.StaleAfter });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var living = new List<Guid>();
        while (await row.ReadAsync(cancellationToken))
            living.Add(row.GetGuid(0));
        places.Correct(customerId, living);
        return living;
    }

    /// <returns>The sessions that are open.</returns>
    private async Task<HashSet<Guid>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var open = new HashSet<Guid>();
        var ended = places.BeginReading();
        try
        {
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
            {
                var place = new Place(
                    row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetGuid(3), row.IsDBNull(4) ? null : row.GetString(4),
                    row.GetFieldValue<DateTimeOffset>(5))
                {
                    HasStarted = true,
                };
                open.Add(place.SessionId);
                places.Open(place, ended);
            }
        }
        finally
        {
            places.EndReading(ended);
        }

        return open;
    }
}
