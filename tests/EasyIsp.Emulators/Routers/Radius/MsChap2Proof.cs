using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;

namespace EasyIsp.Emulators.Routers.Radius;

/// <summary>
/// MS-CHAPv2, both ends of it: the dialling peer's (RFC 2759) and the router's (RFC 2548, mikrotik.md 4.10). The peer
/// hangs up on a server that cannot show that it knows the password too. Not the product's code, as <see cref="RadiusWriter"/>.
/// </summary>
[SuppressMessage("Security", "CA5350", Justification = "The protocol says SHA-1.")]
internal sealed record MsChap2Proof : PasswordProof
{
    private const int ResponseLength = 24;

    private readonly byte _identifier;
    private readonly byte[] _challenge;
    private readonly byte[] _peerChallenge;
    private readonly byte[] _response = new byte[ResponseLength];
    private readonly string _success;

    public MsChap2Proof(string user, string password)
        : this(user, password, identifier: 1, RandomNumberGenerator.GetBytes(16), RandomNumberGenerator.GetBytes(16))
    {
    }

    public MsChap2Proof(string user, string password, byte identifier, byte[] challenge, byte[] peerChallenge)
    {
        (_identifier, _challenge, _peerChallenge) = (identifier, challenge, peerChallenge);
        var hash = Md4(Encoding.Unicode.GetBytes(password));
        var name = Encoding.UTF8.GetBytes(user[(user.IndexOf('\\') + 1)..]);
        var hashed = SHA1.HashData([.. _peerChallenge, .. _challenge, .. name])[..8];
        var keys = (byte[])[.. hash, 0, 0, 0, 0, 0];
        for (var third = 0; third < 3; third++)
            Des(keys[(third * 7)..((third * 7) + 7)], hashed, _response.AsSpan(third * 8));

        var inner = SHA1.HashData([.. Md4(hash), .. _response, .. "Magic server to client signing constant"u8]);
        _success = "S=" + Convert.ToHexString(SHA1.HashData([.. inner, .. hashed, .. "Pad to make it do more than one iteration"u8]));
    }

    public override RadiusWriter WriteTo(RadiusWriter packet) => packet
        .VendorBytes(Vendor.Microsoft, Vendor.MsChapChallenge, _challenge)
        .VendorBytes(Vendor.Microsoft, Vendor.MsChap2Response, [_identifier, 0, .. _peerChallenge, .. new byte[8], .. _response]);

    /// <summary>MS-CHAP2-Success once, with our identifier and exactly the 42 octets expected.</summary>
    public override bool Believes(RadiusPacket accept)
        => accept.AllOfVendor(Vendor.Microsoft, Vendor.MsChap2Success).ToArray() is [var success]
            && success.AsSpan().SequenceEqual((byte[])[_identifier, .. Encoding.ASCII.GetBytes(_success)]);

    public override string ToString() => nameof(MsChap2Proof);

    private static byte[] Md4(byte[] bytes)
    {
        var digest = new MD4Digest();
        digest.BlockUpdate(bytes, 0, bytes.Length);
        var hash = new byte[digest.GetDigestSize()];
        digest.DoFinal(hash, 0);
        return hash;
    }

    /// <summary>RFC 2759, 8.6: seven bits of the key to an octet; the eighth is parity, which nobody checks.</summary>
    private static void Des(byte[] sevenOctets, byte[] block, Span<byte> cipher)
    {
        var bits = string.Concat(sevenOctets.Select(octet => octet.ToString("B8")));
        var key = Enumerable.Range(0, 8).Select(i => (byte)(Convert.ToByte(bits.Substring(i * 7, 7), 2) << 1)).ToArray();
        var engine = new DesEngine();
        engine.Init(forEncryption: true, new KeyParameter(key));
        engine.ProcessBlock(block, cipher);
    }
}
