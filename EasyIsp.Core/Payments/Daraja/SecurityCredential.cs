using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace EasyIsp.Core.Payments.Daraja;

/// <summary>
/// An initiator's password as Daraja wants it: encrypted with the key of the certificate that the portal offers for
/// download, one for the sandbox and one for production (mpesa.md, 5.1).
/// </summary>
public static class SecurityCredential
{
    public const int MaxCertificateBytes = 16 * 1024;

    /// <param name="certificate">PEM or DER.</param>
    /// <exception cref="CryptographicException">It is no certificate with an RSA key, or the password is too long for it.</exception>
    public static string Of(string password, byte[] certificate)
    {
        using var read = X509CertificateLoader.LoadCertificate(certificate);
        using var key = read.GetRSAPublicKey() ?? throw new CryptographicException("The certificate has no RSA key.");
        return Convert.ToBase64String(key.Encrypt(Encoding.UTF8.GetBytes(password), RSAEncryptionPadding.Pkcs1));
    }

    /// <returns>Whose it is and until when it holds; null when it cannot encrypt a password.</returns>
    public static SafaricomCertificate? Read(byte[] certificate)
    {
        try
        {
            using var read = X509CertificateLoader.LoadCertificate(certificate);
            using var key = read.GetRSAPublicKey();
            return key is null ? null : new SafaricomCertificate(read.GetNameInfo(X509NameType.SimpleName, forIssuer: false), new DateTimeOffset(read.NotAfter.ToUniversalTime(), TimeSpan.Zero));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

/// <param name="Until">Of a certificate that is older than the portal's; passwords encrypted with it are refused with 2001.</param>
public sealed record SafaricomCertificate(string Name, DateTimeOffset Until);
