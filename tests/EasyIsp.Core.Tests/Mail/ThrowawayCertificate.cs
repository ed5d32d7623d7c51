using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EasyIsp.Core.Tests.Mail;

/// <summary>A certificate that signed itself, with its key in one PEM file.</summary>
internal sealed class ThrowawayCertificate : IDisposable
{
    public ThrowawayCertificate()
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=mail.test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(Path, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }

    public string Path { get; } = System.IO.Path.GetTempFileName();

    public void Dispose() => File.Delete(Path);
}
