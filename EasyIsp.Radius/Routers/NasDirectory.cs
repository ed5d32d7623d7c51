using System.Collections.Frozen;
using System.Security.Cryptography;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Protocol;
using Npgsql;

namespace EasyIsp.Radius.Routers;

/// <summary>
/// Every router of every tenant, in memory, by the addresses it sends from and by its certificates. Replaced as a whole; a
/// router whose facts are unchanged stays what it is, so that it remembers what it has proved and its secrets are revealed
/// once.
/// </summary>
internal sealed partial class NasDirectory(
    PlatformDataSource database, SecretCodec codec, TimeProvider clock, ILogger<NasDirectory> logger)
{
    private Snapshot? _snapshot;

    /// <summary>What was known is replaced; raised on the thread that has read it.</summary>
    public event EventHandler? Replaced;

    /// <summary>False until the database was reached for the first time: nobody is unknown before.</summary>
    public bool IsLoaded => Volatile.Read(ref _snapshot) is not null;

    public NasIdentities Identities => Volatile.Read(ref _snapshot)?.Identities ?? new NasIdentities(0, 0, 0, 0);

    /// <summary>Those who claim the address, each with each of its secrets: none, one router, or some of several tenants.</summary>
    public ReadOnlySpan<Nas> At(PeerEndpoint source)
        => Volatile.Read(ref _snapshot) is { } snapshot ? snapshot.ByAddress.At(source.Address) : [];

    /// <summary>The router under the secret that it was last seen to use.</summary>
    public Nas? Find(Guid tenantId, Guid routerId) => FindRouter(tenantId, routerId)?.InUse(clock.GetUtcNow());

    /// <param name="fingerprint">SHA-256 of a certificate, in capitals.</param>
    /// <returns>Null when it was revoked, or is no router's.</returns>
    public Nas? FindByCertificate(string fingerprint)
        => Volatile.Read(ref _snapshot)?.ByFingerprint.GetValueOrDefault(fingerprint)?.RadSec;

    /// <exception cref="NpgsqlException">The database is away; what was known stays.</exception>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        var (rows, certificates) = await NasReader.ReadAsync(database, cancellationToken);
        var map = AddressMap<int>.Of(
            rows.SelectMany((row, index) => row.Sources.Select(source => (source, index))), index => rows[index].Facts.TenantId);
        var shared = map.Groups.Where(group => group.Count > 1).SelectMany(group => group).ToHashSet();
        var known = rows.Select((row, index) => Recall(row.Facts with { IsAddressShared = shared.Contains(index) })).ToArray();

        var byId = known.OfType<KnownRouter>().ToFrozenDictionary(router => (router.Facts.TenantId, router.Facts.RouterId));
        var byFingerprint = certificates
            .Where(certificate => byId.ContainsKey((certificate.TenantId, certificate.RouterId)))
            .ToFrozenDictionary(certificate => certificate.Fingerprint, certificate => byId[(certificate.TenantId, certificate.RouterId)]);
        var identities = new NasIdentities(
            rows.Count, rows.Count(row => row.Tunnel is not null), rows.Sum(row => row.Networks.Count), byFingerprint.Count);
        Volatile.Write(ref _snapshot, new Snapshot(map.Expand(index => Secrets(known[index])), byId, byFingerprint, identities));
        Replaced?.Invoke(this, EventArgs.Empty);
    }

    private KnownRouter? FindRouter(Guid tenantId, Guid routerId)
        => Volatile.Read(ref _snapshot)?.ById.GetValueOrDefault((tenantId, routerId));

    private static IEnumerable<Nas> Secrets(KnownRouter? router) => router switch
    {
        null => [],
        { Previous: { } previous } => [router.Present, previous],
        _ => [router.Present],
    };

    private KnownRouter? Recall(NasFacts facts)
    {
        if (FindRouter(facts.TenantId, facts.RouterId) is { } router && router.Facts == facts)
            return router;

        try
        {
            return new KnownRouter(facts, stored => new SharedSecret(codec.Reveal(facts.TenantId, stored)));
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
        AddressMap<Nas> ByAddress,
        FrozenDictionary<(Guid TenantId, Guid RouterId), KnownRouter> ById,
        FrozenDictionary<string, KnownRouter> ByFingerprint,
        NasIdentities Identities);
}
