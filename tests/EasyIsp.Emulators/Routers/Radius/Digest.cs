using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace EasyIsp.Emulators.Routers.Radius;

/// <summary>The digests that RADIUS, CHAP and the old API sign-in are made of.</summary>
[SuppressMessage("Security", "CA5351", Justification = "The protocols say MD5.")]
internal static class Digest
{
    public const int Size = MD5.HashSizeInBytes;

    public static byte[] Md5(ReadOnlySpan<byte> bytes) => MD5.HashData(bytes);

    public static byte[] HmacMd5(ReadOnlySpan<byte> key, ReadOnlySpan<byte> bytes) => HMACMD5.HashData(key, bytes);
}
