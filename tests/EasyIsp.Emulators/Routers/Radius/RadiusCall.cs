using System.Net;
using System.Text;

namespace EasyIsp.Emulators.Routers.Radius;

/// <summary>What the router says of itself in every packet of one service.</summary>
internal sealed record NasIdentity(string Identifier, IPAddress Address, string CalledStationId, string PortId, string? LogoffUrl = null);

/// <summary>Who is calling.</summary>
/// <param name="Address">After translation; a PPPoE caller has none until the server gives one.</param>
/// <param name="HostAddress">What a hotspot device itself uses.</param>
internal sealed record RadiusCall(
    NasIdentity Nas,
    string User,
    string Mac,
    string SessionId,
    uint NasPort,
    IPAddress? Address = null,
    IPAddress? HostAddress = null);

/// <summary>How the caller shows that it knows the password.</summary>
internal abstract record PasswordProof
{
    /// <summary>RFC 2865, 2.2: identifier, and the MD5 of identifier, password and challenge.</summary>
    public static PasswordProof ByChap(string password, byte identifier, byte[] challenge)
        => new ChapProof(identifier, challenge, Digest.Md5([identifier, .. Encoding.UTF8.GetBytes(password), .. challenge]));

    public abstract RadiusWriter WriteTo(RadiusWriter packet);

    /// <summary>Whether an Access-Accept satisfies the caller: some ask for a proof in return.</summary>
    public virtual bool Believes(RadiusPacket accept) => true;
}

internal sealed record PapProof(string Password) : PasswordProof
{
    public override RadiusWriter WriteTo(RadiusWriter packet) => packet.Password(Password);

    public override string ToString() => nameof(PapProof);
}

internal sealed record ChapProof(byte Identifier, byte[] Challenge, byte[] Response) : PasswordProof
{
    public override RadiusWriter WriteTo(RadiusWriter packet)
        => packet.Bytes(Attr.ChapChallenge, Challenge).Bytes(Attr.ChapPassword, [Identifier, .. Response]);
}
