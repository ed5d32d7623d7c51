using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EasyIsp.Radius.Sessions;

/// <summary>
/// Ids of sessions: UUIDs of version 7 (RFC 9562 section 5.7), as <see cref="Guid.CreateVersion7(DateTimeOffset)"/> makes
/// them, but for the system call that each of those asks its random octets of.
/// </summary>
internal static class SessionIds
{
    private const int RandomOctets = 10;
    private const int Stock = 100 * RandomOctets;

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _used;

    public static Guid New(DateTimeOffset now)
    {
        if (_random is null || _used == Stock)
        {
            RandomNumberGenerator.Fill(_random ??= new byte[Stock]);
            _used = 0;
        }

        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, now.ToUnixTimeMilliseconds() << 16);
        _random.AsSpan(_used, RandomOctets).CopyTo(id[6..]);
        _used += RandomOctets;
        id[6] = (byte)(0x70 | (id[6] & 0x0F));
        id[8] = (byte)(0x80 | (id[8] & 0x3F));
        return new Guid(id, bigEndian: true);
    }
}
