using System.Security.Cryptography;
using System.Text;

namespace EasyIsp.Radius.Protocol;

/// <summary>
/// The secret shared with one NAS. A type of its own, so that it cannot be empty and cannot be printed by accident.
/// </summary>
internal sealed class SharedSecret
{
    public const int MaxOctets = 256;

    private readonly byte[] _octets;

    /// <exception cref="ArgumentException">
    /// Empty (RFC 2865 section 3 forbids it) or longer than <see cref="MaxOctets"/>.
    /// </exception>
    public SharedSecret(ReadOnlySpan<byte> octets)
    {
        if (octets.Length is 0 or > MaxOctets)
            throw new ArgumentException($"A shared secret has 1 to {MaxOctets} octets.", nameof(octets));

        _octets = octets.ToArray();
        (HmacInner, HmacOuter) = (Keyed(0x36), Keyed(0x5C));
    }

    public SharedSecret(string text) : this(Encoding.UTF8.GetBytes(text))
    {
    }

    public ReadOnlySpan<byte> Octets => _octets;

    /// <summary>MD5 after one block of the key with HMAC's inner padding (RFC 2104), and with its outer one.</summary>
    public Md5State HmacInner { get; }

    public Md5State HmacOuter { get; }

    public override string ToString() => "(shared secret)";

    /// <summary>A key longer than a block is its digest (RFC 2104 section 2).</summary>
    private Md5State Keyed(byte padding)
    {
        Span<byte> block = stackalloc byte[Md5.BlockSize];
        if (_octets.Length <= Md5.BlockSize)
            _octets.CopyTo(block);
        else
            Md5.Hash(_octets, block);
        foreach (ref var octet in block)
            octet ^= padding;
        var state = Md5State.Initial.After(block);
        CryptographicOperations.ZeroMemory(block);
        return state;
    }
}
