using System.Buffers.Binary;
using System.Numerics;

namespace EasyIsp.Radius.Spool;

/// <summary>
/// One file of records, each behind its length and its checksum (CRC-32C). Written once, one behind the other; read as a
/// whole. What a crash tore off at the end is no whole record, and was not acknowledged. Behind the last may be zeros.
/// </summary>
internal sealed class SpoolSegment : IDisposable
{
    public const int HeaderSize = 8;

    /// <summary>No record is longer: its longest texts are attributes of 253 octets.</summary>
    private const int MaxRecord = 64 * 1024;

    private static readonly byte[] Zeros = new byte[512 * 1024];

    private readonly FileStream? _file;
    private long _length;

    private SpoolSegment(string path, FileStream? file) => (Path, _file) = (path, file);

    public string Path { get; }

    /// <summary>What is written of it, in octets: its file may be longer, for what is still to come.</summary>
    public long Length => Volatile.Read(ref _length);

    /// <summary>See <see cref="CreateWithRoom"/>.</summary>
    public bool HasRoom { get; private init; }

    /// <summary>Records that nobody has taken yet.</summary>
    public int Count { get; private set; }

    /// <summary>When the first of these was written, as nearly as that is known.</summary>
    public DateTimeOffset BeganAt { get; private set; }

    /// <summary>For the owner alone: user names are personal.</summary>
    public static SpoolSegment Create(string path)
        => new(path, OpenToWrite(path, FileMode.CreateNew));

    /// <summary>
    /// One whose room is on disk already: what is written into it need not wait for the file system to note how long it has
    /// become, which takes as long again.
    /// </summary>
    public static SpoolSegment CreateWithRoom(string path, int octets)
    {
        var file = OpenToWrite(path, FileMode.CreateNew);
        for (var left = octets; left > 0; left -= Zeros.Length)
            file.Write(Zeros.AsSpan(0, Math.Min(left, Zeros.Length)));
        file.Position = 0;
        return new SpoolSegment(path, file) { HasRoom = true };
    }

    /// <summary>One that an earlier run left.</summary>
    public static SpoolSegment Found(string path)
    {
        var file = new FileInfo(path);
        return new SpoolSegment(path, file: null)
        {
            _length = file.Length, Count = Read(path).Records.Count, BeganAt = new DateTimeOffset(file.CreationTimeUtc),
        };
    }

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="IOException">Nothing of it counts; the segment must not be written any more.</exception>
    public void Append(ReadOnlySpan<byte> records, int count, DateTimeOffset now)
    {
        var file = _file ?? throw new InvalidOperationException("A segment of an earlier run is only read.");
        file.Write(records);
        _length += records.Length;
        if (Count == 0)
            BeganAt = now;
        Count += count;
    }

    /// <summary>All that it holds is taken; what is written from now on is taken the next time.</summary>
    public void Take() => Count = 0;

    /// <summary>Puts the header into the room that was left for it in front of the payload.</summary>
    public static void Seal(Span<byte> record)
    {
        var payload = record[HeaderSize..];
        BinaryPrimitives.WriteInt32LittleEndian(record, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], ChecksumOf(payload));
    }

    /// <summary>One record as it stood in its file.</summary>
    public static ReadOnlyMemory<byte> Framed(ReadOnlyMemory<byte> payload)
    {
        byte[] record = [.. new byte[HeaderSize], .. payload.Span];
        Seal(record);
        return record;
    }

    /// <summary>Durable when it returns. It is a segment again as soon as it is named like one.</summary>
    public static void SetAside(string path, IEnumerable<ReadOnlyMemory<byte>> records)
    {
        using var file = OpenToWrite(path, FileMode.Create);
        foreach (var record in records)
            file.Write(record.Span);
    }

    public static SegmentContents Read(string path)
    {
        ReadOnlyMemory<byte> rest = File.ReadAllBytes(path);
        var (records, broken) = (new List<ReadOnlyMemory<byte>>(), new List<ReadOnlyMemory<byte>>());
        var passed = 0;
        while (rest.Length - passed >= HeaderSize)
        {
            if (!TryReadRecord(rest[passed..], out var payload))
            {
                // Its length may be what is wrong: the next whole record is looked for at every octet.
                passed++;
                continue;
            }

            if (passed > 0)
                broken.Add(rest[..passed]);
            records.Add(payload);
            (rest, passed) = (rest[(passed + HeaderSize + payload.Length)..], 0);
        }

        return new SegmentContents(records, broken, rest.Span.TrimEnd((byte)0).Length);
    }

    /// <summary>Writes no more; what was written stays.</summary>
    public void Dispose() => _file?.Dispose();

    /// <summary>Each of its writes is on disk when it returns.</summary>
    private static FileStream OpenToWrite(string path, FileMode mode)
    {
        var how = new FileStreamOptions
        {
            Mode = mode, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0, Options = FileOptions.WriteThrough,
        };
        if (!OperatingSystem.IsWindows())
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, how);
    }

    private static bool TryReadRecord(ReadOnlyMemory<byte> from, out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        var length = BinaryPrimitives.ReadInt32LittleEndian(from.Span);
        if (length is <= 0 or > MaxRecord || length > from.Length - HeaderSize)
            return false;

        payload = from.Slice(HeaderSize, length);
        return ChecksumOf(payload.Span) == BinaryPrimitives.ReadUInt32LittleEndian(from.Span[4..]);
    }

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

/// <summary>What a segment's file holds.</summary>
/// <param name="Broken">Octets between whole records that are none: they were acknowledged, and the disk has changed them.</param>
/// <param name="Torn">Octets behind the last whole record: torn off by a crash or a full disk, and never acknowledged.</param>
internal sealed record SegmentContents(List<ReadOnlyMemory<byte>> Records, List<ReadOnlyMemory<byte>> Broken, long Torn);
