using EasyIsp.Core.Persistence;
using EasyIsp.Web.Access;
using Microsoft.AspNetCore.Components;

namespace EasyIsp.Web.Blocks;

/// <summary>
/// A component whose figures change by themselves: it loads once, and again whenever the database announces a change of
/// the tables that it watches.
/// </summary>
public abstract class LiveComponent : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private LiveWatch? _watch;

    [Inject] private ChangeFeed Changes { get; set; } = null!;

    [Inject] private TimeProvider Clock { get; set; } = null!;

    [Inject] private ConsoleSession Session { get; set; } = null!;

    /// <summary>Table names as in the database: <c>payments</c>, <c>open_sessions</c>.</summary>
    protected abstract IReadOnlyCollection<string> WatchedTables { get; }

    /// <summary>For figures that are not announced; null where all are.</summary>
    protected virtual TimeSpan? LookEvery => null;

    protected LiveComponent() => Leaving = _ending.Token;

    /// <summary>Cancelled when the person leaves the page; may be asked for after that too, as by a dialog that is answered then.</summary>
    protected CancellationToken Leaving { get; }

    /// <summary>Reads what the component shows. Rendering follows by itself.</summary>
    protected abstract Task LoadAsync(CancellationToken cancellationToken);

    protected override async Task OnInitializedAsync()
    {
        _watch = new LiveWatch(Changes, Clock, Session.Tenant.Id, WatchedTables, LookEvery, () => InvokeAsync(LoadAgainAsync));
        Session.PlaceChanged += OnPlaceChanged;
        await LoadAsync(Leaving);
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        Session.PlaceChanged -= OnPlaceChanged;
        _watch?.Dispose();
        _ending.Cancel();
        _ending.Dispose();
    }

    private void OnPlaceChanged(object? sender, EventArgs e) => _ = InvokeAsync(LoadAgainAsync);

    /// <summary>Loads, and shows what came; for questions that change while the component stands.</summary>
    protected async Task LoadAgainAsync()
    {
        try
        {
            await LoadAsync(Leaving);
            StateHasChanged();
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            // The person has left the page.
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }
}
