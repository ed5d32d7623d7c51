using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments.Reconciliation;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Core.Tenancy;
using EasyIsp.Web.Access;
using EasyIsp.Web.Blocks;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace EasyIsp.Web.Payments.Reconciliation;

/// <summary>Whether the provider's statement, the payments, the ledger and the access are the same, day by day.</summary>
public sealed partial class ReconciliationPage : IListPage
{
    private ReconciliationFigures? _figures;
    private BooksToday? _books;
    private IReadOnlyList<ReconciledAccount> _accounts = [];
    private IReadOnlyList<UnreadRow> _unread = [];
    private ReconciliationQuery? _question;
    private bool _isWaiting;

    [Inject] private ReconciliationReport Report { get; set; } = null!;

    [Inject] private UnreadRows Unread { get; set; } = null!;

    [Inject] private ConsoleSession Session { get; set; } = null!;

    [Inject] private NavigationManager Navigation { get; set; } = null!;

    [Inject] private TimeProvider Now { get; set; } = null!;

    public ListQuery Query { get; private set; } = new();

    protected override IReadOnlyCollection<string> WatchedTables => [];

    protected override TimeSpan? LookEvery => TimeSpan.FromMinutes(1);

    public void Go(ListQuery query) => Navigation.NavigateTo(query.AddressOn(ReconciliationQueries.Path));

    protected override async Task OnInitializedAsync()
    {
        Query = ListQuery.From(Navigation);
        Navigation.LocationChanged += OnLocationChanged;
        _accounts = await Report.AccountsAsync(Leaving);
        await base.OnInitializedAsync();
    }

    /// <summary>All books together take longer to add up than some days: these do not wait for them.</summary>
    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var question = Asked();
        var figures = await Report.ReadAsync(question, cancellationToken);
        if (question != Asked())
            return; // another question was asked meanwhile

        _unread = await Unread.ListAsync(question.AccountId, cancellationToken);
        (_question, _figures, _isWaiting) = (question, figures, false);
        StateHasChanged();
        _books = await Report.BooksAsync(cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        Navigation.LocationChanged -= OnLocationChanged;
        base.Dispose(disposing);
    }

    private ReconciliationQuery Asked() => ReconciliationQueries.Of(Query, new TenantCalendar(Session.Tenant).DayOf(Now.GetUtcNow()));

    private string? FileOf(string table) => Session.May(Permission.ReconciliationExport) ? Query.AddressOn($"{ReconciliationQueries.Path}/{table}.csv") : null;

    private void OnLocationChanged(object? sender, LocationChangedEventArgs arrival)
    {
        var query = ListQuery.From(Navigation);
        if (query == Query || new Uri(Navigation.Uri).AbsolutePath != ReconciliationQueries.Path)
            return;

        Query = query;
        _isWaiting = true;
        _ = InvokeAsync(LoadAgainAsync);
    }
}
