using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Tests.Protocol;

/// <summary>The example of RFC 2759 section 9.2, from which RFC 3079 section 3.5 goes on: "User" with "clientPass".</summary>
internal static class MsChapVectors
{
    public static readonly byte[] AuthenticatorChallenge = Wire.Hex("5b5d7c7d7b3f2f3e3c2c602132262628");
    public static readonly byte[] PeerChallenge = Wire.Hex("21402324255e262a28295f2b3a337c7e");
    public static readonly byte[] NtResponse = Wire.Hex("82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df");
    public static readonly byte[] MasterKey = Wire.Hex("fdece3717a8c838cb388e527ae3cdd31");
    public static readonly byte[] SendKey = Wire.Hex("8b7cdc149b993a1ba118cb153f56dccb");
    public static readonly byte[] ReceiveKey = Wire.Hex("d5f0e9521e3ea9589645e86051c82226");

    public const string AuthenticatorResponse = "S=407A5589115FD0D6209F510FE9C04566932CDA56";
    public const string Password = "clientPass";
    public const byte Identifier = 0x2A;

    public static MsChap2Challenge Challenge(string userName)
        => new(AuthenticatorChallenge, PeerChallenge, System.Text.Encoding.UTF8.GetBytes(userName));

    /// <summary>The login as an Access-Request; unsigned.</summary>
    public static byte[] Request(string userName = "User", string? response = null, string? challenge = null)
        => Wire.Packet(
            PacketCode.AccessRequest,
            Wire.Attribute(AttributeType.UserName, Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(userName))),
            Vendor(MicrosoftAttribute.ChapChallenge, challenge ?? Convert.ToHexString(AuthenticatorChallenge)),
            Vendor(
                MicrosoftAttribute.Chap2Response,
                response ?? $"2a00{Convert.ToHexString(PeerChallenge)}0000000000000000{Convert.ToHexString(NtResponse)}"));

    private static string Vendor(MicrosoftAttribute type, string hex)
        => Wire.Attribute(AttributeType.VendorSpecific, $"00000137{(byte)type:x2}{(hex.Length / 2) + 2:x2}{hex}");
}
