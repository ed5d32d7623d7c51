using EasyIsp.Core.Ledger;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Reconciliation;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Emulators.Daraja;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>What came is pulled from the provider's own books (mpesa.md, 10), whatever else is lost.</summary>
public sealed class StatementPullTests(PostgresServer server) : IAsyncLifetime
{
    private SafaricomWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await SafaricomWorld.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_every_callback_and_confirmation_lost_every_payment_is_found_and_booked_once()
    {
        var customer = await RegisterCustomerAsync(1042);
        await RegisterAsync();
        _world.DropsEverything = true;
        var requests = new List<PaymentRequest>();
        for (var number = 0; number < 12; number++)
        {
            requests.Add(await _world.PromptedAsync($"+2547120003{number:D2}"));
            await _world.PayAsync(number % 2 == 0 ? "1042" : "nobody's", 30 + number);
            _world.World.Clock.Advance(TimeSpan.FromMinutes(7));
        }

        Assert.Equal(0, await _world.World.ReadAsync(db => db.Payments.CountAsync(Cancelled)));
        await Pulls.PullRecentAsync(Cancelled);
        await Pulls.SweepAsync(Cancelled);

        var statement = _world.Safaricom.Statement.Lines;
        var payments = await PaymentsAsync();
        Assert.Equal(24, statement.Count);
        Assert.Equal(statement.Select(line => (line.Receipt, line.Amount)).Order(), payments.Select(p => (p.Receipt!, p.Amount)).Order());
        Assert.Equal(_world.Safaricom.Statement.Total, await _world.BalanceAsync(LedgerAccountKind.MobileMoney));
        Assert.All(requests, request => Assert.Contains(payments, p => p.PaymentRequestId == request.Id && p.CustomerId == request.CustomerId));
        Assert.Equal(6, payments.Count(p => p.CustomerId == customer));
        Assert.Equal(6, payments.Count(p => p.IsInSuspense));
        Assert.Equal(12, await _world.World.ReadAsync(db => db.Purchases.CountAsync(Cancelled)));

        // What was lost comes after all, and nothing doubles.
        _world.DropsEverything = false;
        await _world.PassAsync(TimeSpan.Zero, posts: 12, () =>
        {
            foreach (var prompt in _world.Safaricom.Prompts)
                _world.Safaricom.Callbacks.Deliver(prompt);
        });
        Assert.Equal(24, (await PaymentsAsync()).Count);
        Assert.Equal(_world.Safaricom.Statement.Total, await _world.BalanceAsync(LedgerAccountKind.MobileMoney));
    }

    [Fact]
    public async Task What_came_before_pulling_was_switched_on_is_another_systems()
    {
        await _world.PayAsync("1042", 50);
        _world.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await RegisterAsync();
        await _world.PayAsync("1043", 60);

        await Pulls.SweepAsync(Cancelled);

        Assert.Equal([60m], (await PaymentsAsync()).Select(p => p.Amount));
    }

    [Fact]
    public async Task After_a_silence_of_the_provider_the_pull_reaches_back_to_where_it_was()
    {
        await RegisterAsync();
        await Pulls.PullRecentAsync(Cancelled);
        _world.Options.PullFault = DarajaFault.HtmlPage;
        await _world.PayAsync("1042", 50);
        for (var hour = 0; hour < 5; hour++)
        {
            _world.World.Clock.Advance(TimeSpan.FromHours(1));
            await Pulls.PullRecentAsync(Cancelled);
        }

        Assert.NotNull((await PullAsync()).Failure);
        _world.Options.PullFault = DarajaFault.None;
        await Pulls.PullRecentAsync(Cancelled);

        Assert.Equal([50m], (await PaymentsAsync()).Select(p => p.Amount));
        Assert.Null((await PullAsync()).Failure);
    }

    [Fact]
    public async Task Get_and_the_other_zone_are_settings_and_a_wrong_zone_is_noticed()
    {
        (_world.Options.PullByGet, _world.Options.PullTimesAreUtc) = (true, true);
        await RegisterAsync();
        await ConfirmAsync();
        await _world.PayAsync("1042", 50);
        await _world.PassAsync(TimeSpan.FromSeconds(1), posts: 1);
        await SettleAsync(byGet: true, PullZone.EastAfrica);

        await Pulls.PullRecentAsync(Cancelled);
        Assert.NotNull((await PullAsync()).ZoneDoubtedAt);
        Assert.Equal(0, await _world.World.ReadAsync(db => db.StatementCovers.CountAsync(Cancelled)));

        await SettleAsync(byGet: true, PullZone.Utc);
        await _world.PayAsync("1042", 60);
        await _world.PassAsync(TimeSpan.FromSeconds(1), posts: 1);
        await Pulls.PullRecentAsync(Cancelled);
        Assert.Null((await PullAsync()).ZoneDoubtedAt);
        Assert.Equal(2, await _world.World.ReadAsync(db => db.StatementLines.CountAsync(l => l.Outcome == ProviderMessageOutcome.Repeated, Cancelled)));
    }

    [Fact]
    public async Task A_row_of_another_amount_than_is_booked_changes_nothing_and_says_so()
    {
        await RegisterAsync();
        var receipt = await _world.PayAsync("1042", 50);
        await _world.World.WriteAsync(async db =>
        {
            var account = await db.PaymentAccounts.SingleAsync(Cancelled);
            await _world.World.Services.GetRequiredService<StatementBooking>().TakeAsync(
                db, account, new PulledRow(receipt, 70, null, null, null, null), StatementSource.Inquiry, Cancelled);
            return 0;
        });

        await Pulls.PullRecentAsync(Cancelled);

        Assert.Equal([70m], (await PaymentsAsync()).Select(p => p.Amount));
        var figures = await ReconciledAsync();
        var difference = Assert.Single(figures.Differences);
        Assert.Equal((DifferenceKind.AmountDiffers, 50m, 70m), (difference.Kind, difference.Stated, difference.Booked));
        Assert.Equal(-20, figures.Days[0].Sums.Difference);
    }

    [Fact]
    public async Task A_known_row_that_names_another_amount_later_is_a_difference()
    {
        await RegisterAsync();
        var receipt = await _world.PayAsync("1042", 50);
        await Pulls.PullRecentAsync(Cancelled);
        await _world.World.WriteAsync(async db =>
        {
            var account = await db.PaymentAccounts.SingleAsync(Cancelled);
            await _world.World.Services.GetRequiredService<StatementBooking>().TakeAsync(
                db, account, new PulledRow(receipt, 80, null, null, null, null), StatementSource.Upload, Cancelled);
            return 0;
        });

        var difference = Assert.Single((await ReconciledAsync()).Differences);

        Assert.Equal((DifferenceKind.AmountDiffers, 80m, 50m, "M-Pesa had said 50.00 before."), (difference.Kind, difference.Stated, difference.Booked, difference.Note));
        await Pulls.PullRecentAsync(Cancelled);
        Assert.Empty((await ReconciledAsync()).Differences);
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_is_kept_and_its_hours_prove_nothing_until_somebody_says_what_it_is()
    {
        await RegisterAsync();
        _world.Options.PullOddReceipt = await _world.PayAsync("1042", 50);
        _world.World.Clock.Advance(TimeSpan.FromHours(1));
        await Pulls.PullRecentAsync(Cancelled);
        await Pulls.SweepAsync(Cancelled);

        var row = Assert.Single(await UnreadAsync());
        Assert.Contains("fifty", row.Text, StringComparison.Ordinal);
        Assert.Empty(await PaymentsAsync());
        Assert.Equal(0, await _world.World.ReadAsync(db => db.StatementCovers.CountAsync(Cancelled)));
        Assert.Equal(StatementCoverage.None, (await ReconciledAsync()).Days[0].Coverage);

        Assert.False(await ExplainAsync(row.Id, " "));
        Assert.True(await ExplainAsync(row.Id, "A test of ours"));
        Assert.False(await ExplainAsync(row.Id, "Again"));
        await Pulls.PullRecentAsync(Cancelled);

        Assert.Empty(await UnreadAsync());
        Assert.Equal(1, await _world.World.ReadAsync(db => db.StatementCovers.CountAsync(Cancelled)));
    }

    private StatementPulls Pulls => _world.World.Services.GetRequiredService<StatementPulls>();

    private Uri Portal => new(_world.World.Services.GetRequiredService<IOptions<PaymentsOptions>>().Value.PublicUrl);

    private async Task RegisterAsync() => Assert.IsType<PullRegistration.Registered>(await _world.World.AsTenantAsync<PullDesk, PullRegistration?>(
        desk => desk.RegisterAsync(_world.AccountId, "0722 000 000", Portal, Cancelled)));

    private async Task ConfirmAsync() => Assert.IsType<C2bRegistration.Registered>(await _world.World.AsTenantAsync<C2bRegistrations, C2bRegistration?>(
        registrations => registrations.RegisterAsync(_world.AccountId, Portal, Cancelled)));

    private Task<bool> SettleAsync(bool byGet, PullZone zone)
        => _world.World.AsTenantAsync<PullDesk, bool>(desk => desk.SettleAsync(_world.AccountId, byGet, zone, Cancelled));

    private async Task<StatementPull> PullAsync()
        => (await _world.World.AsTenantAsync<PullDesk, StatementPull?>(desk => desk.FindAsync(_world.AccountId, Cancelled)))!;

    private Task<IReadOnlyList<UnreadRow>> UnreadAsync()
        => _world.World.AsTenantAsync<UnreadRows, IReadOnlyList<UnreadRow>>(rows => rows.ListAsync(_world.AccountId, Cancelled));

    private Task<bool> ExplainAsync(Guid row, string reason)
        => _world.World.AsTenantAsync<UnreadRows, bool>(rows => rows.ExplainAsync(row, reason, Cancelled));

    private Task<ReconciliationFigures> ReconciledAsync()
    {
        var today = DateOnly.FromDateTime(_world.World.Clock.GetUtcNow().AddHours(3).DateTime);
        return _world.World.AsTenantAsync<ReconciliationReport, ReconciliationFigures>(report => report.ReadAsync(new ReconciliationQuery(today, today), Cancelled));
    }

    private Task<List<Payment>> PaymentsAsync() => _world.World.ReadAsync(db => db.Payments.AsNoTracking().ToListAsync(Cancelled));

    private Task<Guid> RegisterCustomerAsync(long number) => _world.World.WriteAsync(db =>
    {
        var customer = Core.Customers.Customer.Register(
            _world.World.TenantId, number, Core.Shared.AccessType.Hotspot, new Core.Customers.CustomerProfile("Jane", null), $"c{number}", null, _world.World.Clock.GetUtcNow());
        db.Customers.Add(customer);
        return Task.FromResult(customer.Id);
    });
}
