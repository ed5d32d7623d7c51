using System.Collections.Frozen;
using System.Net;
using System.Security.Cryptography;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Protocol;
using Npgsql;

namespace EasyIsp.Radius.Routers;

/// <summary>
/// Every router of every tenant, in memory, by the address it sends from. Replaced as a whole; a router whose facts
/// are unchanged keeps its <see cref="Nas"/>, so that its verifier remembers and its secret is revealed once.
/// </summary>
internal sealed partial class NasDirectory(PlatformDataSource database, SecretCodec codec, ILogger<NasDirectory> logger)
{
    private const string Sql = """
        select r.tenant_id, r.id, r.address, r.radius_secret, r.message_authenticator,
               r.sent_message_authenticator_at is not null, r.coa_port, t.language, t.suspended_at is not null,
               count(*) over (partition by r.address) > 1, r.is_trusted_proxy
        from routers r join tenants t on t.id = r.tenant_id
        where r.archived_at is null
        order by r.tenant_id, r.id
        """;

    private Snapshot? _snapshot;

    /// <summary>False until the database was reached for the first time: nobody is unknown before.</summary>
    public bool IsLoaded => Volatile.Read(ref _snapshot) is not null;

    /// <summary>Those who claim the address: none, one, or one of each of several tenants.</summary>
    public ReadOnlySpan<Nas> At(PeerEndpoint source)
        => Volatile.Read(ref _snapshot)?.ByAddress.GetValueOrDefault(source.Address);

    public Nas? Find(Guid tenantId, Guid routerId)
        => Volatile.Read(ref _snapshot)?.ById.GetValueOrDefault((tenantId, routerId));

    /// <exception cref="NpgsqlException">The database is away; what was known stays.</exception>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Value.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection);
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);

        var known = new List<Nas>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (Recall(Read(reader)) is { } nas)
                known.Add(nas);
        }

        Volatile.Write(ref _snapshot, Snapshot.Of(known));
    }

    private static NasFacts Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetGuid(1),
        row.GetFieldValue<IPAddress>(2),
        new Secret(row.GetFieldValue<byte[]>(3)),
        Enum.Parse<MessageAuthenticatorRule>(row.GetString(4)),
        row.GetBoolean(5),
        row.GetInt32(6),
        row.GetString(7),
        row.GetBoolean(8),
        row.GetBoolean(9),
        row.GetBoolean(10));

    private Nas? Recall(NasFacts facts)
    {
        if (Find(facts.TenantId, facts.RouterId) is { } nas && nas.Facts == facts)
            return nas;

        try
        {
            return new Nas(facts, new SharedSecret(codec.Reveal(facts.TenantId, facts.Secret)));
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            LogUnusable(exception, facts.RouterId);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The RADIUS secret of router {RouterId} cannot be read; it gets no answers")]
    private partial void LogUnusable(Exception exception, Guid routerId);

    private sealed record Snapshot(
        FrozenDictionary<UInt128, Nas[]> ByAddress, FrozenDictionary<(Guid TenantId, Guid RouterId), Nas> ById)
    {
        public static Snapshot Of(IReadOnlyCollection<Nas> known) => new(
            known.GroupBy(nas => PeerEndpoint.From(nas.CoaEndpoint).Address)
                .ToFrozenDictionary(shared => shared.Key, shared => shared.ToArray()),
            known.ToFrozenDictionary(nas => (nas.TenantId, nas.RouterId)));
    }
}
