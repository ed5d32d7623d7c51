using System.Net;
using System.Runtime.InteropServices;

namespace EasyIsp.Radius.Sessions;

/// <summary>
/// News in its order, but that what is said of one session in a row becomes one report: a database that takes its time
/// gets the more of them at once, and the fewer rows for each. Merged, it comes to the same.
/// </summary>
internal sealed class JoinedNews
{
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<(Guid TenantId, Guid SessionId), int> _latest = [];

    public int Count => _entries.Count;

    public static SessionNews[] Of(IEnumerable<SessionNews> news)
    {
        var joined = new JoinedNews();
        foreach (var next in news)
            joined.Add(next);
        return joined.TakeAll();
    }

    public void Add(SessionNews news)
    {
        if (news is not SessionReport report)
            _latest.Clear(); // a restart ends what began before it, and not what began after it
        else if (report.SessionId is { } id)
        {
            ref var at = ref CollectionsMarshal.GetValueRefOrAddDefault(_latest, (report.TenantId, id), out var isKnown);
            if (isKnown && CollectionsMarshal.AsSpan(_entries)[at].TryJoin(report))
                return;

            at = _entries.Count;
        }

        _entries.Add(new Entry(news));
    }

    /// <summary>It is empty then, and keeps its room.</summary>
    public SessionNews[] TakeAll()
    {
        var taken = new SessionNews[_entries.Count];
        for (var i = 0; i < taken.Length; i++)
            taken[i] = _entries[i].Read();
        Clear();
        return taken;
    }

    public void Clear()
    {
        _entries.Clear();
        _latest.Clear();
    }

    /// <summary>
    /// What was said first, and what has been added to it since: in place, since a report that waits for a second outlives
    /// what the garbage collector takes for short.
    /// </summary>
    private struct Entry(SessionNews first)
    {
        /// <summary>Every time zone's midnight is at a full quarter of an hour of UTC.</summary>
        private static readonly TimeSpan MidnightsApart = TimeSpan.FromMinutes(15);

        private readonly SessionNews _first = first;
        private bool _isJoined;
        private SessionOwner? _owner;
        private string? _macAddress;
        private IPAddress? _address;
        private DateTimeOffset _startedAt;
        private DateTimeOffset _heardAt;
        private long _uploadedBytes;
        private long _downloadedBytes;
        private long _sessionSeconds;
        private bool _isStart;
        private SessionEnd? _end;

        /// <returns>False where merging both one after the other may come to something else, as when midnight may lie between
        /// them, or a counter may have begun again.</returns>
        public bool TryJoin(SessionReport next)
        {
            if (_first is not SessionReport first || !first.IsOfSameSession(next) || first.MayWrap || next.MayWrap)
                return false;
            if (!_isJoined)
                Begin(first);
            if (_end is not null || next.HeardAt < _heardAt || QuarterOf(next.HeardAt) != QuarterOf(_heardAt))
                return false;

            _isJoined = true;
            _owner ??= next.Owner;
            _macAddress ??= next.MacAddress;
            _address = next.Address is null || next.Address.Equals(_address) ? _address : next.Address;
            _startedAt = next.StartedAt < _startedAt ? next.StartedAt : _startedAt;
            _heardAt = next.HeardAt;
            _uploadedBytes = Math.Max(_uploadedBytes, next.UploadedBytes);
            _downloadedBytes = Math.Max(_downloadedBytes, next.DownloadedBytes);
            _sessionSeconds = Math.Max(_sessionSeconds, next.SessionSeconds);
            _isStart |= next.IsStart;
            _end = next.End;
            return true;
        }

        public readonly SessionNews Read() => !_isJoined ? _first : (SessionReport)_first with
        {
            Owner = _owner,
            MacAddress = _macAddress,
            Address = _address,
            StartedAt = _startedAt,
            HeardAt = _heardAt,
            UploadedBytes = _uploadedBytes,
            DownloadedBytes = _downloadedBytes,
            SessionSeconds = _sessionSeconds,
            IsStart = _isStart,
            End = _end,
        };

        private void Begin(SessionReport first)
        {
            (_owner, _macAddress, _address) = (first.Owner, first.MacAddress, first.Address);
            (_startedAt, _heardAt) = (first.StartedAt, first.HeardAt);
            (_uploadedBytes, _downloadedBytes, _sessionSeconds) = (first.UploadedBytes, first.DownloadedBytes, first.SessionSeconds);
            (_isStart, _end) = (first.IsStart, first.End);
        }

        private static long QuarterOf(DateTimeOffset instant) => instant.UtcTicks / MidnightsApart.Ticks;
    }
}
