using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using EasyIsp.Web.Access;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using MudBlazor;

namespace EasyIsp.Web.Blocks;

/// <summary>What sort headers and filter chips need of the list that they stand in.</summary>
public interface IListPage
{
    ListQuery Query { get; }

    /// <summary>Puts the query into the address; the rows follow.</summary>
    void Go(ListQuery query);
}

public sealed partial class ListPage<T> : ComponentBase, IListPage, IDisposable where T : class
{
    private CancellationTokenSource _loading = new();
    private HashSet<T> _chosen = [];
    private Page<T>? _rows;
    private LiveWatch? _watch;
    private bool _fault;
    private bool _isWaiting;
    private bool _isOver;

    [Parameter, EditorRequired] public string Title { get; set; } = null!;

    /// <summary>Stands on a page of one thing, whose head has the title and the actions.</summary>
    [Parameter] public bool IsPart { get; set; }

    /// <summary>Reads one page; the token ends when the question is no longer asked.</summary>
    [Parameter, EditorRequired] public Func<ListQuery, CancellationToken, Task<Page<T>>> Load { get; set; } = null!;

    [Parameter, EditorRequired] public RenderFragment Columns { get; set; } = null!;

    /// <summary>Two lines for a phone; without it the table is shown there too.</summary>
    [Parameter] public RenderFragment<T>? PhoneRow { get; set; }

    [Parameter] public Func<T, string>? RowHref { get; set; }

    /// <summary>The one primary action, and what stands beside it.</summary>
    [Parameter] public RenderFragment? Actions { get; set; }

    /// <summary>What is to be known before the rows are read.</summary>
    [Parameter] public RenderFragment? Asides { get; set; }

    [Parameter] public RenderFragment? Filters { get; set; }

    /// <summary>Appear when rows are chosen; without them rows cannot be chosen.</summary>
    [Parameter] public RenderFragment<IReadOnlyCollection<T>>? BulkActions { get; set; }

    /// <summary>What can be searched for; null where the list has no search.</summary>
    [Parameter] public string? SearchHint { get; set; }

    /// <summary>
    /// Of a list that is not counted: the row's key, after which the next page begins (<see cref="ListQuery.After"/>). The
    /// total then only says whether there is more than the rows.
    /// </summary>
    [Parameter] public Func<T, string>? EndlessBy { get; set; }

    /// <summary>Tables whose changes reload the rows in place.</summary>
    [Parameter] public IReadOnlyCollection<string> Watch { get; set; } = [];

    /// <summary>For figures that are not announced; null where all are.</summary>
    [Parameter] public TimeSpan? LookEvery { get; set; }

    [Parameter, EditorRequired] public string EmptyTitle { get; set; } = null!;

    [Parameter] public string EmptyIcon { get; set; } = Icons.Material.Outlined.Inbox;

    /// <summary>Teaches the next step, with its button.</summary>
    [Parameter, EditorRequired] public RenderFragment Empty { get; set; } = null!;

    [Inject] private NavigationManager Navigation { get; set; } = null!;

    [Inject] private ChangeFeed Changes { get; set; } = null!;

    [Inject] private TimeProvider Clock { get; set; } = null!;

    [Inject] private ConsoleSession Session { get; set; } = null!;

    [Inject] private ILogger<ListPage<T>> Logger { get; set; } = null!;

    public ListQuery Query { get; private set; } = new();

    private int First => ((Query.PageNumber - 1) * ListQuery.PageSize) + 1;

    public void Go(ListQuery query) => Navigation.NavigateTo(query.AddressOn(new Uri(Navigation.Uri).AbsolutePath));

    /// <summary>Reads the rows again, in place. Of several at once the last one counts.</summary>
    public async Task ReloadAsync()
    {
        if (_isOver)
            return;

        var (before, mine) = (_loading, new CancellationTokenSource());
        var token = mine.Token;
        _loading = mine;
        await before.CancelAsync();
        before.Dispose();
        if (_loading != mine)
            return; // another question was asked meanwhile

        try
        {
            var loading = Load(Query, token);
            await ShowWaitingAfterPauseAsync(loading, token);
            var rows = await loading;
            if (_loading != mine)
                return;

            _rows = rows;
            _chosen = [.. _chosen.Intersect(_rows.Rows)];
            _fault = false;
        }
        catch (OperationCanceledException) when (_loading != mine || _isOver)
        {
            return;
        }
        catch (Exception exception)
        {
            LogFailed(Logger, exception, Title);
            if (_loading != mine)
                return;
            _fault = true;
        }

        _isWaiting = false;
        StateHasChanged();
    }

    private void OnPlaceChanged(object? sender, EventArgs e) => _ = InvokeAsync(ReloadAsync);

    protected override async Task OnInitializedAsync()
    {
        Query = ListQuery.From(Navigation);
        Navigation.LocationChanged += OnLocationChanged;
        Session.PlaceChanged += OnPlaceChanged;
        if (Watch.Count > 0 || LookEvery is not null)
            _watch = new LiveWatch(Changes, Clock, Session.Access?.Tenant.Id, Watch, LookEvery, () => InvokeAsync(ReloadAsync));
        await ReloadAsync();
    }

    public void Dispose()
    {
        _isOver = true;
        Navigation.LocationChanged -= OnLocationChanged;
        Session.PlaceChanged -= OnPlaceChanged;
        _watch?.Dispose();
        _loading.Cancel();
        _loading.Dispose();
    }

    /// <summary>Old rows stay for 200 ms before they fade: most answers are there by then.</summary>
    private async Task ShowWaitingAfterPauseAsync(Task loading, CancellationToken cancellationToken)
    {
        if (await Task.WhenAny(loading, Task.Delay(TimeSpan.FromMilliseconds(200), Clock, cancellationToken)) == loading || cancellationToken.IsCancellationRequested)
            return;

        _isWaiting = true;
        StateHasChanged();
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs arrival)
    {
        var query = ListQuery.From(Navigation);
        if (query == Query)
            return;

        Query = query;
        _ = InvokeAsync(ReloadAsync);
    }

    private void Open(DataGridRowClickEventArgs<T> click)
    {
        if (RowHref is not null)
            Navigation.NavigateTo(RowHref(click.Item));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The list {Title} could not be loaded")]
    private static partial void LogFailed(ILogger logger, Exception exception, string title);
}
