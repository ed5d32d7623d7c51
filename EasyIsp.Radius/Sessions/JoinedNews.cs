using System.Runtime.InteropServices;

namespace EasyIsp.Radius.Sessions;

/// <summary>
/// News in its order, but that what is said of one session in a row becomes one report: a database that takes its time
/// gets the more of them at once, and the fewer rows for each.
/// </summary>
internal sealed class JoinedNews
{
    private readonly List<SessionNews> _news = [];
    private readonly Dictionary<(Guid TenantId, Guid SessionId), int> _latest = [];

    public int Count => _news.Count;

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
            if (isKnown && ((SessionReport)_news[at]).Join(report) is { } joined)
            {
                _news[at] = joined;
                return;
            }

            at = _news.Count;
        }

        _news.Add(news);
    }

    /// <summary>It is empty then.</summary>
    public SessionNews[] TakeAll()
    {
        SessionNews[] taken = [.. _news];
        Clear();
        return taken;
    }

    public void Clear()
    {
        _news.Clear();
        _latest.Clear();
    }
}
