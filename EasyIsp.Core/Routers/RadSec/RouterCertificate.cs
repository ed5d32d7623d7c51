using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Routers.RadSec;

/// <summary>
/// A certificate by which a router proves on a RadSec connection that it is this router of this tenant. Its private key was
/// handed over once and is kept nowhere.
/// </summary>
public sealed class RouterCertificate : TenantEntity, IAtRouter
{
    private RouterCertificate() { }

    public Guid RouterId { get; private set; }

    /// <summary>Hexadecimal, as the certificate says.</summary>
    public string SerialNumber { get; private set; } = null!;

    /// <summary>SHA-256 of the whole certificate: what a connection is known by.</summary>
    public byte[] Fingerprint { get; private set; } = null!;

    public DateTimeOffset IssuedAt { get; private set; }
    public DateTimeOffset ExpiresAt { get; private set; }
    public DateTimeOffset? RevokedAt { get; private set; }

    public static RouterCertificate Note(Router router, X509Certificate2 certificate, DateTimeOffset now) => new()
    {
        TenantId = router.TenantId,
        Id = Guid.CreateVersion7(now),
        RouterId = router.Id,
        SerialNumber = certificate.SerialNumber,
        Fingerprint = FingerprintOf(certificate),
        IssuedAt = now,
        ExpiresAt = new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero),
    };

    public static byte[] FingerprintOf(X509Certificate certificate) => certificate.GetCertHash(HashAlgorithmName.SHA256);

    /// <summary>Its connections are closed, and it opens no more. Cannot be taken back.</summary>
    public void Revoke(DateTimeOffset now) => RevokedAt ??= now;
}

internal sealed class RouterCertificateConfiguration : IEntityTypeConfiguration<RouterCertificate>
{
    private const int SerialNumberDigits = 40;

    public void Configure(EntityTypeBuilder<RouterCertificate> certificate)
    {
        certificate.ToTable("router_certificates");
        certificate.Property(c => c.SerialNumber).HasMaxLength(SerialNumberDigits);
        certificate.References<RouterCertificate, Router>(nameof(RouterCertificate.RouterId));
    }
}
