using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace EasyIsp.Emulators.Daraja;

/// <summary>Section 5.1: the certificate that the portal offers, and the key behind it.</summary>
public sealed class DarajaCertificate : IDisposable
{
    private readonly RSA _key = RSA.Create(2048);

    public DarajaCertificate(TimeProvider clock)
    {
        var request = new CertificateRequest("CN=apicrypt.emulated.example", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = clock.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(2));
        Der = certificate.Export(X509ContentType.Cert);
        Pem = certificate.ExportCertificatePem();
    }

    public byte[] Der { get; }
    public string Pem { get; }

    /// <returns>The password; null when it was encrypted with another key, or not at all.</returns>
    internal string? Decrypt(string? credential)
    {
        try
        {
            return credential is null ? null : Encoding.UTF8.GetString(_key.Decrypt(Convert.FromBase64String(credential), RSAEncryptionPadding.Pkcs1));
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException)
        {
            return null;
        }
    }

    public void Dispose() => _key.Dispose();
}
