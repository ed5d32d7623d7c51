namespace EasyIsp.Core.Routers.RouterOs;

/// <summary>Where a router's API listens and who we are there.</summary>
public sealed record RouterEndpoint(string Host, string User, string Password)
{
    public const int PlainPort = 8728;
    public const int TlsPort = 8729;

    /// <summary>8728, or 8729 with a fingerprint, unless set.</summary>
    public int Port { get => field == 0 ? TlsFingerprint is null ? PlainPort : TlsPort : field; init; }

    /// <summary>
    /// SHA-256 of the router's certificate in hex, with or without colons. With it the connection is TLS and no other
    /// certificate is accepted; names and issuers are not looked at, since routers sign for themselves.
    /// </summary>
    public string? TlsFingerprint { get; init; }

    /// <summary>Answers the MD5 challenge of routers before RouterOS 6.43. Weak; off unless the operator asks for it.</summary>
    public bool AllowLegacyLogin { get; init; }

    // A record's own ToString would print the password.
    public override string ToString() => $"{Host}:{Port}";
}
