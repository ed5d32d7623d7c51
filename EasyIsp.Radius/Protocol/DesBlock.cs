using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace EasyIsp.Radius.Protocol;

/// <summary>
/// One block of DES (FIPS 46-3) under a key of 56 bits, as MS-CHAP uses it as a hash (RFC 2759 section 8.6). .NET's own
/// DES refuses weak keys, and passwords may make such. Bit by bit, the schedules of a login's three keys took half of the
/// login's time: here each permutation is a few look-ups in tables that are made of the standard's once.
/// </summary>
internal static class DesBlock
{
    public const int Size = 8;
    public const int KeySize = 7;

    private const int Rounds = 16;
    private const int HalfKeyBits = 28;
    private const uint HalfKeyMask = (1u << HalfKeyBits) - 1;

    /// <summary>By how much the halves of the key turn before each round.</summary>
    private static readonly byte[] Turns = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1];

    private static readonly Permutation InitialPermutation = new(
        [
            58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4, 62, 54, 46, 38, 30, 22, 14, 6, 64, 56, 48, 40, 32, 24, 16, 8,
            57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3, 61, 53, 45, 37, 29, 21, 13, 5, 63, 55, 47, 39, 31, 23, 15, 7,
        ],
        inputBits: 64,
        groupBits: 8);

    private static readonly Permutation FinalPermutation = new(
        [
            40, 8, 48, 16, 56, 24, 64, 32, 39, 7, 47, 15, 55, 23, 63, 31, 38, 6, 46, 14, 54, 22, 62, 30, 37, 5, 45, 13, 53, 21, 61, 29,
            36, 4, 44, 12, 52, 20, 60, 28, 35, 3, 43, 11, 51, 19, 59, 27, 34, 2, 42, 10, 50, 18, 58, 26, 33, 1, 41, 9, 49, 17, 57, 25,
        ],
        inputBits: 64,
        groupBits: 8);

    /// <summary>Permuted choice 1. It names the bits of a key with parity, every eighth of which is left out here.</summary>
    private static readonly Permutation KeyPermutation = new(
        [
            .. new byte[]
            {
                57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
                63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
            }.Select(bit => (byte)(bit - (bit / 8))),
        ],
        inputBits: 56,
        groupBits: 7);

    /// <summary>Permuted choice 2.</summary>
    private static readonly Permutation RoundKeyPermutation = new(
        [
            14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
            41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
        ],
        inputBits: 56,
        groupBits: 7);

    private static readonly Permutation BoxPermutation = new(
        [16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25],
        inputBits: 32,
        groupBits: 8);

    /// <summary>S1 to S8: four rows of sixteen each.</summary>
    private static readonly string[] Boxes =
    [
        "E4D12FB83A6C59070F74E2D1A6CB953841E8D62BFC973A50FC8249175B3EA06D",
        "F18E6B34972DC05A3D47F28EC01A69B50E7BA4D158C6932FD8A13F42B67C05E9",
        "A09E63F51DC7B428D709346A285ECBF1D6498F30B12C5AE71AD069874FE3B52C",
        "7DE3069A1285BC4FD8B56F03472C1AE9A690CB7DF13E52843F06A1D8945BC72E",
        "2C417AB6853FD0E9EB2C47D150FA3986421BAD78F9C5630EB8C71E2D6F09A453",
        "C1AF92680D34E75BAF427C9561DE0B389EF528C3704A1DB6432C95FABE17608D",
        "4B2EF08D3C975A61D0B7491AE35C2F8614BDC37EAF6805926BD814A7950FE23C",
        "D2846FB1A93E50C71FD8A374C56B0E927B419CE206ADF35821E74A8DFC90356B",
    ];

    /// <summary>Each box's answers to its six bits, permuted already.</summary>
    private static readonly uint[] PermutedBoxes = [.. Enumerable.Range(0, Boxes.Length * 64).Select(index => PermutedBox(index / 64, index % 64))];

    public static void Encrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> block, Span<byte> cipher)
    {
        ulong keyBits = 0;
        foreach (var octet in key)
            keyBits = (keyBits << 8) | octet;
        var halves = KeyPermutation.Of(keyBits);
        var (c, d) = ((uint)(halves >> HalfKeyBits), (uint)halves & HalfKeyMask);

        var text = InitialPermutation.Of(BinaryPrimitives.ReadUInt64BigEndian(block));
        var (left, right) = ((uint)(text >> 32), (uint)text);
        for (var round = 0; round < Rounds; round++)
        {
            (c, d) = (Turned(c, Turns[round]), Turned(d, Turns[round]));
            var roundKey = RoundKeyPermutation.Of(((ulong)c << HalfKeyBits) | d);
            (left, right) = (right, left ^ Mix(right, roundKey));
        }

        BinaryPrimitives.WriteUInt64BigEndian(cipher, FinalPermutation.Of(((ulong)right << 32) | left));
    }

    private static uint Turned(uint half, int bits) => ((half << bits) | (half >> (HalfKeyBits - bits))) & HalfKeyMask;

    /// <summary>The function f: each box sees four bits and one neighbour on either side.</summary>
    private static uint Mix(uint half, ulong roundKey)
    {
        uint mixed = 0;
        for (var box = 0; box < 8; box++)
        {
            var six = BitOperations.RotateLeft(half, (4 * box) + 5) & 63;
            six ^= (uint)(roundKey >> (42 - (6 * box))) & 63;
            mixed |= PermutedBoxes[(box * 64) + (int)six];
        }

        return mixed;
    }

    private static uint PermutedBox(int box, int six)
    {
        var (row, column) = (((six >> 4) & 2) | (six & 1), (six >> 1) & 15);
        var four = uint.Parse(Boxes[box].AsSpan((16 * row) + column, 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (uint)BoxPermutation.Of((ulong)four << (28 - (4 * box)));
    }

    /// <summary>Where each bit of the result comes from, as tables over groups of the input's bits.</summary>
    private sealed class Permutation
    {
        private readonly ulong[][] _tables;
        private readonly int _groupBits;

        /// <param name="sources">For each bit of the result, the first the highest: which one of the input it is, counted from 1.</param>
        public Permutation(byte[] sources, int inputBits, int groupBits)
        {
            _groupBits = groupBits;
            _tables = [.. Enumerable.Range(0, inputBits / groupBits).Select(group => Enumerable.Range(0, 1 << groupBits)
                .Select(value => BitByBit(sources, inputBits, (ulong)value << (group * groupBits))).ToArray())];
        }

        public ulong Of(ulong input)
        {
            ulong result = 0;
            foreach (var table in _tables)
            {
                result |= table[(int)input & (table.Length - 1)];
                input >>= _groupBits;
            }

            return result;
        }

        private static ulong BitByBit(byte[] sources, int inputBits, ulong input)
        {
            ulong result = 0;
            foreach (var source in sources)
                result = (result << 1) | ((input >> (inputBits - source)) & 1);
            return result;
        }
    }
}
