using System.Globalization;
using System.Security.Cryptography;
using EasyIsp.Radius.Sessions;
using Microsoft.Extensions.Options;

namespace EasyIsp.Radius.Spool;

/// <summary>
/// Accounting that waits on disk for the database: segments, numbered in the order in which they were begun. Appended
/// at the end and durable before it is acknowledged; read from the front, one whole segment at a time, and deleted when
/// that is in the database. Whatever a crash leaves is read again, which a merge bears. One process has the directory.
/// </summary>
internal sealed partial class AccountingSpool : IDisposable
{
    /// <summary>A segment that has grown so long is followed by the next.</summary>
    public const int SegmentBytes = 4 * 1024 * 1024;

    private const string Extension = ".spool";
    private const string SetAsideExtension = ".damaged";

    private readonly NewsCodec _codec;
    private readonly long _maxBytes;
    private readonly TimeProvider _clock;
    private readonly ILogger<AccountingSpool> _logger;
    private readonly string? _directory;
    private readonly FileStream? _lock;
    private readonly Lock _gate = new();
    private readonly Queue<SpoolSegment> _segments = new();
    private readonly SemaphoreSlim _filled = new(0, 1);
    private SpoolSegment? _open;
    private long _lastNumber;

    /// <exception cref="IOException">The directory cannot be had, or another process has it.</exception>
    public AccountingSpool(NewsCodec codec, IOptions<RadiusOptions> options, TimeProvider clock, ILogger<AccountingSpool> logger)
    {
        (_codec, _maxBytes, _clock, _logger) = (codec, options.Value.SpoolMaxBytes, clock, logger);
        if (options.Value.SpoolPath is not { Length: > 0 } path)
            return;

        _directory = OwnDirectory(path);
        _lock = new FileStream(Path.Combine(_directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var segments = Files(Extension);
        Array.ForEach(segments, file => _segments.Enqueue(SpoolSegment.Found(file)));
        // What was set aside keeps its number: no later segment's may be written over it.
        _lastNumber = segments.Concat(Files(SetAsideExtension)).Select(NumberOf).DefaultIfEmpty().Max();

        if (_segments.Count == 0)
            return;
        LogFound(Records);
        _filled.Release();
    }

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
                return _segments.Count == 0;
        }
    }

    public long Records
    {
        get
        {
            lock (_gate)
                return _segments.Sum(segment => (long)segment.Count);
        }
    }

    public long Bytes
    {
        get
        {
            lock (_gate)
                return _segments.Sum(segment => segment.Length);
        }
    }

    /// <summary>How long the first of them has waited; null when none does.</summary>
    public TimeSpan? Age
    {
        get
        {
            lock (_gate)
                return _segments.TryPeek(out var oldest) ? _clock.GetUtcNow() - oldest.BeganAt : null;
        }
    }

    /// <summary>When it returns, the news is on disk.</summary>
    /// <exception cref="NotRecordedException">There is no directory, no more room in it, or the disk refuses.</exception>
    public void Append(IReadOnlyList<SessionNews> news)
    {
        if (_directory is null)
            throw new NotRecordedException("the database is away, and Radius:SpoolPath is not set");

        var records = Encode(news);
        lock (_gate)
        {
            if (_segments.Sum(segment => segment.Length) + records.Length > _maxBytes)
                throw new NotRecordedException($"{_maxBytes} octets already wait on disk", isSpoolFull: true);

            try
            {
                SegmentToWrite().Append(records.GetBuffer().AsSpan(0, (int)records.Length), news.Count);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // What is half written is at the end of its segment, and stays there.
                CloseOpen();
                throw new NotRecordedException($"the disk refuses it: {exception.Message}", cause: exception);
            }

            if (_filled.CurrentCount == 0)
                _filled.Release();
        }
    }

    /// <summary>Waits until there is something to take.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (IsEmpty)
            await _filled.WaitAsync(cancellationToken);
    }

    /// <summary>The oldest segment; nothing is added to it any more.</summary>
    /// <exception cref="CryptographicException">The key ring cannot be read now: the segment stays as it is.</exception>
    public SpooledNews Take()
    {
        SpoolSegment segment;
        lock (_gate)
        {
            segment = _segments.Peek();
            if (segment == _open)
                CloseOpen();
        }

        var contents = SpoolSegment.Read(segment.Path);
        if (contents.Torn > 0)
            LogTorn(contents.Torn, segment.Path, contents.Records.Count);
        var news = new List<SessionNews>(contents.Records.Count);
        var damaged = contents.Broken.ConvertAll(octets => new DamagedRecord(octets, "the disk has changed it"));
        foreach (var record in contents.Records)
        {
            try
            {
                news.Add(_codec.Decode(record));
            }
            catch (InvalidDataException exception)
            {
                damaged.Add(new DamagedRecord(SpoolSegment.Framed(record), exception.Message));
            }
        }

        return new SpooledNews(segment, news, damaged);
    }

    /// <summary>All of it is in the database, but for what is damaged or refused: that is set aside, durably, before it goes.</summary>
    public void Delete(SpooledNews taken, IReadOnlyList<RefusedNews>? refused = null)
    {
        List<DamagedRecord> aside =
        [
            .. taken.Damaged,
            .. (refused ?? []).Select(of => new DamagedRecord(Encode([of.News]).ToArray(), $"the database refuses it: {of.SqlState}")),
        ];
        if (aside.Count > 0)
        {
            var path = Path.ChangeExtension(taken.Segment.Path, SetAsideExtension);
            SpoolSegment.SetAside(path, aside.Select(record => record.Octets));
            foreach (var record in aside)
                LogSetAside(record.Octets.Length, record.Reason, path);
        }

        lock (_gate)
        {
            File.Delete(taken.Segment.Path);
            _segments.Dequeue();
        }
    }

    public void Dispose()
    {
        CloseOpen();
        _lock?.Dispose();
        _filled.Dispose();
    }

    private static string OwnDirectory(string path)
    {
        var directory = Path.GetFullPath(path);
        if (OperatingSystem.IsWindows())
            return Directory.CreateDirectory(directory).FullName;

        return Directory.CreateDirectory(
            directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
    }

    private string[] Files(string extension)
        => [.. Directory.EnumerateFiles(_directory!, "*" + extension).Order(StringComparer.Ordinal)];

    private static long NumberOf(string file)
        => long.Parse(Path.GetFileNameWithoutExtension(file), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private MemoryStream Encode(IReadOnlyList<SessionNews> news)
    {
        var records = new MemoryStream();
        ReadOnlySpan<byte> header = stackalloc byte[SpoolSegment.HeaderSize];
        foreach (var next in news)
        {
            var start = (int)records.Position;
            records.Write(header);
            _codec.Encode(next, records);
            SpoolSegment.Seal(records.GetBuffer().AsSpan(start, (int)records.Position - start));
        }

        return records;
    }

    private SpoolSegment SegmentToWrite()
    {
        if (_open is { Length: >= SegmentBytes })
            CloseOpen();
        if (_open is not null)
            return _open;

        var name = (++_lastNumber).ToString("x16", CultureInfo.InvariantCulture) + Extension;
        _open = SpoolSegment.Create(Path.Combine(_directory!, name), _clock.GetUtcNow());
        _segments.Enqueue(_open);
        return _open;
    }

    private void CloseOpen()
    {
        _open?.Dispose();
        _open = null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} accounting records of an earlier run wait on disk; they are written before anything new")]
    private partial void LogFound(long count);

    [LoggerMessage(Level = LogLevel.Error, Message = "An accounting record of {Octets} octets is set aside in {Path} ({Reason}); the others go on")]
    private partial void LogSetAside(int octets, string reason, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last {Octets} octets of {Segment} are no whole record and were never acknowledged; {Count} records before them are")]
    private partial void LogTorn(long octets, string segment, int count);
}

/// <summary>One segment as it was read.</summary>
internal sealed record SpooledNews(SpoolSegment Segment, IReadOnlyList<SessionNews> News, IReadOnlyList<DamagedRecord> Damaged);

/// <param name="Octets">As they were on disk, behind their header where they have one.</param>
internal sealed record DamagedRecord(ReadOnlyMemory<byte> Octets, string Reason);

/// <summary>What the database does not take for its contents.</summary>
internal sealed record RefusedNews(SessionNews News, string SqlState);
