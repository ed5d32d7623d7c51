using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace EasyIsp.Radius.Protocol;

/// <summary>SHA-1, of which MS-CHAPv2 and its keys are made (RFC 2759, RFC 3079).</summary>
internal static class MsChapDigest
{
    public const int Size = SHA1.HashSizeInBytes;

    [SuppressMessage("Security", "CA5350", Justification = "The protocols say SHA-1.")]
    public static void Sha1(ReadOnlySpan<byte> input, Span<byte> digest) => SHA1.HashData(input, digest);
}
