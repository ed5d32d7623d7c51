using System.Globalization;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Outbox;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

public sealed class CounterDeskTests(PostgresServer server) : IAsyncLifetime
{
    private const string Why = "The bank sent it back";

    private PaymentWorld _world = null!;
    private Customer _jane = null!;
    private Guid _drawer;
    private Guid _cheques;
    private Guid _bank;

    private DateOnly Today => DateOnly.FromDateTime(_world.World.Clock.GetUtcNow().UtcDateTime);

    public async ValueTask InitializeAsync()
    {
        _world = await PaymentWorld.OpenAsync(server);
        _jane = await _world.RegisterAsync(1042, PaymentWorld.Phone);
        _drawer = await OpenAsync("Drawer", Rail.Cash);
        _cheques = await OpenAsync("Cheques", Rail.Cheque);
        _bank = await OpenAsync("KCB", Rail.Bank);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Cash_is_in_the_wallet_and_in_its_own_account_of_the_ledger_with_an_audit_and_a_receipt()
    {
        await OpenSmsAsync();

        var payment = await TakenAsync(Entry(_drawer, 1_500.50m, note: "Paid at the office"));

        Assert.Equal((1_500.50m, 1_500.50m), (await WalletAsync(), await HeldAsync(AccountRef.CashAt(_drawer))));
        Assert.Equal(("CASH-1001", "Paid at the office"), (payment.Reference, payment.Note));
        Assert.NotEmpty(payment.TakenBy!);
        Assert.True(await _world.World.ReadAsync(db => db.AuditEvents.AnyAsync(e => e.Action == "payment.take" && e.SubjectId == payment.Id)));
        var message = await _world.World.ReadAsync(db => db.Messages.SingleAsync(m => m.CauseId == payment.Id));
        Assert.Contains("KES 1,500.5 (CASH-1001)", message.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_account_is_one_of_the_ledger()
    {
        await TakenAsync(Entry(_drawer, 10));
        await TakenAsync(Entry(_cheques, 20, "000123"));
        await TakenAsync(Entry(_bank, 40, "S-1"));

        Assert.Equal(
            (10m, 20m, 40m, 70m),
            (await HeldAsync(AccountRef.CashAt(_drawer)), await HeldAsync(AccountRef.Cheques(_cheques)), await HeldAsync(AccountRef.Bank(_bank)), await WalletAsync()));
    }

    [Fact]
    public async Task The_account_s_rule_renews_the_last_package()
    {
        await BuyAsync();
        await _world.World.AsTenantAsync<C2bRegistrations, bool>(
            rules => rules.RuleAsync(_drawer, ValidationRule.AcceptAll, DepositRule.RenewLastPackage, CancellationToken.None));

        await TakenAsync(Entry(_drawer, 20));

        Assert.Equal(0, await WalletAsync());
        Assert.Equal(2, await _world.World.ReadAsync(db => db.Purchases.CountAsync()));
    }

    [Theory]
    [InlineData("0", CounterFault.Amount)]
    [InlineData("-5", CounterFault.Amount)]
    [InlineData("10.001", CounterFault.Fraction)]
    [InlineData("10000000.01", CounterFault.TooMuch)]
    public async Task An_amount_that_cannot_be_is_refused(string amount, CounterFault fault)
    {
        var entry = Entry(_drawer, decimal.Parse(amount, CultureInfo.InvariantCulture));

        var refused = Assert.IsType<TakeOutcome.Refused>(await TakeAsync(entry));

        Assert.Equal([fault], refused.Faults);
        Assert.Equal(0, await _world.World.ReadAsync(db => db.Payments.CountAsync()));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("10.001")]
    [InlineData("10000000.01")]
    public async Task The_database_refuses_it_too(string amount)
    {
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => InsertAsync(_drawer, amount));

        Assert.Equal(PostgresErrorCodes.CheckViolation, refusal.SqlState);
    }

    [Fact]
    public async Task The_database_refuses_an_entry_by_hand_into_an_account_at_a_provider()
    {
        var mpesa = (await _world.OwnerAsync()).PaymentAccountId;

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => InsertAsync(mpesa, "10"));

        Assert.Equal(PostgresErrorCodes.CheckViolation, refusal.SqlState);
        Assert.IsType<TakeOutcome.AccountGone>(await TakeAsync(Entry(mpesa, 10, "X1")));
    }

    [Theory]
    [InlineData("update payment_accounts set short_code = '600333' where rail = 'Cash'")]
    [InlineData("update payment_accounts set passkey = null where rail = 'Mpesa'")]
    [InlineData("update payment_accounts set rail = 'Bank' where rail = 'Mpesa'")]
    [InlineData("update payment_accounts set rail = 'Barter' where rail = 'Cash'")]
    public async Task The_database_keeps_each_rail_its_own_credentials(string sql)
    {
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(sql));

        Assert.Equal(PostgresErrorCodes.CheckViolation, refusal.SqlState);
    }

    [Fact]
    public async Task A_cheque_and_a_deposit_need_their_number_and_a_day_that_was()
    {
        Assert.Equal([CounterFault.Reference], Assert.IsType<TakeOutcome.Refused>(await TakeAsync(Entry(_cheques, 10))).Faults);
        Assert.Equal([CounterFault.Reference], Assert.IsType<TakeOutcome.Refused>(await TakeAsync(Entry(_bank, 10, " "))).Faults);
        Assert.Equal([CounterFault.Reference], Assert.IsType<TakeOutcome.Refused>(await TakeAsync(Entry(_bank, 10, new string('1', 41)))).Faults);
        Assert.Equal([CounterFault.Reference], Assert.IsType<TakeOutcome.Refused>(await TakeAsync(Entry(_bank, 10, "1\ud800"))).Faults);
        Assert.Equal([CounterFault.Day], Assert.IsType<TakeOutcome.Refused>(await TakeAsync(Entry(_drawer, 10) with { Day = Today.AddDays(1) })).Faults);
        Assert.Equal([CounterFault.Day], Assert.IsType<TakeOutcome.Refused>(await TakeAsync(Entry(_drawer, 10) with { Day = Today.AddDays(-367) })).Faults);
    }

    [Theory]
    [InlineData("CASH-1001", false)]
    [InlineData(" cash-7 ", false)]
    [InlineData("CASH-A7", false)]
    [InlineData("CASH-BOX", true)]
    [InlineData("1001", true)]
    public async Task A_number_that_cash_gets_by_itself_is_not_typed_and_so_never_taken_before(string typed, bool isTaken)
    {
        var outcome = await TakeAsync(Entry(_drawer, 10, typed));

        Assert.Equal(isTaken, outcome is TakeOutcome.Taken);
        if (!isTaken)
            Assert.Equal([CounterFault.Reference], Assert.IsType<TakeOutcome.Refused>(outcome).Faults);
        Assert.Equal("CASH-1001", (await TakenAsync(Entry(_drawer, 10))).Reference);
    }

    [Fact]
    public async Task A_slip_counts_once_however_it_is_typed_and_in_another_account_again()
    {
        var first = await TakenAsync(Entry(_bank, 500, "dep  7731"));

        var again = Assert.IsType<TakeOutcome.ReferenceTaken>(await TakeAsync(Entry(_bank, 500, " DEP 7731")));

        Assert.Equal(first.Id, again.PaymentId);
        Assert.IsType<TakeOutcome.Taken>(await TakeAsync(Entry(_cheques, 500, "DEP 7731")));
        Assert.Equal(1_000, await WalletAsync());
    }

    [Fact]
    public async Task A_form_sent_twice_is_written_down_once()
    {
        var entry = Entry(_drawer, 100);

        Assert.IsType<TakeOutcome.Taken>(await TakeAsync(entry));
        Assert.IsType<TakeOutcome.Taken>(await TakeAsync(entry));

        Assert.Equal(100, await WalletAsync());
    }

    [Fact]
    public async Task Sent_many_times_at_once_it_is_written_down_once_and_each_is_told_so()
    {
        var entry = Entry(_drawer, 200);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TakeAsync(entry)));

        Assert.Equal([false, true, true, true, true, true, true, true], outcomes.Cast<TakeOutcome.Taken>().Select(taken => taken.WasKnown).Order());
        Assert.Equal(200, await WalletAsync());
    }

    [Fact]
    public async Task With_other_figures_it_is_not_the_same_form()
    {
        var entry = Entry(_bank, 200, "S-1");
        await TakenAsync(entry);

        Assert.IsType<TakeOutcome.IdTaken>(await TakeAsync(entry with { Amount = 300 }));
        Assert.IsType<TakeOutcome.IdTaken>(await TakeAsync(entry with { Reference = "S-2" }));
        Assert.IsType<TakeOutcome.IdTaken>(await TakeAsync(entry with { AccountId = _drawer }));
        Assert.IsType<TakeOutcome.Taken>(await TakeAsync(entry with { Reference = " s-1" }));
        Assert.Equal(200, await WalletAsync());
    }

    [Fact]
    public async Task Of_many_who_write_one_slip_down_at_once_one_succeeds()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TakeAsync(Entry(_bank, 500, "S-9"))));

        Assert.Single(outcomes.OfType<TakeOutcome.Taken>());
        Assert.Equal(7, outcomes.OfType<TakeOutcome.ReferenceTaken>().Count());
        Assert.Equal(500, await WalletAsync());
    }

    [Fact]
    public async Task A_cheque_that_bounced_is_reversed_with_a_reason_and_its_number_is_free_again()
    {
        var cheque = await TakenAsync(Entry(_cheques, 700, "000123"));

        Assert.Equal(ReverseOutcome.ReasonMissing, await ReverseAsync(cheque.Id, " "));
        Assert.Equal(ReverseOutcome.Reversed, await ReverseAsync(cheque.Id));
        Assert.Equal(ReverseOutcome.AlreadyReversed, await ReverseAsync(cheque.Id));

        Assert.Equal((0m, 0m), (await WalletAsync(), await HeldAsync(AccountRef.Cheques(_cheques))));
        var undone = await _world.World.ReadAsync(db => db.Allocations.SingleAsync());
        Assert.Equal((AllocationKind.Reversed, Why, cheque.Id), (undone.Kind, undone.Reason, undone.PaymentId));
        Assert.True(await _world.World.ReadAsync(db => db.AuditEvents.AnyAsync(e => e.Action == "payment.reverse" && e.SubjectId == cheque.Id)));
        Assert.IsType<TakeOutcome.Taken>(await TakeAsync(Entry(_cheques, 700, "000123")));
    }

    [Fact]
    public async Task Of_two_who_reverse_at_once_one_succeeds()
    {
        var cash = await TakenAsync(Entry(_drawer, 700));
        await TakenAsync(Entry(_drawer, 700));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ReverseAsync(cash.Id)));

        Assert.Single(outcomes, ReverseOutcome.Reversed);
        Assert.Equal((700m, 700m), (await WalletAsync(), await HeldAsync(AccountRef.CashAt(_drawer))));
    }

    [Fact]
    public async Task What_is_spent_is_not_reversed()
    {
        var cash = await TakenAsync(Entry(_drawer, 30));
        await _world.World.AsTenantAsync<SellDesk, SellOutcome>(desk => desk.SellFromWalletAsync(_jane.Id, _world.HourId, CancellationToken.None));

        Assert.Equal(ReverseOutcome.Spent, await ReverseAsync(cash.Id));
        Assert.Equal((10m, 30m), (await WalletAsync(), await HeldAsync(AccountRef.CashAt(_drawer))));
    }

    [Fact]
    public async Task What_a_provider_told_is_not_reversed_here_nor_is_cash_put_into_suspense()
    {
        await _world.ConfirmAsync(C2bWorld.Confirmation("1042"));
        var told = await _world.World.ReadAsync(db => db.Payments.Select(p => p.Id).SingleAsync());
        var cash = await TakenAsync(Entry(_drawer, 30));

        Assert.Equal(ReverseOutcome.NotTakenByStaff, await ReverseAsync(told));
        Assert.Equal(TakeBackOutcome.NotPlaced, await _world.World.AsTenantAsync<SuspenseDesk, TakeBackOutcome>(
            desk => desk.TakeBackAsync(cash.Id, Why, CancellationToken.None)));
    }

    [Fact]
    public async Task It_stands_among_all_payments_found_by_its_number_and_by_its_state()
    {
        var cheque = await TakenAsync(Entry(_cheques, 700, "KCB/000123"));
        await TakenAsync(Entry(_drawer, 30));
        await ReverseAsync(cheque.Id);

        Assert.Equal(2, (await ListAsync(new PaymentQuery(new PageOf(0, 25), Way: PaymentWay.Staff))).Count);
        Assert.Empty(await ListAsync(new PaymentQuery(new PageOf(0, 25), Way: PaymentWay.ByThemselves)));
        Assert.Equal("CASH-1001", Assert.Single(await ListAsync(new PaymentQuery(new PageOf(0, 25), State: PaymentFilter.Paid))).Receipt);
        Assert.Equal(cheque.Id, Assert.Single(await ListAsync(new PaymentQuery(new PageOf(0, 25), State: PaymentFilter.Reversed))).Id);
        var found = Assert.Single(await ListAsync(new PaymentQuery(new PageOf(0, 25), "kcb/0001")));
        Assert.Equal((Rail.Cheque, "KCB/000123"), (found.Rail, found.Receipt));
    }

    [Fact]
    public async Task Its_story_tells_who_took_it_and_who_reversed_it()
    {
        var cash = await TakenAsync(Entry(_drawer, 30));
        await ReverseAsync(cash.Id);

        var story = await _world.World.AsTenantAsync<PaymentTimeline, DepositStory?>(timeline => timeline.TellDepositAsync(cash.Id, CancellationToken.None));

        Assert.Equal([PaymentStep.Taken, PaymentStep.Booked, PaymentStep.Reversed], story!.Events.Select(e => e.Step).Order());
        Assert.Equal((Rail.Cash, "Drawer"), (story.Rail, story.Account));
    }

    [Fact]
    public async Task Nobody_is_prompted_through_a_drawer_and_into_a_disabled_one_nothing_goes()
    {
        await _world.AskAsync();

        Assert.Equal((await _world.OwnerAsync()).PaymentAccountId, await _world.World.ReadAsync(db => db.PaymentRequests.Select(r => r.PaymentAccountId).SingleAsync()));
        Assert.True(await _world.World.AsTenantAsync<PaymentAccounts, bool>(accounts => accounts.DisableAsync(_drawer, CancellationToken.None)));
        Assert.IsType<TakeOutcome.AccountGone>(await TakeAsync(Entry(_drawer, 30)));
    }

    private CounterPayment Entry(Guid account, decimal amount, string? reference = null, string? note = null)
        => new(Guid.CreateVersion7(_world.World.Clock.GetUtcNow()), _jane.Id, account, amount, Today, reference, note);

    private Task<TakeOutcome> TakeAsync(CounterPayment entry)
        => _world.World.AsTenantAsync<CounterDesk, TakeOutcome>(desk => desk.TakeAsync(entry, CancellationToken.None));

    private async Task<Payment> TakenAsync(CounterPayment entry)
    {
        var taken = Assert.IsType<TakeOutcome.Taken>(await TakeAsync(entry));
        return await _world.World.ReadAsync(db => db.Payments.AsNoTracking().SingleAsync(p => p.Id == taken.PaymentId));
    }

    private Task<ReverseOutcome> ReverseAsync(Guid payment, string reason = Why)
        => _world.World.AsTenantAsync<CounterDesk, ReverseOutcome>(desk => desk.ReverseAsync(payment, reason, CancellationToken.None));

    private async Task<IReadOnlyList<PaymentRow>> ListAsync(PaymentQuery query)
        => (await _world.World.AsTenantAsync<PaymentList, Page<PaymentRow>>(list => list.ListAsync(query, CancellationToken.None))).Rows;

    private Task<decimal> WalletAsync() => _world.World.ReadAsync(db => GeneralLedger.WalletAsync(db, _jane.Id, CancellationToken.None));

    private Task<decimal> HeldAsync(AccountRef account) => _world.World.ReadAsync(db => GeneralLedger.BalanceAsync(db, account, CancellationToken.None));

    private async Task<Guid> OpenAsync(string name, Rail rail) => (await _world.World.AsTenantAsync<CounterAccounts, Guid?>(
        accounts => accounts.OpenAsync(new NewCounterAccount(name, rail), CancellationToken.None)))!.Value;

    private Task<int> OpenSmsAsync() => _world.World.WriteAsync(db =>
    {
        var codec = _world.World.Services.GetRequiredService<SecretCodec>();
        db.SmsAccounts.Add(SmsAccount.Open(
            _world.World.TenantId, "https://sms.example", "1", codec.Protect(_world.World.TenantId, "key"), "SAVANNA", _world.World.Clock.GetUtcNow()));
        return Task.FromResult(0);
    });

    private Task<SellOutcome> BuyAsync()
        => _world.World.AsTenantAsync<SellDesk, SellOutcome>(desk => desk.GiveAsync(_jane.Id, _world.HourId, CancellationToken.None));

    private Task InsertAsync(Guid account, string amount) => ExecuteAsync($"""
        insert into payments (tenant_id, id, payment_account_id, customer_id, reference, taken_by, amount, paid_at, recorded_at)
        values ('{_world.World.TenantId}', gen_random_uuid(), '{account}', '{_jane.Id}', 'R1', 'Wanjiku', {amount}, now(), now())
        """);

    /// <summary>As the owner: no role of the product may do more.</summary>
    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_world.World.Database.Owner);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
