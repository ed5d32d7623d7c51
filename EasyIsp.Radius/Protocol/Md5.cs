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
        a = Turn(a + x[0] + 0xD76AA478 + F(b, c, d), 7, b);
        d = Turn(d + x[1] + 0xE8C7B756 + F(a, b, c), 12, a);
        c = Turn(c + x[2] + 0x242070DB + F(d, a, b), 17, d);
        b = Turn(b + x[3] + 0xC1BDCEEE + F(c, d, a), 22, c);
        a = Turn(a + x[4] + 0xF57C0FAF + F(b, c, d), 7, b);
        d = Turn(d + x[5] + 0x4787C62A + F(a, b, c), 12, a);
        c = Turn(c + x[6] + 0xA8304613 + F(d, a, b), 17, d);
        b = Turn(b + x[7] + 0xFD469501 + F(c, d, a), 22, c);
        a = Turn(a + x[8] + 0x698098D8 + F(b, c, d), 7, b);
        d = Turn(d + x[9] + 0x8B44F7AF + F(a, b, c), 12, a);
        c = Turn(c + x[10] + 0xFFFF5BB1 + F(d, a, b), 17, d);
        b = Turn(b + x[11] + 0x895CD7BE + F(c, d, a), 22, c);
        a = Turn(a + x[12] + 0x6B901122 + F(b, c, d), 7, b);
        d = Turn(d + x[13] + 0xFD987193 + F(a, b, c), 12, a);
        c = Turn(c + x[14] + 0xA679438E + F(d, a, b), 17, d);
        b = Turn(b + x[15] + 0x49B40821 + F(c, d, a), 22, c);
        return new Md5State(a, b, c, d);
    }

    private Md5State Round2(ReadOnlySpan<uint> x)
    {
        var (a, b, c, d) = this;
        _ = x[15];
        a = Turn(a + x[1] + 0xF61E2562 + G(b, c, d), 5, b);
        d = Turn(d + x[6] + 0xC040B340 + G(a, b, c), 9, a);
        c = Turn(c + x[11] + 0x265E5A51 + G(d, a, b), 14, d);
        b = Turn(b + x[0] + 0xE9B6C7AA + G(c, d, a), 20, c);
        a = Turn(a + x[5] + 0xD62F105D + G(b, c, d), 5, b);
        d = Turn(d + x[10] + 0x02441453 + G(a, b, c), 9, a);
        c = Turn(c + x[15] + 0xD8A1E681 + G(d, a, b), 14, d);
        b = Turn(b + x[4] + 0xE7D3FBC8 + G(c, d, a), 20, c);
        a = Turn(a + x[9] + 0x21E1CDE6 + G(b, c, d), 5, b);
        d = Turn(d + x[14] + 0xC33707D6 + G(a, b, c), 9, a);
        c = Turn(c + x[3] + 0xF4D50D87 + G(d, a, b), 14, d);
        b = Turn(b + x[8] + 0x455A14ED + G(c, d, a), 20, c);
        a = Turn(a + x[13] + 0xA9E3E905 + G(b, c, d), 5, b);
        d = Turn(d + x[2] + 0xFCEFA3F8 + G(a, b, c), 9, a);
        c = Turn(c + x[7] + 0x676F02D9 + G(d, a, b), 14, d);
        b = Turn(b + x[12] + 0x8D2A4C8A + G(c, d, a), 20, c);
        return new Md5State(a, b, c, d);
    }

    private Md5State Round3(ReadOnlySpan<uint> x)
    {
        var (a, b, c, d) = this;
        _ = x[15];
        a = Turn(a + x[5] + 0xFFFA3942 + H(b, c, d), 4, b);
        d = Turn(d + x[8] + 0x8771F681 + H(a, b, c), 11, a);
        c = Turn(c + x[11] + 0x6D9D6122 + H(d, a, b), 16, d);
        b = Turn(b + x[14] + 0xFDE5380C + H(c, d, a), 23, c);
        a = Turn(a + x[1] + 0xA4BEEA44 + H(b, c, d), 4, b);
        d = Turn(d + x[4] + 0x4BDECFA9 + H(a, b, c), 11, a);
        c = Turn(c + x[7] + 0xF6BB4B60 + H(d, a, b), 16, d);
        b = Turn(b + x[10] + 0xBEBFBC70 + H(c, d, a), 23, c);
        a = Turn(a + x[13] + 0x289B7EC6 + H(b, c, d), 4, b);
        d = Turn(d + x[0] + 0xEAA127FA + H(a, b, c), 11, a);
        c = Turn(c + x[3] + 0xD4EF3085 + H(d, a, b), 16, d);
        b = Turn(b + x[6] + 0x04881D05 + H(c, d, a), 23, c);
        a = Turn(a + x[9] + 0xD9D4D039 + H(b, c, d), 4, b);
        d = Turn(d + x[12] + 0xE6DB99E5 + H(a, b, c), 11, a);
        c = Turn(c + x[15] + 0x1FA27CF8 + H(d, a, b), 16, d);
        b = Turn(b + x[2] + 0xC4AC5665 + H(c, d, a), 23, c);
        return new Md5State(a, b, c, d);
    }

    private Md5State Round4(ReadOnlySpan<uint> x)
    {
        var (a, b, c, d) = this;
        _ = x[15];
        a = Turn(a + x[0] + 0xF4292244 + I(b, c, d), 6, b);
        d = Turn(d + x[7] + 0x432AFF97 + I(a, b, c), 10, a);
        c = Turn(c + x[14] + 0xAB9423A7 + I(d, a, b), 15, d);
        b = Turn(b + x[5] + 0xFC93A039 + I(c, d, a), 21, c);
        a = Turn(a + x[12] + 0x655B59C3 + I(b, c, d), 6, b);
        d = Turn(d + x[3] + 0x8F0CCC92 + I(a, b, c), 10, a);
        c = Turn(c + x[10] + 0xFFEFF47D + I(d, a, b), 15, d);
        b = Turn(b + x[1] + 0x85845DD1 + I(c, d, a), 21, c);
        a = Turn(a + x[8] + 0x6FA87E4F + I(b, c, d), 6, b);
        d = Turn(d + x[15] + 0xFE2CE6E0 + I(a, b, c), 10, a);
        c = Turn(c + x[6] + 0xA3014314 + I(d, a, b), 15, d);
        b = Turn(b + x[13] + 0x4E0811A1 + I(c, d, a), 21, c);
        a = Turn(a + x[4] + 0xF7537E82 + I(b, c, d), 6, b);
        d = Turn(d + x[11] + 0xBD3AF235 + I(a, b, c), 10, a);
        c = Turn(c + x[2] + 0x2AD7D2BB + I(d, a, b), 15, d);
        b = Turn(b + x[9] + 0xEB86D391 + I(c, d, a), 21, c);
        return new Md5State(a, b, c, d);
    }

    // Each step waits for the one before, which is x: so little as may be is left to do with it, here and in the sums.
    private static uint F(uint x, uint y, uint z) => z ^ (x & (y ^ z));

    private static uint G(uint x, uint y, uint z) => (y & ~z) + (x & z);

    private static uint H(uint x, uint y, uint z) => x ^ (y ^ z);

    private static uint I(uint x, uint y, uint z) => y ^ (x | ~z);

    private static uint Turn(uint sum, int bits, uint b) => b + BitOperations.RotateLeft(sum, bits);
}
