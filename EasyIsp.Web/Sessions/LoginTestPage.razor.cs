using EasyIsp.Core.Sessions;
using EasyIsp.Core.Sessions.Trials;
using Microsoft.AspNetCore.Components;

namespace EasyIsp.Web.Sessions;

/// <summary>Asks a worker what a login would be answered, and shows it when it has come.</summary>
public sealed partial class LoginTestPage
{
    /// <summary>A worker takes a test within milliseconds, and decides as quickly as the database answers.</summary>
    private static readonly TimeSpan TakenWithin = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(20);

    private readonly LoginTestInput _input = new();
    private IReadOnlyList<RouterOnline>? _routers;
    private LoginTestSubject? _subject;
    private LoginTestStatus? _test;
    private Wait _wait;

    private enum Wait
    {
        IsOver,
        Goes,
        NobodyTook,
        NoAnswer,
    }

    [Inject] private LoginTestDesk Desk { get; set; } = null!;

    [Inject] private SessionLists Sessions { get; set; } = null!;

    [Inject] private TimeProvider Clock { get; set; } = null!;

    [SupplyParameterFromQuery] private string? Customer { get; set; }

    [SupplyParameterFromQuery] private string? Router { get; set; }

    [SupplyParameterFromQuery] private string? User { get; set; }

    [SupplyParameterFromQuery] private string? Kind { get; set; }

    [SupplyParameterFromQuery] private string? Method { get; set; }

    [SupplyParameterFromQuery] private string? Mac { get; set; }

    protected override IReadOnlyCollection<string> WatchedTables { get; } = ["login_tests"];

    /// <summary>That nobody answers is announced by nobody.</summary>
    protected override TimeSpan? LookEvery => TimeSpan.FromSeconds(1);

    private bool IsWaiting => _wait is Wait.Goes;

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_routers is null)
            await FillInAsync(cancellationToken);
        if (IsWaiting)
            await LookAsync(cancellationToken);
    }

    private async Task FillInAsync(CancellationToken cancellationToken)
    {
        var routers = (await Sessions.OnlineNowAsync(cancellationToken)).OrderBy(router => router.RouterName, StringComparer.CurrentCulture).ToList();
        (_input.UserName, _input.MacAddress) = (User, Mac);
        if (Guid.TryParse(Customer, out var customerId) && await Desk.CustomerAsync(customerId, cancellationToken) is { } subject)
            _input.Choose(_subject = subject);
        if (Enum.TryParse<LoginTestKind>(Kind, ignoreCase: true, out var kind))
            _input.Choose(kind);
        if (Enum.TryParse<LoginTestMethod>(Method, ignoreCase: true, out var method) && _input.Methods.Contains(method))
            _input.Method = method;
        var chosen = Guid.TryParse(Router, out var routerId) ? routers.Find(router => router.RouterId == routerId) : null;
        _input.RouterId = (chosen ?? (routers.Count == 1 ? routers[0] : null))?.RouterId;
        _routers = routers;
    }

    private async Task<IReadOnlyList<LoginTestFault>> AskAsync(LoginTestDraft draft)
    {
        switch (await Desk.AskAsync(draft, Leaving))
        {
            case LoginTestOutcome.Asked asked:
                _test = await Desk.FindAsync(asked.TestId, Leaving);
                _wait = _test?.Result is null ? Wait.Goes : Wait.IsOver;
                StateHasChanged();
                return [];
            case LoginTestOutcome.Refused refused:
                return refused.Faults;
            default:
                return [];
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var test = await Desk.FindAsync(_test!.Id, cancellationToken) ?? _test;
        var waited = Clock.GetUtcNow() - test.AskedAt;
        var isGivenUp = test.IsGivenUp || (test.TakenAt is null && waited > TakenWithin && await Desk.GiveUpAsync(test.Id, cancellationToken));
        _test = test;
        _wait = test.Result is not null ? Wait.IsOver
            : isGivenUp ? Wait.NobodyTook
            : waited > AnsweredWithin ? Wait.NoAnswer
            : Wait.Goes;
    }
}
