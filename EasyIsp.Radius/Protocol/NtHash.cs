using System.Runtime.InteropServices;
using System.Text;
using Org.BouncyCastle.Crypto.Digests;

namespace EasyIsp.Radius.Protocol;

/// <summary>
/// What MS-CHAP knows of a password: MD4 over its UTF-16 (RFC 2759 section 8.3), and MD4 over that (8.4). As good as the
/// password itself for whoever wants to log in with it, hence never printed.
/// </summary>
internal sealed class NtHash
{
    public const int Size = 16;

    private readonly byte[] _hash = new byte[Size];
    private readonly byte[] _hashHash = new byte[Size];

    private NtHash()
    {
    }

    public ReadOnlySpan<byte> Octets => _hash;

    public ReadOnlySpan<byte> HashHash => _hashHash;

    /// <summary>Characters beyond the first plane count as their two surrogates.</summary>
    public static NtHash Of(ReadOnlySpan<char> password)
    {
        var known = new NtHash();
        var digest = new MD4Digest();
        if (BitConverter.IsLittleEndian)
            digest.BlockUpdate(MemoryMarshal.AsBytes(password));
        else
            digest.BlockUpdate(Encoding.Unicode.GetBytes(password.ToArray()));
        digest.DoFinal(known._hash);
        digest.BlockUpdate(known.Octets);
        digest.DoFinal(known._hashHash);
        return known;
    }

    public override string ToString() => "(NT hash)";
}
