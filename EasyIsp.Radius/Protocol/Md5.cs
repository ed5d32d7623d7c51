using System.Buffers.Binary;
using System.Numerics;

namespace EasyIsp.Radius.Protocol;

/// <summary>
/// MD5 (RFC 1321), of which RADIUS is made. Our own, because a packet needs up to ten digests of one to four blocks, and
/// setting the platform's up costs several times what such a digest does (<c>docs/performance.md</c>). It can also go on
/// from a known state, so that an HMAC's key is digested once and not with every packet.
/// </summary>
internal static class Md5
{
    public const int Size = 16;
    public const int BlockSize = 64;

    private const int LengthSize = sizeof(ulong);

    public static void Hash(ReadOnlySpan<byte> input, Span<byte> digest) => Hash(Md5State.Initial, 0, input, digest);

    /// <param name="state">What the octets before led to.</param>
    /// <param name="octetsBefore">How many they were, in whole blocks.</param>
    public static void Hash(Md5State state, int octetsBefore, ReadOnlySpan<byte> input, Span<byte> digest)
    {
        var bits = (ulong)(octetsBefore + input.Length) * 8;
        while (input.Length >= BlockSize)
        {
            state = state.After(input);
            input = input[BlockSize..];
        }

        Span<byte> tail = stackalloc byte[2 * BlockSize];
        input.CopyTo(tail);
        tail[input.Length] = 0x80;
        var size = input.Length < BlockSize - LengthSize ? BlockSize : 2 * BlockSize;
        BinaryPrimitives.WriteUInt64LittleEndian(tail[(size - LengthSize)..], bits);
        state = state.After(tail);
        if (size > BlockSize)
            state = state.After(tail[BlockSize..]);
        state.CopyTo(digest);
    }
}

/// <summary>The four words of RFC 1321 section 3.3.</summary>
internal readonly record struct Md5State(uint A, uint B, uint C, uint D)
{
    public static Md5State Initial { get; } = new(0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476);

    /// <param name="block">Begins with the 64 octets that are digested.</param>
    public Md5State After(ReadOnlySpan<byte> block)
    {
        Span<uint> x = stackalloc uint[16];
        for (var i = 0; i < x.Length; i++)
            x[i] = BinaryPrimitives.ReadUInt32LittleEndian(block[(i * sizeof(uint))..]);

        var mixed = Round1(x).Round2(x).Round3(x).Round4(x);
        return new Md5State(A + mixed.A, B + mixed.B, C + mixed.C, D + mixed.D);
    }

    public void CopyTo(Span<byte> digest)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(digest, A);
        BinaryPrimitives.WriteUInt32LittleEndian(digest[4..], B);
        BinaryPrimitives.WriteUInt32LittleEndian(digest[8..], C);
        BinaryPrimitives.WriteUInt32LittleEndian(digest[12..], D);
    }

    private Md5State Round1(ReadOnlySpan<uint> x)
    {
        var (a, b, c, d) = this;
        _ = x[15];
        a = Turn(a + F(b, c, d) + x[0] + 0xD76AA478, 7, b);
        d = Turn(d + F(a, b, c) + x[1] + 0xE8C7B756, 12, a);
        c = Turn(c + F(d, a, b) + x[2] + 0x242070DB, 17, d);
        b = Turn(b + F(c, d, a) + x[3] + 0xC1BDCEEE, 22, c);
        a = Turn(a + F(b, c, d) + x[4] + 0xF57C0FAF, 7, b);
        d = Turn(d + F(a, b, c) + x[5] + 0x4787C62A, 12, a);
        c = Turn(c + F(d, a, b) + x[6] + 0xA8304613, 17, d);
        b = Turn(b + F(c, d, a) + x[7] + 0xFD469501, 22, c);
        a = Turn(a + F(b, c, d) + x[8] + 0x698098D8, 7, b);
        d = Turn(d + F(a, b, c) + x[9] + 0x8B44F7AF, 12, a);
        c = Turn(c + F(d, a, b) + x[10] + 0xFFFF5BB1, 17, d);
        b = Turn(b + F(c, d, a) + x[11] + 0x895CD7BE, 22, c);
        a = Turn(a + F(b, c, d) + x[12] + 0x6B901122, 7, b);
        d = Turn(d + F(a, b, c) + x[13] + 0xFD987193, 12, a);
        c = Turn(c + F(d, a, b) + x[14] + 0xA679438E, 17, d);
        b = Turn(b + F(c, d, a) + x[15] + 0x49B40821, 22, c);
        return new Md5State(a, b, c, d);
    }

    private Md5State Round2(ReadOnlySpan<uint> x)
    {
        var (a, b, c, d) = this;
        _ = x[15];
        a = Turn(a + G(b, c, d) + x[1] + 0xF61E2562, 5, b);
        d = Turn(d + G(a, b, c) + x[6] + 0xC040B340, 9, a);
        c = Turn(c + G(d, a, b) + x[11] + 0x265E5A51, 14, d);
        b = Turn(b + G(c, d, a) + x[0] + 0xE9B6C7AA, 20, c);
        a = Turn(a + G(b, c, d) + x[5] + 0xD62F105D, 5, b);
        d = Turn(d + G(a, b, c) + x[10] + 0x02441453, 9, a);
        c = Turn(c + G(d, a, b) + x[15] + 0xD8A1E681, 14, d);
        b = Turn(b + G(c, d, a) + x[4] + 0xE7D3FBC8, 20, c);
        a = Turn(a + G(b, c, d) + x[9] + 0x21E1CDE6, 5, b);
        d = Turn(d + G(a, b, c) + x[14] + 0xC33707D6, 9, a);
        c = Turn(c + G(d, a, b) + x[3] + 0xF4D50D87, 14, d);
        b = Turn(b + G(c, d, a) + x[8] + 0x455A14ED, 20, c);
        a = Turn(a + G(b, c, d) + x[13] + 0xA9E3E905, 5, b);
        d = Turn(d + G(a, b, c) + x[2] + 0xFCEFA3F8, 9, a);
        c = Turn(c + G(d, a, b) + x[7] + 0x676F02D9, 14, d);
        b = Turn(b + G(c, d, a) + x[12] + 0x8D2A4C8A, 20, c);
        return new Md5State(a, b, c, d);
    }

    private Md5State Round3(ReadOnlySpan<uint> x)
    {
        var (a, b, c, d) = this;
        _ = x[15];
        a = Turn(a + H(b, c, d) + x[5] + 0xFFFA3942, 4, b);
        d = Turn(d + H(a, b, c) + x[8] + 0x8771F681, 11, a);
        c = Turn(c + H(d, a, b) + x[11] + 0x6D9D6122, 16, d);
        b = Turn(b + H(c, d, a) + x[14] + 0xFDE5380C, 23, c);
        a = Turn(a + H(b, c, d) + x[1] + 0xA4BEEA44, 4, b);
        d = Turn(d + H(a, b, c) + x[4] + 0x4BDECFA9, 11, a);
        c = Turn(c + H(d, a, b) + x[7] + 0xF6BB4B60, 16, d);
        b = Turn(b + H(c, d, a) + x[10] + 0xBEBFBC70, 23, c);
        a = Turn(a + H(b, c, d) + x[13] + 0x289B7EC6, 4, b);
        d = Turn(d + H(a, b, c) + x[0] + 0xEAA127FA, 11, a);
        c = Turn(c + H(d, a, b) + x[3] + 0xD4EF3085, 16, d);
        b = Turn(b + H(c, d, a) + x[6] + 0x04881D05, 23, c);
        a = Turn(a + H(b, c, d) + x[9] + 0xD9D4D039, 4, b);
        d = Turn(d + H(a, b, c) + x[12] + 0xE6DB99E5, 11, a);
        c = Turn(c + H(d, a, b) + x[15] + 0x1FA27CF8, 16, d);
        b = Turn(b + H(c, d, a) + x[2] + 0xC4AC5665, 23, c);
        return new Md5State(a, b, c, d);
    }

    private Md5State Round4(ReadOnlySpan<uint> x)
    {
        var (a, b, c, d) = this;
        _ = x[15];
        a = Turn(a + I(b, c, d) + x[0] + 0xF4292244, 6, b);
        d = Turn(d + I(a, b, c) + x[7] + 0x432AFF97, 10, a);
        c = Turn(c + I(d, a, b) + x[14] + 0xAB9423A7, 15, d);
        b = Turn(b + I(c, d, a) + x[5] + 0xFC93A039, 21, c);
        a = Turn(a + I(b, c, d) + x[12] + 0x655B59C3, 6, b);
        d = Turn(d + I(a, b, c) + x[3] + 0x8F0CCC92, 10, a);
        c = Turn(c + I(d, a, b) + x[10] + 0xFFEFF47D, 15, d);
        b = Turn(b + I(c, d, a) + x[1] + 0x85845DD1, 21, c);
        a = Turn(a + I(b, c, d) + x[8] + 0x6FA87E4F, 6, b);
        d = Turn(d + I(a, b, c) + x[15] + 0xFE2CE6E0, 10, a);
        c = Turn(c + I(d, a, b) + x[6] + 0xA3014314, 15, d);
        b = Turn(b + I(c, d, a) + x[13] + 0x4E0811A1, 21, c);
        a = Turn(a + I(b, c, d) + x[4] + 0xF7537E82, 6, b);
        d = Turn(d + I(a, b, c) + x[11] + 0xBD3AF235, 10, a);
        c = Turn(c + I(d, a, b) + x[2] + 0x2AD7D2BB, 15, d);
        b = Turn(b + I(c, d, a) + x[9] + 0xEB86D391, 21, c);
        return new Md5State(a, b, c, d);
    }

    private static uint F(uint x, uint y, uint z) => z ^ (x & (y ^ z));

    private static uint G(uint x, uint y, uint z) => y ^ (z & (x ^ y));

    private static uint H(uint x, uint y, uint z) => x ^ y ^ z;

    private static uint I(uint x, uint y, uint z) => y ^ (x | ~z);

    private static uint Turn(uint sum, int bits, uint b) => b + BitOperations.RotateLeft(sum, bits);
}
