using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EasyIsp.Core.Secrets;

namespace EasyIsp.Core.Routers.RadSec;

/// <summary>
/// The installation's own certificate authority: whoever shows a certificate of it on a RadSec connection (RFC 6614) is
/// the router that this was issued for. Made once, by <c>prepare</c>; its key lies under the key ring's protection and is
/// read at first use.
/// </summary>
public sealed class CertificateAuthority(NamedKeys keys, TimeProvider clock)
{
    /// <summary>Under which the authority lies among the installation's keys.</summary>
    public const string KeyName = "radsec-ca.v1";

    public static readonly TimeSpan RouterLifetime = TimeSpan.FromDays(3 * 365);

    private const int RootKeyBits = 3072;
    private const int LeafKeyBits = 2048;
    private const int SerialNumberBytes = 16;
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private static readonly TimeSpan RootLifetime = TimeSpan.FromDays(25 * 365);

    /// <summary>A router without a battery wakes up in the past, and must get on before it can ask the time.</summary>
    private static readonly DateTimeOffset Beginning = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _loading = new();
    private X509Certificate2? _root;

    /// <summary>What both ends trust; without its key.</summary>
    /// <exception cref="InvalidOperationException">The installation was never prepared.</exception>
    public X509Certificate2 Certificate => X509CertificateLoader.LoadCertificate(Root().RawData);

    /// <summary>Makes the authority where the installation has none yet.</summary>
    public Task EnsureAsync(CancellationToken cancellationToken) => keys.EnsureAsync(KeyName, MakeRoot, cancellationToken);

    /// <returns>With its private key, which nobody else has.</returns>
    public X509Certificate2 IssueForRouter(Guid tenantId, Guid routerId, TimeSpan lifetime)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(routerId.ToString());
        subject.AddOrganizationName(tenantId.ToString());
        return Issue(subject.Build(), ClientAuthentication, lifetime);
    }

    /// <param name="names">Host names and addresses by which routers reach the server; the first is the common name too.</param>
    /// <returns>With its private key, which nobody else has.</returns>
    public X509Certificate2 IssueForServer(IReadOnlyList<string> names, TimeSpan lifetime)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(names[0]);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        }

        return Issue(subject.Build(), ServerAuthentication, lifetime, alternatives.Build());
    }

    private X509Certificate2 Issue(X500DistinguishedName subject, string usage, TimeSpan lifetime, X509Extension? names = null)
    {
        var root = Root();
        using var key = RSA.Create(LeafKeyBits);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        if (names is not null)
            request.CertificateExtensions.Add(names);

        using var certificate = request.Create(root, Beginning, clock.GetUtcNow() + lifetime, NewSerialNumber());
        return certificate.CopyWithPrivateKey(key);
    }

    private X509Certificate2 Root()
    {
        lock (_loading)
        {
            return _root ??= X509CertificateLoader.LoadPkcs12(keys.Read(KeyName), password: null);
        }
    }

    private byte[] MakeRoot()
    {
        using var key = RSA.Create(RootKeyBits);
        var request = new CertificateRequest("CN=EasyISP RadSec", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var root = request.CreateSelfSigned(Beginning, clock.GetUtcNow() + RootLifetime);
        return root.Export(X509ContentType.Pkcs12);
    }

    /// <summary>Positive and not empty in every draw (RFC 5280 section 4.1.2.2).</summary>
    private static byte[] NewSerialNumber()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialNumberBytes);
        serial[0] = (byte)(serial[0] & 0x3F | 0x40);
        return serial;
    }
}
