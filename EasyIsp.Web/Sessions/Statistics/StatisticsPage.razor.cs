using EasyIsp.Core.Identity;
using EasyIsp.Core.Reports;
using EasyIsp.Core.Tenancy;
using EasyIsp.Web.Access;
using EasyIsp.Web.Blocks;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace EasyIsp.Web.Sessions.Statistics;

/// <summary>How the network was used in a period. Everything that is asked stands in the address.</summary>
public sealed partial class StatisticsPage : IListPage
{
    /// <summary>So many days fit into one chart hour by hour.</summary>
    private const int HoursForDays = 2;

    private SessionFigures? _figures;
    private CustomerFigures? _customers;
    private StatisticsChoices _choices = new([], []);
    private StatisticsQuery? _question;
    private DateOnly _today;
    private bool _isWaiting;

    [Inject] private SessionStatistics Statistics { get; set; } = null!;

    [Inject] private CustomerStatistics Customers { get; set; } = null!;

    [Inject] private ConsoleSession Session { get; set; } = null!;

    [Inject] private NavigationManager Navigation { get; set; } = null!;

    [Inject] private TimeProvider Now { get; set; } = null!;

    public ListQuery Query { get; private set; } = new();

    protected override IReadOnlyCollection<string> WatchedTables => [];

    /// <summary>They are counted every five minutes.</summary>
    protected override TimeSpan? LookEvery => TimeSpan.FromMinutes(1);

    public void Go(ListQuery query) => Navigation.NavigateTo(query.AddressOn(StatisticsQueries.Path));

    protected override async Task OnInitializedAsync()
    {
        Query = ListQuery.From(Navigation);
        Navigation.LocationChanged += OnLocationChanged;
        _choices = await Statistics.ChoicesAsync(Leaving);
        await base.OnInitializedAsync();
    }

    /// <summary>Different customers take longer to count: the other figures do not wait for them.</summary>
    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _today = new TenantCalendar(Session.Tenant).DayOf(Now.GetUtcNow());
        var question = StatisticsQueries.Of(Query, _today);
        var figures = await Statistics.ReadAsync(question, cancellationToken);
        if (question != StatisticsQueries.Of(Query, _today))
            return; // another question was asked meanwhile

        var isNews = question != _question || figures.CountedAt != _figures?.CountedAt;
        if (question != _question)
            _customers = null;
        (_question, _figures, _isWaiting) = (question, figures, false);
        StateHasChanged();
        if (!isNews && _customers is not null)
            return;

        var customers = await Customers.ReadAsync(question, cancellationToken);
        if (question == _question)
            _customers = customers;
    }

    protected override void Dispose(bool disposing)
    {
        Navigation.LocationChanged -= OnLocationChanged;
        base.Dispose(disposing);
    }

    private string? FileOf(string table) => Session.May(Permission.SessionsExport) ? Query.AddressOn($"{StatisticsQueries.Path}/{table}.csv") : null;

    private void OnLocationChanged(object? sender, LocationChangedEventArgs arrival)
    {
        var query = ListQuery.From(Navigation);
        if (query == Query || new Uri(Navigation.Uri).AbsolutePath != StatisticsQueries.Path)
            return;

        Query = query;
        _isWaiting = true;
        _ = InvokeAsync(LoadAgainAsync);
    }
}
