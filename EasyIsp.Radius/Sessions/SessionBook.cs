namespace EasyIsp.Radius.Sessions;

/// <summary>
/// The sessions that a batch of reports is about: those stored already, and what the reports make of them. A report is
/// of the session that its Class names; else of the one with its Acct-Session-Id and user name on its router that
/// started when it says; else of a new one.
/// </summary>
internal sealed class SessionBook(IEnumerable<SessionRow> stored, TimeProvider clock)
{
    private readonly List<Entry> _entries = [.. stored.Select(row => new Entry(row, row))];

    public IEnumerable<SessionRow> NewlyOpen => Where(entry => entry is { Stored: null, Now.IsOpen: true });

    public IEnumerable<SessionRow> StillOpen => Where(entry => entry is { Stored.IsOpen: true, Now.IsOpen: true } && entry.HasChanged);

    /// <summary>To be moved from the open sessions to the ended ones.</summary>
    public IEnumerable<SessionRow> Closed => Where(entry => entry is { Stored.IsOpen: true, Now.IsOpen: false });

    /// <summary>Never seen open: a Stop without a Start, or a late report of a session that another has followed.</summary>
    public IEnumerable<SessionRow> NewlyEnded => Where(entry => entry is { Stored: null, Now.IsOpen: false });

    /// <summary>Ended before, and more is known now.</summary>
    public IEnumerable<SessionRow> Amended => Where(entry => entry is { Stored.IsOpen: false, Now.IsOpen: false } && entry.HasChanged);

    /// <summary>Thought to have ended, and alive: to be moved back.</summary>
    public IEnumerable<SessionRow> Revived => Where(entry => entry is { Stored.IsOpen: false, Now.IsOpen: true });

    /// <summary>Every session that more is known of now.</summary>
    public IEnumerable<(SessionRow? Stored, SessionRow Now)> Changes
        => _entries.Where(entry => entry.HasChanged).Select(entry => (entry.Stored, entry.Now));

    public void Enter(SessionReport report)
    {
        if (Find(report) is not { } entry)
            Begin(report);
        else if (Revives(entry.Now, report))
            entry.Now = entry.Now.Merge(report) with { End = null };
        else
            entry.Now = entry.Now.Merge(report);

        if (report.IsStart)
            CloseGhosts(report);
    }

    /// <summary>A session whose end was assumed from its silence goes on when it is heard again; one that stopped does not.</summary>
    private bool Revives(SessionRow row, SessionReport report)
        => row.End is { Cause: null } assumed
            && report.End is null
            && report.HeardAt > assumed.At
            && !_entries.Exists(entry => entry.Now.IsOpen && entry.Now.IsNamedAs(report));

    private Entry? Find(SessionReport report)
        => ByClass(report)
            ?? _entries.Where(entry => entry.Now.IsNamedAs(report) && entry.Now.StartedWith(report))
                .MinBy(entry => (entry.Now.StartedAt - report.StartedAt).Duration());

    private Entry? ByClass(SessionReport report) => _entries.Find(entry
        => entry.Now.Id == report.SessionId && entry.Now.TenantId == report.TenantId && entry.Now.RouterId == report.RouterId);

    private void Begin(SessionReport report)
    {
        var row = SessionRow.Begin(IdFor(report), report);
        var openNamesake = _entries.Find(entry => entry.Now.IsOpen && entry.Now.IsNamedAs(report));
        if (openNamesake?.Now.StartedAt < report.StartedAt)
            Close(openNamesake);
        else if (openNamesake is not null)
            row = row with { End = row.End ?? new SessionEnd(report.HeardAt, Cause: null) };

        _entries.Add(new Entry(null, row));
    }

    /// <summary>A Class that belongs to another router's session names none of this router's.</summary>
    private Guid IdFor(SessionReport report)
        => report.SessionId is { } id && !_entries.Exists(entry => entry.Now.Id == id && entry.Now.TenantId == report.TenantId)
            ? id
            : Guid.CreateVersion7(clock.GetUtcNow());

    private void CloseGhosts(SessionReport report)
    {
        var own = Find(report);
        foreach (var ghost in _entries.Where(entry => entry != own
            && entry.Now.IsOpen && entry.Now.IsOfSameDevice(report) && entry.Now.StartedAt < report.StartedAt))
            Close(ghost);
    }

    private static void Close(Entry ghost)
        => ghost.Now = ghost.Now with { End = new SessionEnd(ghost.Now.LastHeardAt, Cause: null) };

    private IEnumerable<SessionRow> Where(Func<Entry, bool> condition)
        => _entries.Where(condition).Select(entry => entry.Now).OrderBy(row => row.Id);

    private sealed class Entry(SessionRow? stored, SessionRow now)
    {
        public SessionRow? Stored { get; } = stored;
        public SessionRow Now { get; set; } = now;
        public bool HasChanged => Stored != Now;
    }
}
