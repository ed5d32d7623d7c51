using System.Buffers.Binary;
using System.Numerics;

namespace EasyIsp.Radius.Spool;

/// <summary>
/// One file of records, each behind its length and its checksum (CRC-32C). Written once, at its end; read as a whole.
/// What a crash tore off at the end is no whole record, and was not acknowledged.
/// </summary>
internal sealed class SpoolSegment : IDisposable
{
    public const int HeaderSize = 8;

    private readonly FileStream? _file;
    private long _length;

    private SpoolSegment(string path, FileStream? file, long length, int count, DateTimeOffset beganAt)
        => (Path, _file, _length, Count, BeganAt) = (path, file, length, count, beganAt);

    public string Path { get; }

    public long Length => Volatile.Read(ref _length);

    public int Count { get; private set; }

    /// <summary>When its first record was written, as nearly as that is known.</summary>
    public DateTimeOffset BeganAt { get; }

    /// <summary>For the owner alone: user names are personal.</summary>
    public static SpoolSegment Create(string path, DateTimeOffset now)
    {
        var how = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new SpoolSegment(path, new FileStream(path, how), length: 0, count: 0, now);
    }

    /// <summary>One that an earlier run left.</summary>
    public static SpoolSegment Found(string path)
    {
        var file = new FileInfo(path);
        return new SpoolSegment(path, file: null, file.Length, Read(path, out _).Count, new DateTimeOffset(file.CreationTimeUtc));
    }

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="IOException">Nothing of it counts; the segment must not be written any more.</exception>
    public void Append(ReadOnlySpan<byte> records, int count)
    {
        var file = _file ?? throw new InvalidOperationException("A segment of an earlier run is only read.");
        file.Write(records);
        file.Flush(flushToDisk: true);
        _length += records.Length;
        Count += count;
    }

    /// <summary>Puts the header into the room that was left for it in front of the payload.</summary>
    public static void Seal(Span<byte> record)
    {
        var payload = record[HeaderSize..];
        BinaryPrimitives.WriteInt32LittleEndian(record, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], ChecksumOf(payload));
    }

    /// <param name="damage">Octets that are no whole record: torn off at the end where they are few.</param>
    public static List<ReadOnlyMemory<byte>> Read(string path, out long damage)
    {
        ReadOnlyMemory<byte> rest = File.ReadAllBytes(path);
        var records = new List<ReadOnlyMemory<byte>>();
        while (rest.Length >= HeaderSize)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest.Span);
            if (length <= 0 || length > rest.Length - HeaderSize)
                break;
            var payload = rest.Slice(HeaderSize, length);
            if (ChecksumOf(payload.Span) != BinaryPrimitives.ReadUInt32LittleEndian(rest.Span[4..]))
                break;
            records.Add(payload);
            rest = rest[(HeaderSize + length)..];
        }

        damage = rest.Length;
        return records;
    }

    /// <summary>Writes no more; what was written stays.</summary>
    public void Dispose() => _file?.Dispose();

    private static uint ChecksumOf(ReadOnlySpan<byte> octets)
    {
        var crc = uint.MaxValue;
        while (octets.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(octets));
            octets = octets[sizeof(ulong)..];
        }

        foreach (var octet in octets)
            crc = BitOperations.Crc32C(crc, octet);
        return ~crc;
    }
}
