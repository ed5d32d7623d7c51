using System.Collections;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using EasyIsp.Core.Shared;
using EasyIsp.Radius.Spool;

namespace EasyIsp.Radius.Sessions;

/// <summary>
/// News in its order, but that what is said of one session in a row becomes one report: a database that takes its time
/// gets the more of them at once, and the fewer rows for each. Merged, it comes to the same. Reports are kept as plain
/// values and made anew when they are read: tens of thousands of objects that wait for a second would each outlive what the
/// garbage collector takes for short.
/// </summary>
internal sealed class JoinedNews : IReadOnlyList<SessionNews>
{
    private const int Few = 1024;

    private readonly List<Entry> _entries = [];
    private readonly Dictionary<(Guid TenantId, Guid SessionId), int> _latest = [];

    /// <summary>The entries' Acct-Session-Ids, one behind the other.</summary>
    private char[] _texts = new char[1024];
    private int _textsLength;

    public int Count => _entries.Count;

    public SessionNews this[int index] => Read(_entries[index]);

    public static JoinedNews Of(IEnumerable<SessionNews> news)
    {
        var joined = new JoinedNews();
        foreach (var next in news)
            joined.Add(next);
        return joined;
    }

    public void Add(SessionNews news)
    {
        if (news is not SessionReport report)
            _latest.Clear(); // a restart ends what began before it, and not what began after it
        else if (Entry.CanHold(report))
        {
            ref var at = ref CollectionsMarshal.GetValueRefOrAddDefault(_latest, (report.TenantId, report.SessionId!.Value), out var isKnown);
            if (isKnown && TryJoin(at, report))
                return;

            at = _entries.Count;
            MakeRoom();
            _entries.Add(new Entry(report, _textsLength));
            Append(report.NasSessionId);
            return;
        }

        _entries.Add(new Entry(news));
    }

    /// <summary>It is empty then, and keeps its room.</summary>
    public void Clear()
    {
        _entries.Clear();
        _latest.Clear();
        _textsLength = 0;
    }

    public IEnumerator<SessionNews> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Where much comes, all that there will be at most: what grows by doubling leaves as much behind as it has.</summary>
    private void MakeRoom()
    {
        if (_entries.Count == _entries.Capacity && _entries.Count >= Few)
            _entries.EnsureCapacity(AccountingSpool.MostRemembered);
    }

    private bool TryJoin(int index, SessionReport next)
    {
        ref var entry = ref CollectionsMarshal.AsSpan(_entries)[index];
        return NasSessionIdOf(entry).SequenceEqual(next.NasSessionId) && entry.TryJoin(next);
    }

    private SessionNews Read(in Entry entry) => entry.Whole ?? entry.Read(NasSessionIdOf(entry).ToString());

    private ReadOnlySpan<char> NasSessionIdOf(in Entry entry) => _texts.AsSpan(entry.TextAt, entry.TextLength);

    private void Append(string text)
    {
        if (_texts.Length - _textsLength < text.Length)
            Array.Resize(ref _texts, Math.Max(2 * _texts.Length, _textsLength + text.Length));
        text.CopyTo(_texts.AsSpan(_textsLength));
        _textsLength += text.Length;
    }

    /// <summary>What was said first, and what has been added to it since.</summary>
    private struct Entry
    {
        private const long NoMacAddress = -1;

        /// <summary>Every time zone's midnight is at a full quarter of an hour of UTC.</summary>
        private static readonly TimeSpan MidnightsApart = TimeSpan.FromMinutes(15);

        private readonly Guid _tenantId;
        private readonly Guid _routerId;
        private readonly Guid _sessionId;
        private readonly SessionOwner? _owner;
        private readonly bool _isLimited;
        private long _macAddress;
        private uint? _address;
        private DateTimeOffset _startedAt;
        private DateTimeOffset _heardAt;
        private long _uploadedBytes;
        private long _downloadedBytes;
        private long _sessionSeconds;
        private bool _isStart;
        private SessionEnd? _end;

        /// <param name="news">What is kept as it is.</param>
        public Entry(SessionNews news) => Whole = news;

        public Entry(SessionReport report, int textAt)
        {
            (TextAt, TextLength) = (textAt, report.NasSessionId.Length);
            (_tenantId, _routerId, _sessionId) = (report.TenantId, report.RouterId, report.SessionId!.Value);
            (_owner, _isLimited) = (report.Owner, report.IsLimited);
            _macAddress = NumberOf(report.MacAddress);
            _address = NumberOf(report.Address);
            (_startedAt, _heardAt) = (report.StartedAt, report.HeardAt);
            (_uploadedBytes, _downloadedBytes, _sessionSeconds) = (report.UploadedBytes, report.DownloadedBytes, report.SessionSeconds);
            (_isStart, _end) = (report.IsStart, report.End);
        }

        /// <summary>Null where it is kept as values.</summary>
        public SessionNews? Whole { get; }

        public int TextAt { get; }

        public int TextLength { get; }

        /// <summary>Nearly every report. Not one whose counters may have begun again: it has to be merged for itself.</summary>
        public static bool CanHold(SessionReport report) => report is { SessionId: not null, Owner: not null, MayWrap: false }
            && report.Address is null or { AddressFamily: AddressFamily.InterNetwork };

        /// <returns>False where merging both one after the other may come to something else, as when midnight may lie between
        /// them.</returns>
        public bool TryJoin(SessionReport next)
        {
            if (_end is not null || next.RouterId != _routerId || next.IsLimited != _isLimited || next.Owner != _owner
                || next.HeardAt < _heardAt || QuarterOf(next.HeardAt) != QuarterOf(_heardAt))
                return false;

            _macAddress = _macAddress == NoMacAddress ? NumberOf(next.MacAddress) : _macAddress;
            _address = NumberOf(next.Address) ?? _address;
            _startedAt = next.StartedAt < _startedAt ? next.StartedAt : _startedAt;
            _heardAt = next.HeardAt;
            _uploadedBytes = Math.Max(_uploadedBytes, next.UploadedBytes);
            _downloadedBytes = Math.Max(_downloadedBytes, next.DownloadedBytes);
            _sessionSeconds = Math.Max(_sessionSeconds, next.SessionSeconds);
            _isStart |= next.IsStart;
            _end = next.End;
            return true;
        }

        public readonly SessionReport Read(string nasSessionId) => new(
            _tenantId,
            _routerId,
            _sessionId,
            nasSessionId,
            _owner!.UserName,
            _owner,
            _macAddress == NoMacAddress ? null : MacAddress.FromNumber(_macAddress),
            _address is { } address ? new IPAddress(address) : null,
            _startedAt,
            _heardAt,
            _uploadedBytes,
            _downloadedBytes,
            _sessionSeconds,
            _isStart,
            _end,
            IsLimited: _isLimited);

        private static long NumberOf(string? macAddress) => macAddress is null ? NoMacAddress : MacAddress.ToNumber(macAddress);

        /// <summary>In the order of the network.</summary>
        private static uint? NumberOf(IPAddress? address)
        {
            Span<byte> octets = stackalloc byte[sizeof(uint)];
            return address is not null && address.TryWriteBytes(octets, out _) ? MemoryMarshal.Read<uint>(octets) : null;
        }

        private static long QuarterOf(DateTimeOffset instant) => instant.UtcTicks / MidnightsApart.Ticks;
    }
}
