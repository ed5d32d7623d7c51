using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EasyIsp.Web.Commands;

/// <summary>The certificate that wraps the key ring. Lost, every encrypted column is lost with it: it belongs in the backup.</summary>
internal static class KeyRingCertificate
{
    /// <returns>The certificate that is known and there; else a new one at the path.</returns>
    public static (string Path, string Password) Ensure(string path, (string Path, string Password)? known)
    {
        if (known is { } kept && File.Exists(kept.Path))
            return kept;
        if (File.Exists(path))
            throw new NotSupportedException($"{path} is there, but its password is not in connections.env: put back the one or remove the other.");

        var password = PrepareCommand.RandomPassword();
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        file.Write(Make(password));
        return (Path.GetFullPath(path), password);
    }

    private static byte[] Make(string password)
    {
        using var key = RSA.Create(3072);
        var request = new CertificateRequest("CN=EasyISP key ring", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(50));
        return certificate.Export(X509ContentType.Pfx, password);
    }
}
