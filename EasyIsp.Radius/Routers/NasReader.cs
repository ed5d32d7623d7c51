using System.Net;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using Npgsql;

namespace EasyIsp.Radius.Routers;

/// <summary>Reads the routers that are in service, and the certificates that are good, as the database has them.</summary>
internal static class NasReader
{
    private const string RoutersSql = """
        select r.tenant_id, r.id, r.address, r.tunnel_address, r.source_networks,
               r.radius_secret, r.previous_secret, r.previous_secret_until, r.uses_previous_secret,
               r.message_authenticator, r.sent_message_authenticator_at is not null, r.coa_port,
               t.language, t.suspended_at is not null, r.is_trusted_proxy
        from routers r join tenants t on t.id = r.tenant_id
        where r.archived_at is null
        order by r.tenant_id, r.id
        """;

    private const string CertificatesSql = "select tenant_id, router_id, fingerprint from router_certificates where revoked_at is null";

    public static async Task<(IReadOnlyList<NasRow> Routers, IReadOnlyList<CertificateRow> Certificates)> ReadAsync(
        PlatformDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.Value.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new NpgsqlBatchCommand(RoutersSql), new NpgsqlBatchCommand(CertificatesSql) },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);

        var routers = new List<NasRow>();
        while (await reader.ReadAsync(cancellationToken))
            routers.Add(ReadRouter(reader));
        await reader.NextResultAsync(cancellationToken);

        var certificates = new List<CertificateRow>();
        while (await reader.ReadAsync(cancellationToken))
            certificates.Add(new CertificateRow(reader.GetGuid(0), reader.GetGuid(1), Convert.ToHexString(reader.GetFieldValue<byte[]>(2))));
        return (routers, certificates);
    }

    private static NasRow ReadRouter(NpgsqlDataReader row)
    {
        var address = row.GetFieldValue<IPAddress>(2);
        var tunnel = row.IsDBNull(3) ? null : row.GetFieldValue<IPAddress>(3);
        var facts = new NasFacts(
            TenantId: row.GetGuid(0),
            RouterId: row.GetGuid(1),
            OrdersAddress: tunnel ?? address,
            Secret: new Secret(row.GetFieldValue<byte[]>(5)),
            PreviousSecret: row.IsDBNull(6) ? null : new Secret(row.GetFieldValue<byte[]>(6)),
            PreviousSecretUntil: row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7),
            UsesPreviousSecret: row.GetBoolean(8),
            Rule: Enum.Parse<MessageAuthenticatorRule>(row.GetString(9)),
            HasSentMessageAuthenticator: row.GetBoolean(10),
            CoaPort: row.GetInt32(11),
            Language: row.GetString(12),
            IsTenantSuspended: row.GetBoolean(13),
            IsAddressShared: false,
            IsTrustedProxy: row.GetBoolean(14));
        return new NasRow(
            facts,
            AddressRange.Of(address),
            tunnel is null ? null : AddressRange.Of(tunnel),
            [.. row.GetFieldValue<IPNetwork[]>(4).Select(AddressRange.Of)]);
    }
}

internal sealed record NasRow(NasFacts Facts, AddressRange Address, AddressRange? Tunnel, IReadOnlyList<AddressRange> Networks)
{
    public IEnumerable<AddressRange> Sources => Tunnel is { } tunnel ? [Address, tunnel, .. Networks] : [Address, .. Networks];
}

/// <param name="Fingerprint">SHA-256, in capitals.</param>
internal sealed record CertificateRow(Guid TenantId, Guid RouterId, string Fingerprint);
