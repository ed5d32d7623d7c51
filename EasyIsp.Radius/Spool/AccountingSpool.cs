using System.Globalization;
using System.Security.Cryptography;
using EasyIsp.Radius.Sessions;
using Microsoft.Extensions.Options;

namespace EasyIsp.Radius.Spool;

/// <summary>
/// Accounting on its way to the database: segments, numbered in the order in which they were begun. Appended at the end
/// and durable before it is acknowledged, and deleted when all of it is in the database. What has come lately is remembered
/// too, and taken from memory; when that has become too much, segments are read from disk, from the front, until they are
/// caught up with. Whatever a crash leaves is read again, which a merge bears. One process has the directory.
/// </summary>
internal sealed partial class AccountingSpool : IDisposable
{
    /// <summary>A segment that has grown so long is followed by the next.</summary>
    public const int SegmentBytes = 4 * 1024 * 1024;

    /// <summary>When one has grown so long, much is coming, and it is worth making room for the next beforehand.</summary>
    private const int BusyBytes = SegmentBytes / 16;

    /// <summary>So much news is remembered, joined.</summary>
    public const int MostRemembered = 30_000;

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

    /// <summary>All that the segments hold and nobody has taken, unless they have to be read.</summary>
    private JoinedNews _remembered = new();

    /// <summary>The other one of two, of which one is written to the database while the other is filled.</summary>
    private JoinedNews _spare = new();

    private readonly SemaphoreSlim _filled = new(0, 1);
    private SpoolSegment? _open;
    private SpoolSegment? _prepared;
    private Task _preparing = Task.CompletedTask;
    private bool _isDisposed;
    private SpooledNews? _taken;
    private long _lastNumber;
    private bool _isBehind;

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
        _isBehind = true;
        LogFound(Records);
        _filled.Release();
    }

    /// <summary>Whether it has a directory.</summary>
    public bool IsThere => _directory is not null;

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
                return Waiting;
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

    /// <summary>How full the memory of them is: 1 when no more is remembered, and they have to be read.</summary>
    public double Fullness
    {
        get
        {
            lock (_gate)
                return _isBehind ? 1 : (double)_remembered.Count / MostRemembered;
        }
    }

    /// <summary>How long the first of them has waited; null when none does.</summary>
    public TimeSpan? Age
    {
        get
        {
            lock (_gate)
            {
                var since = _taken?.BeganAt ?? (_segments.TryPeek(out var oldest) ? oldest.BeganAt : null);
                return since is { } began ? _clock.GetUtcNow() - began : null;
            }
        }
    }

    /// <summary>When it returns, the news is on disk.</summary>
    /// <exception cref="NotRecordedException">There is no more room, or the disk refuses.</exception>
    public void Append(IReadOnlyList<SessionNews> news)
    {
        if (_directory is null)
            throw new InvalidOperationException("Radius:SpoolPath is not set.");

        var records = Encode(news);
        lock (_gate)
        {
            if (_segments.Sum(segment => segment.Length) + records.Length > _maxBytes)
                throw new NotRecordedException($"{_maxBytes} octets already wait on disk", isSpoolFull: true);

            try
            {
                SegmentToWrite().Append(records.GetBuffer().AsSpan(0, (int)records.Length), news.Count, _clock.GetUtcNow());
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // What is half written is at the end of its segment, and stays there.
                CloseOpen();
                throw new NotRecordedException($"the disk refuses it: {exception.Message}", cause: exception);
            }

            Remember(news);
            if (_filled.CurrentCount == 0)
                _filled.Release();
            if (_open is { } open && open.Length > (open.HasRoom ? SegmentBytes / 2 : BusyBytes) && _prepared is null && _preparing.IsCompleted)
                _preparing = Task.Factory.StartNew(Prepare, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        }
    }

    /// <summary>Waits until there is something to take.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (IsEmpty)
            await _filled.WaitAsync(cancellationToken);
    }

    /// <summary>All that is remembered, or what the oldest segment holds. It is the same again until <see cref="Settle"/>.</summary>
    /// <exception cref="CryptographicException">The key ring cannot be read now: the segment stays as it is.</exception>
    public SpooledNews Take()
    {
        SpoolSegment segment;
        lock (_gate)
        {
            if (_taken is not null)
                return _taken;
            if (!_isBehind)
                return _taken = TakeRemembered();
            segment = _segments.Peek();
            if (segment == _open)
                CloseOpen();
        }

        var read = Read(segment);
        lock (_gate)
        {
            segment.Take();
            _isBehind = _segments.Count > 1;
            return _taken = read;
        }
    }

    private SpooledNews TakeRemembered()
    {
        var taken = new SpooledNews(_segments.Peek().Path, _remembered, [], (int)Waiting, _segments.Peek().BeganAt);
        (_remembered, _spare) = (_spare, _remembered);
        foreach (var segment in _segments)
            segment.Take();
        return taken;
    }

    private void Remember(IReadOnlyList<SessionNews> news)
    {
        if (_isBehind)
            return;

        foreach (var next in news)
            _remembered.Add(next);
        if (_remembered.Count < MostRemembered)
            return;
        _isBehind = true;
        _remembered.Clear();
    }

    private SpooledNews Read(SpoolSegment segment)
    {
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

        return new SpooledNews(segment.Path, JoinedNews.Of(news), damaged, segment.Count, segment.BeganAt);
    }

    /// <summary>
    /// All of it is in the database, but for what is damaged or refused: that is set aside, durably, before it goes. A
    /// segment goes when nothing of it is left to be taken, whether it is full or not.
    /// </summary>
    public void Settle(SpooledNews taken, IReadOnlyList<RefusedNews>? refused = null)
    {
        List<DamagedRecord> aside =
        [
            .. taken.Damaged,
            .. (refused ?? []).Select(of => new DamagedRecord(Encode([of.News]).ToArray(), $"the database refuses it: {of.SqlState}")),
        ];
        if (aside.Count > 0)
        {
            var path = Path.ChangeExtension(taken.Path, SetAsideExtension);
            SpoolSegment.SetAside(path, aside.Select(record => record.Octets));
            foreach (var record in aside)
                LogSetAside(record.Octets.Length, record.Reason, path);
        }

        var over = new List<SpoolSegment>();
        lock (_gate)
        {
            _taken = null;
            _spare.Clear();
            while (_segments.TryPeek(out var segment) && segment.Count == 0)
                over.Add(_segments.Dequeue());
            if (_segments.Count == 0)
            {
                CloseOpen();
                DropPrepared();
            }
        }

        over.ForEach(segment => File.Delete(segment.Path));
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            CloseOpen();
            DropPrepared();
        }

        // Who has the directory next finds in it what is written, and nothing that is still being made.
        _preparing.GetAwaiter().GetResult();
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

    private long Waiting => _segments.Sum(segment => (long)segment.Count) + (_taken?.Count ?? 0);

    private SpoolSegment SegmentToWrite()
    {
        if (_open is { Length: >= SegmentBytes })
            CloseOpen();
        if (_open is { HasRoom: false } && _prepared is not null)
            CloseOpen();
        if (_open is not null)
            return _open;

        (_open, _prepared) = (_prepared ?? SpoolSegment.Create(NextPath()), null);
        _segments.Enqueue(_open);
        return _open;
    }

    private string NextPath()
        => Path.Combine(_directory!, (++_lastNumber).ToString("x16", CultureInfo.InvariantCulture) + Extension);

    /// <summary>Makes room on disk for the segment after the open one.</summary>
    private void Prepare()
    {
        SpoolSegment? segment = null;
        string path;
        long number;
        lock (_gate)
            (path, number) = (NextPath(), _lastNumber);
        try
        {
            segment = SpoolSegment.CreateWithRoom(path, SegmentBytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A segment grows without room made for it, too; what is in the way will be said when that fails.
            LogNotPrepared(exception.Message);
        }

        lock (_gate)
        {
            _prepared = segment;
            // Others may have been begun in the meantime: the order of their numbers is that of what they hold.
            if (_lastNumber != number || _segments.Count == 0 || _isDisposed)
                DropPrepared();
        }
    }

    private void DropPrepared()
    {
        if (_prepared is not { } segment)
            return;

        _prepared = null;
        segment.Dispose();
        File.Delete(segment.Path);
    }

    private void CloseOpen()
    {
        _open?.Dispose();
        _open = null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} accounting records of an earlier run wait on disk; they are written before anything new")]
    private partial void LogFound(long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No room could be made in the spool beforehand ({Reason})")]
    private partial void LogNotPrepared(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "An accounting record of {Octets} octets is set aside in {Path} ({Reason}); the others go on")]
    private partial void LogSetAside(int octets, string reason, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last {Octets} octets of {Segment} are no whole record and were never acknowledged; {Count} records before them are")]
    private partial void LogTorn(long octets, string segment, int count);
}

/// <summary>What one segment holds, or several.</summary>
/// <param name="Path">Of the first.</param>
/// <param name="News">Joined: perhaps fewer than the records.</param>
/// <param name="Count">Of records.</param>
/// <param name="BeganAt">When the first of them was written.</param>
internal sealed record SpooledNews(
    string Path, IReadOnlyList<SessionNews> News, IReadOnlyList<DamagedRecord> Damaged, int Count, DateTimeOffset BeganAt);

/// <param name="Octets">As they were on disk, behind their header where they have one.</param>
internal sealed record DamagedRecord(ReadOnlyMemory<byte> Octets, string Reason);

/// <summary>What the database does not take for its contents.</summary>
internal sealed record RefusedNews(SessionNews News, string SqlState);
