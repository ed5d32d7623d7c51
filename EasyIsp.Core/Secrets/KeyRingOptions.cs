namespace EasyIsp.Core.Secrets;

/// <summary>The <c>KeyRing</c> section: the certificate that wraps the keys lies outside the database that holds them.</summary>
public sealed class KeyRingOptions
{
    public const string Section = "KeyRing";

    /// <summary>A PKCS #12 file with private key, readable by the processes of the product alone.</summary>
    public required string CertificatePath { get; init; }

    public required string CertificatePassword { get; init; }
}
