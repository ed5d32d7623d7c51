using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EasyIsp.Core.Routers.RadSec;
using EasyIsp.Radius.Routers;

namespace EasyIsp.Radius.RadSec;

/// <summary>Which router a client certificate proves; its address says nothing (RFC 6614 section 2.3).</summary>
internal static class RouterProof
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    /// <returns>The router's certificate, or why it is none.</returns>
    public static (RouterIdentity? Identity, RadSecFailure? Failure) Judge(
        X509Certificate2? shown, X509Certificate2 authority, NasDirectory directory, DateTimeOffset now)
    {
        if (shown is null)
            return (null, RadSecFailure.NoCertificate);
        if (FaultOf(shown, authority, now) is { } fault)
            return (null, fault);

        var identity = new RouterIdentity(
            Convert.ToHexString(RouterCertificate.FingerprintOf(shown)),
            shown.SerialNumber,
            new DateTimeOffset(shown.NotAfter.ToUniversalTime(), TimeSpan.Zero));
        return directory.FindByCertificate(identity.Fingerprint) is null ? (null, RadSecFailure.UnknownRouter) : (identity, null);
    }

    private static RadSecFailure? FaultOf(X509Certificate2 shown, X509Certificate2 authority, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(ClientAuthentication);
        if (chain.Build(shown))
            return null;

        var faults = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
        if ((faults & ~(X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.NotValidForUsage)) is not X509ChainStatusFlags.NoError)
            return RadSecFailure.Untrusted;
        return faults.HasFlag(X509ChainStatusFlags.NotTimeValid) ? RadSecFailure.Expired : RadSecFailure.WrongPurpose;
    }
}

/// <summary>A certificate that was good when it was shown.</summary>
/// <param name="Fingerprint">SHA-256, in capitals.</param>
internal sealed record RouterIdentity(string Fingerprint, string SerialNumber, DateTimeOffset ExpiresAt)
{
    /// <returns>Null once it was revoked or is over, or the router is archived.</returns>
    public Nas? In(NasDirectory directory, DateTimeOffset now) => now < ExpiresAt ? directory.FindByCertificate(Fingerprint) : null;
}
