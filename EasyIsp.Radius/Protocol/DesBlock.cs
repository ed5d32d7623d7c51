using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;

namespace EasyIsp.Radius.Protocol;

/// <summary>
/// One block of DES under a key of 56 bits, as MS-CHAP uses it as a hash (RFC 2759 section 8.6). .NET's own DES refuses
/// weak keys, and passwords may make such.
/// </summary>
internal static class DesBlock
{
    public const int Size = 8;
    public const int KeySize = 7;

    [ThreadStatic]
    private static DesEngine? _engine;

    public static void Encrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> block, Span<byte> cipher)
    {
        Span<byte> withParity = stackalloc byte[Size];
        ulong bits = 0;
        foreach (var octet in key)
            bits = (bits << 8) | octet;
        for (var i = 0; i < Size; i++)
            withParity[i] = (byte)((bits >> (49 - (7 * i))) << 1);

        var engine = _engine ??= new DesEngine();
        engine.Init(forEncryption: true, new KeyParameter(withParity));
        engine.ProcessBlock(block, cipher);
    }
}
