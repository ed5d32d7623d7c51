using EasyIsp.Core.Sessions;
using EasyIsp.Core.Shared;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Sessions;

/// <summary>
/// The live list as somebody looks at it: figures change in place and rows keep their places. A session that ends stays
/// where it is and says so; one that begins is counted, and shown when the person asks.
/// </summary>
internal sealed class SteadySessions(SessionLists lists)
{
    private ListQuery? _question;
    private IReadOnlyList<Guid> _shown = [];

    /// <summary>Sessions that would stand on this page and do not yet.</summary>
    public int Newcomers { get; private set; }

    public async Task<Page<SessionRow>> LoadAsync(ListQuery question, SessionQuery query, CancellationToken cancellationToken)
    {
        var fresh = await lists.LiveAsync(query, cancellationToken);
        if (question != _question || _shown.Count == 0)
        {
            (_question, _shown, Newcomers) = (question, [.. fresh.Rows.Select(row => row.Id)], 0);
            return fresh;
        }

        var now = (await lists.FindAsync(_shown, cancellationToken)).ToDictionary(row => row.Id);
        Newcomers = fresh.Rows.Count(row => !_shown.Contains(row.Id));
        return new Page<SessionRow>([.. _shown.Where(now.ContainsKey).Select(id => now[id])], Math.Max(fresh.Total, 1));
    }

    /// <summary>The next load shows the list as it is.</summary>
    public void LetGo() => _question = null;
}
