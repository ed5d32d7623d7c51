using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Routers.RadSec;

/// <summary>What staff do with the certificates of their routers.</summary>
public sealed class RadSecDesk(IspDatabase database, CertificateAuthority authority, AuditTrail audit, TimeProvider clock)
{
    private const int PassphraseLength = 24;

    /// <summary>
    /// Keys are derived slowly where the format allows a choice, though a passphrase of 24 random letters needs no help.
    /// </summary>
    private static readonly PbeParameters KeyEncryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 100_000);

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<CertificateRow>> ListAsync(Guid routerId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var now = clock.GetUtcNow();
        return await db.RouterCertificates
            .Where(c => c.RouterId == routerId)
            .OrderByDescending(c => c.Id)
            .Select(c => new CertificateRow(
                c.Id,
                c.SerialNumber,
                c.IssuedAt,
                c.ExpiresAt,
                c.RevokedAt,
                c.RevokedAt != null ? CertificateState.Revoked : c.ExpiresAt <= now ? CertificateState.Expired : CertificateState.Good))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Others that the router has stay good, so that it can be given the new one in peace.</summary>
    /// <returns>The only copy of the key there is; null when there is no such router.</returns>
    public async Task<IssuedCertificate?> IssueAsync(Guid routerId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await db.Routers.SingleOrDefaultAsync(r => r.Id == routerId && r.ArchivedAt == null, cancellationToken) is not { } router)
            return null;

        using var certificate = authority.IssueForRouter(router.TenantId, router.Id, CertificateAuthority.RouterLifetime);
        var known = RouterCertificate.Note(router, certificate, clock.GetUtcNow());
        db.RouterCertificates.Add(known);
        audit.Record(db, "router.issue-certificate", router.Id, new { router.Name, Serial = known.SerialNumber, known.ExpiresAt });
        await db.CommitAsync(cancellationToken);
        return HandOver(known, certificate);
    }

    /// <returns>False when it was revoked before, or never was.</returns>
    public async Task<bool> RevokeAsync(Guid certificateId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await db.RouterCertificates.SingleOrDefaultAsync(c => c.Id == certificateId && c.RevokedAt == null, cancellationToken) is not { } certificate)
            return false;

        certificate.Revoke(clock.GetUtcNow());
        audit.Record(db, "router.revoke-certificate", certificate.RouterId, new { Serial = certificate.SerialNumber });
        await db.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>What the router must trust, to know us.</summary>
    public string AuthorityPem()
    {
        using var root = authority.Certificate;
        return root.ExportCertificatePem();
    }

    private IssuedCertificate HandOver(RouterCertificate known, X509Certificate2 certificate)
    {
        var passphrase = RandomText.Readable(PassphraseLength);
        using var root = authority.Certificate;
        using var key = certificate.GetRSAPrivateKey()!;
        var chain = new X509Certificate2Collection { certificate, root };
        return new IssuedCertificate(
            known.SerialNumber,
            known.ExpiresAt,
            passphrase,
            // The oldest encryption of the format: every RouterOS reads it.
            chain.ExportPkcs12(Pkcs12ExportPbeParameters.Pkcs12TripleDesSha1, passphrase),
            $"{certificate.ExportCertificatePem()}\n{key.ExportEncryptedPkcs8PrivateKeyPem(passphrase, KeyEncryption)}\n{root.ExportCertificatePem()}\n");
    }
}

/// <summary>A certificate as it is handed over, with its key. Nothing of this is kept.</summary>
/// <param name="Passphrase">Opens both files.</param>
/// <param name="Pem">Certificate, encrypted key, and the authority's certificate.</param>
public sealed record IssuedCertificate(string SerialNumber, DateTimeOffset ExpiresAt, string Passphrase, byte[] Pkcs12, string Pem)
{
    public override string ToString() => $"certificate {SerialNumber}";
}

public sealed record CertificateRow(
    Guid Id, string SerialNumber, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, CertificateState State);

public enum CertificateState
{
    Good,
    Expired,
    Revoked,
}
