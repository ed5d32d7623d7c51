using System.Diagnostics;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Emulators.Daraja;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Testing.Chaos;

/// <summary>
/// Many people pay over all rails at once while everything goes wrong: messages lost, late, doubled, out of order, broken
/// and forged, and Portal, Web and PostgreSQL killed on the way. Then what the product does by itself is waited for, staff
/// settle what waits for a person, and the books must say what the provider's own statement says.
/// </summary>
public sealed class PaymentChaos : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>A payer waits no longer with his thumb on "Ask M-Pesa now".</summary>
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(10);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly ChaosTown _town;
    private readonly int _seed;

    private PaymentChaos(ChaosTown town, int seed) => (_town, _seed) = (town, seed);

    public static async Task<PaymentChaos> OpenAsync(int seed, CancellationToken cancellationToken)
        => new(await ChaosTown.FoundAsync(cancellationToken), seed);

    /// <param name="count">Payments that are begun, over all rails; a tenth of the prompts are refused by their payers.</param>
    /// <param name="kills">Of the three together.</param>
    public async Task<ChaosReport> RunAsync(int count, int kills, CancellationToken cancellationToken)
    {
        var people = new ChaosPeople(_town, _seed);
        var weather = new ChaosWeather(_town, _seed);
        var killer = new ChaosKiller(_town, _seed);
        weather.Begin();
        _watch.Restart();
        var (paid, quiet) = (TimeSpan.Zero, TimeSpan.Zero);
        using var clearing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var changing = weather.ChangeAsync(clearing.Token);
        try
        {
            await TogetherAsync(
                [token => PayAsync(people, count, token), token => killer.KillAsync(kills, () => (double)people.Begun / count, token)],
                cancellationToken);
            paid = Lap();
            await WaitAsync(() => IsQuietAsync(cancellationToken), cancellationToken);
            quiet = Lap();
        }
        finally
        {
            await clearing.CancelAsync();
        }

        await changing;
        await people.PassOnSmsAsync(cancellationToken);
        await SettleAsync(cancellationToken);
        var placed = await new ChaosStaff(_town).SettleSuspenseAsync(cancellationToken);
        var report = await new ChaosBooks(_town, people).CloseAsync(killer.Kills, placed, cancellationToken);
        return report with { Took = [paid, quiet, Lap()] };
    }

    private TimeSpan Lap()
    {
        var elapsed = _watch.Elapsed;
        _watch.Restart();
        return elapsed;
    }

    /// <summary>What the processes wrote last: for who has to find out what went wrong.</summary>
    public IEnumerable<string> Logs => _town.Portal.Output.Concat(_town.Web.Output);

    public ValueTask DisposeAsync() => _town.DisposeAsync();

    /// <summary>First the Paybill's, then with the till.</summary>
    private async Task PayAsync(ChaosPeople people, int count, CancellationToken cancellationToken)
    {
        var hasPaid = new TaskCompletionSource();
        await TogetherAsync([PayHalvesAsync, token => PassOnAsync(people, hasPaid.Task, token)], cancellationToken);

        async Task PayHalvesAsync(CancellationToken token)
        {
            try
            {
                await people.PayAsync(0, count / 2, token);
                await _town.OpenTillAsync(token);
                await people.PayAsync(count / 2, count - (count / 2), token);
            }
            finally
            {
                hasPaid.SetResult();
            }
        }
    }

    /// <summary>The first that fails ends the others, and its fault is the one that is seen.</summary>
    private static async Task TogetherAsync(Func<CancellationToken, Task>[] works, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var failed = Task.CompletedTask;
        await foreach (var ended in Task.WhenEach(works.Select(work => work(ending.Token)).ToList()))
        {
            if (ended.IsCompletedSuccessfully || !failed.IsCompletedSuccessfully)
                continue;
            failed = ended;
            await ending.CancelAsync();
        }

        await failed;
    }

    /// <summary>What comes after that is passed on when all is quiet.</summary>
    private static async Task PassOnAsync(ChaosPeople people, Task until, CancellationToken cancellationToken)
    {
        while (!until.IsCompleted)
        {
            await people.PassOnSmsAsync(cancellationToken);
            await Task.Delay(500, cancellationToken);
        }
    }

    /// <summary>Every prompt was sent, all payers have answered, and whatever the provider would still send has been sent.</summary>
    private async Task<bool> IsQuietAsync(CancellationToken cancellationToken)
    {
        if (await ReadAsync(IsSendingAsync, cancellationToken))
            return false;

        var since = TimeProvider.System.GetUtcNow() - ChaosWeather.Latest;
        var daraja = _town.Provider.Daraja;
        return daraja.Prompts.All(prompt => prompt.SettledAt < since) && daraja.Statement.Lines.All(line => line.SettledAt < since);
    }

    /// <summary>Everything that came is read; the statement is pulled, at the second try; who waits asks himself.</summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        await WaitAsync(async () => !await ReadAsync(WaitsAsync, cancellationToken), cancellationToken);
        foreach (var account in new[] { _town.PaybillId, _town.TillId!.Value })
        {
            _town.Provider.Daraja.Options.PullFault = DarajaFault.HtmlPage;
            await PullAsync(account, cancellationToken);
            _town.Provider.Daraja.Options.PullFault = DarajaFault.None;
            if (await PullAsync(account, cancellationToken) is not { Failure: null })
                throw new InvalidOperationException("The statement could not be pulled.");
        }

        await WaitAsync(async () =>
        {
            var silent = TimeProvider.System.GetUtcNow() - Silent;
            var open = await ReadAsync(
                db => db.PaymentRequests.Where(r => r.State == PaymentRequestState.Pending && r.SubmittedAt < silent).Select(r => r.Id).ToListAsync(cancellationToken),
                cancellationToken);
            foreach (var request in open)
                await _town.InsistAsync<PaymentInquiry, PaymentRequestState?>(inquiry => inquiry.AskAsync(request, cancellationToken), cancellationToken);
            return open.Count == 0;
        }, cancellationToken);
    }

    private Task<PullReport?> PullAsync(Guid account, CancellationToken cancellationToken)
        => _town.InsistAsync<PullDesk, PullReport?>(desk => desk.PullNowAsync(account, cancellationToken), cancellationToken);

    private static Task<bool> IsSendingAsync(Core.Persistence.IspDbContext db)
        => db.PaymentRequests.AnyAsync(r => r.State == PaymentRequestState.Created || r.State == PaymentRequestState.Submitting);

    private static async Task<bool> WaitsAsync(Core.Persistence.IspDbContext db)
        => await db.ProviderMessages.AnyAsync(m => m.ProcessedAt == null) || await db.MoneySms.AnyAsync(s => s.ProcessedAt == null);

    private Task<T> ReadAsync<T>(Func<Core.Persistence.IspDbContext, Task<T>> query, CancellationToken cancellationToken)
        => _town.InsistAsync<Core.Persistence.IspDatabase, T>(async database =>
        {
            await using var db = await database.OpenAsync(cancellationToken);
            return await query(db);
        }, cancellationToken);

    private static async Task WaitAsync(Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (!await condition())
            await Task.Delay(200, patience.Token);
    }
}
