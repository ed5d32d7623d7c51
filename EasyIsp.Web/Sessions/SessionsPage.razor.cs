using EasyIsp.Core.Orders;
using EasyIsp.Core.Sessions;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;
using EasyIsp.Web.Access;
using EasyIsp.Web.Blocks;
using Microsoft.AspNetCore.Components;

namespace EasyIsp.Web.Sessions;

/// <summary>Who is online now. Starts and ends are announced; traffic is not, so the figures are read again every few seconds.</summary>
public sealed partial class SessionsPage
{
    private static readonly TimeSpan TrafficPause = TimeSpan.FromSeconds(10);

    private ListPage<SessionRow> _list = null!;
    private SteadySessions _steady = null!;
    private Endings _endings = null!;
    private IReadOnlyList<RouterOnline> _routers = [];
    private IReadOnlyDictionary<Guid, SessionNote> _notes = new Dictionary<Guid, SessionNote>();

    [Inject] private ConsoleSession Session { get; set; } = null!;

    protected override void OnInitialized() => (_steady, _endings) = (new SteadySessions(Lists), new Endings(Desk));

    private async Task<Page<SessionRow>> LoadAsync(ListQuery query, CancellationToken cancellationToken)
    {
        var page = await _steady.LoadAsync(query, SessionQueries.Of(query, new TenantCalendar(Session.Tenant)), cancellationToken);
        _routers = await Lists.OnlineNowAsync(cancellationToken);
        _notes = await Notes.LastAsync([.. page.Rows.Select(row => row.Id)], cancellationToken);
        foreach (var ending in await _endings.FollowAsync(page.Rows, cancellationToken))
            Tell(ending);
        StateHasChanged();
        return page;
    }

    private void Tell(Ending ending)
    {
        var who = ending.Session.CustomerName ?? ending.Session.UserName;
        if (ending.Refusal is { } refusal)
            Snackbar.Failed($"{who} is still online: {refusal}");
        else
            Snackbar.Done($"{who} is offline; {ending.Session.RouterName} has confirmed it");
    }

    private State StateOf(SessionRow session) => session.EndedAt is not null ? State.Offline
        : _endings.IsEnding(session.Id) ? State.Pending
        : State.Online;

    private string? ReasonOf(SessionRow session) => session.EndedAt is not null ? TerminateCauses.InWords(session.TerminateCause)
        : _endings.IsEnding(session.Id) ? "The router has been told to end it"
        : $"Last heard of {Figures.Relative(session.LastHeardAt, Clock.GetUtcNow(), Session.Zone)}";

    private string Since(SessionRow session) => $"Since {Figures.Exact(session.StartedAt, Session.Zone)}";

    private Task ShowNewcomersAsync()
    {
        _steady.LetGo();
        return _list.ReloadAsync();
    }

    private async Task DisconnectAsync(SessionRow session)
    {
        var who = session.CustomerName ?? session.UserName;
        var consequence = $"1 device at {session.RouterName} goes offline at once. It may come back by itself while there is time left to use.";
        if (!await Dialogs.ConfirmAsync($"Disconnect {who}?", consequence, "Disconnect"))
            return;

        if (!await _endings.BeginAsync(session.Id, CancellationToken.None))
            Snackbar.Done($"{who} was offline already");
        await _list.ReloadAsync();
    }
}
