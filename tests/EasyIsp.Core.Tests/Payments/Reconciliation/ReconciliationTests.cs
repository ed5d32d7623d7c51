using EasyIsp.Core.Customers;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Reconciliation;
using EasyIsp.Core.Payments.Refunds;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace EasyIsp.Core.Tests.Payments.Reconciliation;

/// <summary>What the provider's books say, what is booked, and what became of it: the same to the cent, or a list of what to do.</summary>
public sealed class ReconciliationTests(PostgresServer server) : IAsyncLifetime
{
    private SafaricomWorld _world = null!;
    private Guid _jane;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private DateOnly Today => DateOnly.FromDateTime(_world.World.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(3)).DateTime);

    public async ValueTask InitializeAsync()
    {
        _world = await SafaricomWorld.OpenAsync(server);
        _jane = await _world.World.WriteAsync(db =>
        {
            var customer = Customer.Register(
                _world.World.TenantId, 1042, Core.Shared.AccessType.Hotspot, new CustomerProfile("Jane", null), "c1042", null, _world.World.Clock.GetUtcNow());
            db.Customers.Add(customer);
            return Task.FromResult(customer.Id);
        });
        var portal = new Uri(_world.World.Services.GetRequiredService<IOptions<PaymentsOptions>>().Value.PublicUrl);
        await _world.World.AsTenantAsync<C2bRegistrations, C2bRegistration?>(r => r.RegisterAsync(_world.AccountId, portal, Cancelled));
        await _world.World.AsTenantAsync<PullDesk, PullRegistration?>(desk => desk.RegisterAsync(_world.AccountId, "0722 000 000", portal, Cancelled));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_day_is_zero_and_says_what_became_of_its_money()
    {
        await _world.PromptedAsync("+254712345678");
        await _world.PassAsync(TimeSpan.FromSeconds(10), posts: 2);
        await ConfirmedAsync("1042", 100);
        await ConfirmedAsync("nobody's", 30);
        await TakeCashAsync(50);
        await PullAsync();

        var day = await DayAsync();

        Assert.Equal((3, 150m), (day.Sums.StatementLines, day.Sums.Statement));
        Assert.Equal((1, 50m), (day.Sums.CounterPayments, day.Sums.Counter));
        Assert.Equal((4, 200m, 200m), (day.Sums.PaymentCount, day.Sums.Payments, day.Sums.Ledger));
        Assert.Equal((20m, 150m, 30m, 0m), (day.Sums.Access, day.Sums.Unspent, day.Sums.Suspense, day.Sums.GivenBack));
        Assert.Equal((0, 0m, 0m), (day.Sums.Differences, day.Sums.Difference, day.Sums.Awaited));
        Assert.True(await BooksAreEvenAsync());
    }

    [Fact]
    public async Task What_is_spent_later_was_of_the_oldest_money()
    {
        await ConfirmedAsync("1042", 25);
        _world.World.Clock.Advance(TimeSpan.FromDays(1));
        await ConfirmedAsync("1042", 25);

        await SellAsync();
        Assert.Equal([(20m, 5m), (0m, 25m)], await SpentAsync());

        await SellAsync();
        Assert.Equal([(25m, 0m), (15m, 10m)], await SpentAsync());
    }

    [Fact]
    public async Task What_is_given_back_is_a_column_of_its_own()
    {
        var payment = await ConfirmedAsync("nobody's", 30);
        await TakeCashAsync(50);
        await PullAsync();
        await _world.SetInitiatorAsync();

        await _world.World.AsTenantAsync<RefundDesk, AskOutcome>(desk => desk.AskAsync(
            new RefundDraft(Guid.CreateVersion7(), payment.Id, 30, RefundWay.Reversal, "Not ours"), Cancelled));

        var day = await DayAsync();
        Assert.Equal((80m, 0m, 30m, 50m), (day.Sums.Payments, day.Sums.Suspense, day.Sums.GivenBack, day.Sums.Unspent));
        Assert.Equal(0, day.Sums.Differences);
        Assert.True(await BooksAreEvenAsync());
    }

    [Fact]
    public async Task Money_that_the_statement_does_not_name_is_a_difference_once_the_statement_is_late_no_more()
    {
        await ForgeAsync("UA00FORGED", 40);
        await PullAsync();
        Assert.Equal((0, 40m), await AwaitedAsync());
        Assert.False((await DayAsync()).IsZero);

        _world.World.Clock.Advance(TimeSpan.FromMinutes(31));
        await PullAsync();

        var difference = Assert.Single(await DifferencesAsync());
        Assert.Equal((DifferenceKind.NotOnStatement, "UA00FORGED", null, 40m), (difference.Kind, difference.Number, difference.Stated, difference.Booked));
        Assert.Equal(-40, (await DayAsync()).Sums.Difference);
    }

    [Fact]
    public async Task An_explained_difference_counts_no_more_and_is_explained_once()
    {
        await ForgeAsync("UA00FORGED", 40);
        _world.World.Clock.Advance(TimeSpan.FromMinutes(31));
        await PullAsync();
        var difference = Assert.Single(await DifferencesAsync());

        Assert.False(await ExplainAsync(difference.Key, " "));
        Assert.True(await ExplainAsync(difference.Key, "Seen at the bank"));
        Assert.False(await ExplainAsync(difference.Key, "Again"));

        var day = await DayAsync();
        Assert.Equal((0, 1, 0m), (day.Sums.Differences, day.Sums.Explained, day.Sums.Difference));
        Assert.Equal("Seen at the bank", Assert.Single(await DifferencesAsync()).Explanation);
    }

    [Fact]
    public async Task Money_on_no_statement_that_was_explained_is_a_difference_again_when_a_statement_names_another_amount()
    {
        await ForgeAsync("UA00FORGED", 40);
        _world.World.Clock.Advance(TimeSpan.FromMinutes(31));
        await PullAsync();
        Assert.True(await ExplainAsync(Assert.Single(await DifferencesAsync()).Key, "M-Pesa is asked"));

        await LineAsync("UA00FORGED", 50);

        var difference = Assert.Single(await DifferencesAsync());
        Assert.Equal((DifferenceKind.AmountDiffers, null), (difference.Kind, difference.Explanation));
        var before = Assert.Single(difference.Earlier);
        Assert.Equal((DifferenceKind.NotOnStatement, 40m, "M-Pesa is asked"), (before.Kind, before.Booked, before.Reason));
        Assert.Equal(1, (await DayAsync()).Sums.Differences);
    }

    [Fact]
    public async Task An_explanation_counts_while_each_amount_is_what_it_was_and_again_when_it_is()
    {
        var payment = await ConfirmedAsync("1042", 100);
        var line = await LineAsync(payment.Receipt!, 130);
        Assert.True(await ExplainAsync(Assert.Single(await DifferencesAsync()).Key, "A typing error at M-Pesa"));

        await ExecuteAsync("update journal_lines set amount = 90 where amount = 100");
        Assert.Null(Assert.Single(await DifferencesAsync()).Explanation);
        Assert.Equal(1, (await DayAsync()).Sums.Differences);
        await ExecuteAsync("update journal_lines set amount = 100 where amount = 90");
        Assert.Equal("A typing error at M-Pesa", Assert.Single(await DifferencesAsync()).Explanation);

        await ExecuteAsync($"update statement_lines set amount = 150 where id = '{line}'");
        var other = Assert.Single(await DifferencesAsync());
        Assert.Equal((null, 150m, 130m), (other.Explanation, other.Stated, Assert.Single(other.Earlier).Stated));
        Assert.True(await ExplainAsync(other.Key, "Another one"));
        Assert.False(await ExplainAsync(other.Key, "Twice"));
        Assert.Equal(("Another one", 1), (Assert.Single(await DifferencesAsync()).Explanation, (await DayAsync()).Sums.Explained));

        await ExecuteAsync($"update statement_lines set amount = 130 where id = '{line}'");
        var first = Assert.Single(await DifferencesAsync());
        Assert.Equal(("A typing error at M-Pesa", "Another one"), (first.Explanation, Assert.Single(first.Earlier).Reason));
    }

    [Fact]
    public async Task Of_a_day_that_has_just_begun_nothing_is_claimed_and_yesterdays_last_minutes_wait()
    {
        // 23:50 in Nairobi.
        var now = _world.World.Clock.GetUtcNow();
        _world.World.Clock.Advance(now.Date.AddHours(20).AddMinutes(50) - now.UtcDateTime);
        var yesterday = Today;
        await ForgeAsync("UA00FORGED", 40);
        _world.World.Clock.Advance(TimeSpan.FromMinutes(15));
        await ForgeAsync("UA01FORGED", 30);
        _world.World.Clock.Advance(TimeSpan.FromMinutes(10));
        await PullAsync();

        var days = (await ReadAsync(yesterday, Today)).Days;
        Assert.Equal([0, 0], days.Select(day => day.Sums.Differences));
        Assert.Equal([40m, 30m], days.Select(day => day.Sums.Awaited));
        Assert.Equal([StatementCoverage.Whole, StatementCoverage.NotYet], days.Select(day => day.Coverage));
        Assert.All(days, day => Assert.False(day.IsZero));

        _world.World.Clock.Advance(TimeSpan.FromMinutes(25));
        await PullAsync();
        days = (await ReadAsync(yesterday, Today)).Days;
        Assert.Equal([1, 1], days.Select(day => day.Sums.Differences));
        Assert.Equal([StatementCoverage.Whole, StatementCoverage.Whole], days.Select(day => day.Coverage));
    }

    [Fact]
    public async Task An_account_that_was_opened_just_now_takes_nothing_from_what_is_read_of_the_others()
    {
        _world.World.Clock.Advance(TimeSpan.FromHours(1));
        await PullAsync();
        await _world.World.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Till", "https://daraja.example", "600222", "555666", "key", "secret", "passkey"), Cancelled));
        _world.World.Clock.Advance(TimeSpan.FromMinutes(10));
        await PullAsync();
        Assert.Equal(StatementCoverage.Whole, (await DayAsync()).Coverage);

        _world.World.Clock.Advance(TimeSpan.FromMinutes(30));
        await PullAsync();
        Assert.Equal(StatementCoverage.Part, (await DayAsync()).Coverage);
    }

    [Fact]
    public async Task A_disabled_account_needs_a_statement_until_it_was_disabled_and_of_the_days_on_which_money_still_came()
    {
        _world.World.Clock.Advance(TimeSpan.FromHours(1));
        Assert.True(await _world.World.AsTenantAsync<PaymentAccounts, bool>(accounts => accounts.DisableAsync(_world.AccountId, Cancelled)));
        var first = Today;
        _world.World.Clock.Advance(TimeSpan.FromDays(2));
        await ForgeAsync("UA00LATE01", 40);
        _world.World.Clock.Advance(TimeSpan.FromDays(2));

        Assert.Equal(
            [StatementCoverage.None, StatementCoverage.NotNeeded, StatementCoverage.None, StatementCoverage.NotNeeded, StatementCoverage.NotNeeded],
            await CoverageAsync(first));
        var late = (await ReadAsync(first.AddDays(2), first.AddDays(2))).Days[0];
        Assert.Equal((40m, 40m, false), (late.Sums.Payments, late.Sums.Awaited, late.IsZero));

        await CoverAsync(_world.World.Clock.GetUtcNow().AddDays(-5), _world.World.Clock.GetUtcNow().AddDays(-4).AddHours(-0.5));
        Assert.Equal(StatementCoverage.Part, (await CoverageAsync(first))[0]);
        await CoverAsync(_world.World.Clock.GetUtcNow().AddDays(-4).AddHours(-0.5), _world.World.Clock.GetUtcNow().AddDays(-4));
        Assert.Equal(StatementCoverage.Whole, (await CoverageAsync(first))[0]);

        await CoverAsync(_world.World.Clock.GetUtcNow().AddDays(-2).AddHours(-3), _world.World.Clock.GetUtcNow().AddDays(-2).AddHours(3));
        Assert.Equal(StatementCoverage.Part, (await CoverageAsync(first))[2]);
        Assert.Equal((1, DifferenceKind.NotOnStatement), ((await ReadAsync(first.AddDays(2), first.AddDays(2))).Days[0].Sums.Differences, Assert.Single((await ReadAsync(first, Today)).Differences).Kind));
    }

    [Fact]
    public async Task A_line_without_a_payment_is_booked_into_suspense_once()
    {
        var line = await LineAsync("UA00NOBODY", 70);
        Assert.Equal((1, 70m), (((await DayAsync()).Sums.Differences), (await DayAsync()).Sums.Difference));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => BookAsync(line)));

        Assert.Single(outcomes.OfType<BookLineOutcome.Booked>(), booked => booked.PaymentId is not null);
        Assert.Empty(await DifferencesAsync());
        Assert.Equal(70, (await DayAsync()).Sums.Suspense);
    }

    [Fact]
    public async Task Another_amount_on_the_statement_is_a_difference_of_the_rest()
    {
        var payment = await ConfirmedAsync("1042", 100);
        await LineAsync(payment.Receipt!, 130);

        var difference = Assert.Single(await DifferencesAsync());

        Assert.Equal((DifferenceKind.AmountDiffers, 130m, 100m), (difference.Kind, difference.Stated, difference.Booked));
        Assert.Equal(30, (await DayAsync()).Sums.Difference);
    }

    [Theory]
    [InlineData(StatementCoverage.NotNeeded, 0, true)]
    [InlineData(StatementCoverage.Whole, 0, true)]
    [InlineData(StatementCoverage.NotNeeded, 40, false)]
    [InlineData(StatementCoverage.Whole, 40, false)]
    [InlineData(StatementCoverage.Part, 0, false)]
    public void Money_that_was_compared_with_nothing_is_no_zero(StatementCoverage coverage, int awaited, bool isZero)
        => Assert.Equal(isZero, new ReconciledDay(new DaySums { Day = new DateOnly(2026, 3, 1), Awaited = awaited }, coverage).IsZero);

    [Fact]
    public async Task A_receipt_that_two_accounts_of_one_short_code_have_counts_once()
    {
        var payment = await ConfirmedAsync("1042", 100);
        await PullAsync();
        Assert.True(await _world.World.AsTenantAsync<PaymentAccounts, bool>(accounts => accounts.DisableAsync(_world.AccountId, Cancelled)));
        var again = Assert.IsType<OpenAccountOutcome.Opened>(await _world.World.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Again", "https://daraja.example", SafaricomWorld.ShortCode, null, "key", "secret", "passkey"), Cancelled)));
        var row = new PulledRow(payment.Receipt!, 100, payment.PaidAt, null, null, null);
        var known = await _world.World.WriteAsync(async db =>
        {
            var account = await db.PaymentAccounts.SingleAsync(a => a.Id == again.AccountId, Cancelled);
            var line = await _world.World.Services.GetRequiredService<StatementBooking>().TakeAsync(db, account, row, StatementSource.Upload, Cancelled);
            db.StatementLines.Add(StatementLine.Of(
                account, row, StatementSource.Upload, ProviderMessageOutcome.Repeated, null, _world.World.Clock.GetUtcNow()));
            return line is null;
        });

        var day = await DayAsync();

        Assert.True(known);
        Assert.Equal((1, 100m, 1, 100m), (day.Sums.StatementLines, day.Sums.Statement, day.Sums.PaymentCount, day.Sums.Payments));
        Assert.Equal(100m, day.Sums.Unspent);
    }

    [Fact]
    public async Task Days_are_the_tenants_and_what_both_sides_name_is_of_the_day_that_the_provider_says()
    {
        // 23:50 in Nairobi.
        var now = _world.World.Clock.GetUtcNow();
        _world.World.Clock.Advance(now.Date.AddHours(20).AddMinutes(50) - now.UtcDateTime);
        var yesterday = Today;
        await _world.PayAsync("1042", 60);
        _world.World.Clock.Advance(TimeSpan.FromHours(1));
        await PullAsync();

        var figures = await ReadAsync(yesterday, Today);

        Assert.Equal([60m, 0m], figures.Days.Select(day => day.Sums.Payments));
        Assert.Equal([60m, 0m], figures.Days.Select(day => day.Sums.Statement));
    }

    [Fact]
    public async Task Of_a_silence_of_the_provider_nothing_is_claimed()
    {
        await PullAsync();
        _world.World.Clock.Advance(TimeSpan.FromDays(5));
        await ForgeAsync("UA00INGAP1", 40);
        _world.World.Clock.Advance(TimeSpan.FromDays(5));
        await PullAsync();

        var figures = await ReadAsync(Today.AddDays(-5), Today);

        Assert.Equal(0, figures.Days.Sum(day => day.Sums.Differences));
        Assert.Equal(40, figures.Days[0].Sums.Awaited);
        Assert.Equal(StatementCoverage.None, figures.Days[0].Coverage);
        Assert.Equal(StatementCoverage.Whole, figures.Days[^2].Coverage);
        Assert.False(figures.Days[0].IsZero);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_happens_the_columns_are_the_ledgers_own_figures(int seed)
    {
        var dice = new Random(seed);
        await _world.SetInitiatorAsync();
        var first = Today;
        for (var step = 0; step < 40; step++)
        {
            switch (dice.Next(7))
            {
                case 0: await ConfirmedAsync("1042", dice.Next(1, 60)); break;
                case 1: await ConfirmedAsync("nobody's", dice.Next(1, 60)); break;
                case 2: await TakeCashAsync(dice.Next(1, 60)); break;
                case 3: await SellAsync(); break;
                case 4:
                    await _world.PromptedAsync($"+2547120005{step:D2}");
                    await _world.PassAsync(TimeSpan.FromSeconds(10), posts: 2);
                    break;
                case 5: await GiveBackAsync(dice); break;
                default: _world.World.Clock.Advance(TimeSpan.FromHours(dice.Next(1, 12))); break;
            }
        }

        await PullAsync();
        var total = ReconciledDay.Total((await ReadAsync(first, Today)).Days);

        Assert.Equal(-await _world.BalanceAsync(LedgerAccountKind.Wallet), total.Unspent);
        Assert.Equal(-await _world.BalanceAsync(LedgerAccountKind.Suspense), total.Suspense);
        Assert.Equal(-await _world.BalanceAsync(LedgerAccountKind.Sales), total.Access);
        Assert.Equal(0, total.Differences);
        Assert.True(await BooksAreEvenAsync());
    }

    private async Task GiveBackAsync(Random dice)
    {
        var payments = await _world.World.ReadAsync(db => db.Payments.AsNoTracking().OrderBy(p => p.RecordedAt).ToListAsync(Cancelled));
        if (payments.Count == 0)
            return;

        var payment = payments[dice.Next(payments.Count)];
        var way = payment.Reference is null ? RefundWay.Reversal : RefundWay.Cash;
        await _world.World.AsTenantAsync<RefundDesk, AskOutcome>(desk => desk.AskAsync(
            new RefundDraft(Guid.CreateVersion7(), payment.Id, payment.Amount, way, "Asked for it", EndsAccess: dice.Next(2) == 0), Cancelled));
    }

    private Task PullAsync() => _world.World.Services.GetRequiredService<StatementPulls>().SweepAsync(Cancelled);

    private async Task<Payment> ConfirmedAsync(string account, decimal amount)
    {
        var receipt = await _world.PayAsync(account, amount);
        await _world.PassAsync(TimeSpan.FromSeconds(1), posts: 1);
        return await _world.World.ReadAsync(db => db.Payments.AsNoTracking().SingleAsync(p => p.Receipt == receipt, Cancelled));
    }

    private async Task TakeCashAsync(decimal amount)
    {
        var drawer = await _world.World.ReadAsync(db => db.PaymentAccounts.Where(a => a.Rail == Rail.Cash).Select(a => (Guid?)a.Id).SingleOrDefaultAsync(Cancelled));
        drawer ??= await _world.World.AsTenantAsync<CounterAccounts, Guid?>(accounts => accounts.OpenAsync(new NewCounterAccount("Drawer", Rail.Cash), Cancelled));
        Assert.IsType<TakeOutcome.Taken>(await _world.World.AsTenantAsync<CounterDesk, TakeOutcome>(desk => desk.TakeAsync(
            new CounterPayment(Guid.CreateVersion7(), _jane, drawer!.Value, amount, Today), Cancelled)));
    }

    private Task<SellOutcome> SellAsync() => _world.World.AsTenantAsync<SellDesk, SellOutcome>(desk => desk.SellFromWalletAsync(_jane, _world.HourId, Cancelled));

    /// <summary>A confirmation that Safaricom never sent.</summary>
    private Task<int> ForgeAsync(string receipt, decimal amount) => _world.World.WriteAsync(async db =>
    {
        var account = await db.PaymentAccounts.SingleAsync(a => a.Id == _world.AccountId, Cancelled);
        var confirmation = new C2bConfirmation { Receipt = receipt, Amount = amount, ShortCode = account.ShortCode, PaidAt = _world.World.Clock.GetUtcNow() };
        await _world.World.Services.GetRequiredService<ConfirmationReading>().TellAsync(db, account, confirmation, Cancelled);
        return 0;
    });

    private Task<Guid> LineAsync(string receipt, decimal amount) => _world.World.WriteAsync(async db =>
    {
        var account = await db.PaymentAccounts.SingleAsync(a => a.Id == _world.AccountId, Cancelled);
        var now = _world.World.Clock.GetUtcNow();
        var line = StatementLine.Of(account, new PulledRow(receipt, amount, now, null, null, null), StatementSource.Pull, ProviderMessageOutcome.ReceiptTaken, null, now);
        db.StatementLines.Add(line);
        return line.Id;
    });

    [Fact]
    public async Task What_came_before_an_account_was_disabled_is_pulled_until_it_cannot_be_late_any_more()
    {
        _world.World.Clock.Advance(TimeSpan.FromHours(1));
        await PullAsync();
        _world.World.Clock.Advance(TimeSpan.FromMinutes(5));
        await _world.PayAsync("1042", 60);
        _world.World.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.True(await _world.World.AsTenantAsync<PaymentAccounts, bool>(accounts => accounts.DisableAsync(_world.AccountId, Cancelled)));
        _world.World.Clock.Advance(TimeSpan.FromMinutes(35));
        Assert.Equal(StatementCoverage.Part, (await DayAsync()).Coverage);

        await PullAsync();
        var day = await DayAsync();
        Assert.Equal((StatementCoverage.Whole, 60m, 60m, true), (day.Coverage, day.Sums.Statement, day.Sums.Payments, day.IsZero));

        var pulledTo = await PulledToAsync();
        _world.World.Clock.Advance(TimeSpan.FromMinutes(15));
        await PullAsync();
        Assert.Equal(pulledTo, await PulledToAsync());
    }

    private Task<DateTimeOffset?> PulledToAsync() => _world.World.ReadAsync(db => db.StatementPulls.Select(p => p.PulledTo).SingleAsync(Cancelled));

    private async Task<IReadOnlyList<StatementCoverage>> CoverageAsync(DateOnly first)
        => [.. (await ReadAsync(first, Today)).Days.Select(day => day.Coverage)];

    /// <summary>What was uploaded of these hours names nothing.</summary>
    private Task<int> CoverAsync(DateTimeOffset from, DateTimeOffset until) => _world.World.WriteAsync(async db =>
    {
        await StatementCover.ExtendAsync(db, _world.AccountId, StatementSource.Upload, from, until, Cancelled);
        return 0;
    });

    /// <summary>Somebody writes into the database.</summary>
    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_world.World.Database.Admin);
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand($"set session_replication_role = replica; {sql}", connection);
        Assert.NotEqual(0, await command.ExecuteNonQueryAsync(Cancelled));
    }

    private Task<bool> ExplainAsync(DifferenceKey key, string reason)
        => _world.World.AsTenantAsync<ReconciliationDesk, bool>(desk => desk.ExplainAsync(key, reason, Cancelled));

    private Task<BookLineOutcome> BookAsync(Guid line)
        => _world.World.AsTenantAsync<ReconciliationDesk, BookLineOutcome>(desk => desk.BookAsync(line, "Seen in the portal", Cancelled));

    private async Task<List<(decimal Access, decimal Unspent)>> SpentAsync()
        => [.. (await ReadAsync(Today.AddDays(-1), Today)).Days.Select(day => (day.Sums.Access, day.Sums.Unspent))];

    private async Task<(int, decimal)> AwaitedAsync()
    {
        var day = await DayAsync();
        return (day.Sums.Differences, day.Sums.Awaited);
    }

    private async Task<IReadOnlyList<Difference>> DifferencesAsync() => (await ReadAsync(Today, Today)).Differences;

    private async Task<ReconciledDay> DayAsync() => Assert.Single((await ReadAsync(Today, Today)).Days);

    private Task<ReconciliationFigures> ReadAsync(DateOnly from, DateOnly until)
        => _world.World.AsTenantAsync<ReconciliationReport, ReconciliationFigures>(report => report.ReadAsync(new ReconciliationQuery(from, until), Cancelled));

    private async Task<bool> BooksAreEvenAsync()
        => (await _world.World.AsTenantAsync<ReconciliationReport, BooksToday>(report => report.BooksAsync(Cancelled))).AreEven;
}
