using EasyIsp.Core.Auditing;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.ProviderOrders;
using EasyIsp.Core.Payments.Refunds;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;
using EasyIsp.Emulators.Daraja;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

public sealed class RefundTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly Guid Asha = Guid.CreateVersion7(DateTimeOffset.UnixEpoch);
    private static readonly Guid Brian = Guid.CreateVersion7(DateTimeOffset.UnixEpoch);

    private SafaricomWorld _world = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await SafaricomWorld.OpenAsync(server);
        await _world.SetInitiatorAsync();
        var portal = new Uri(_world.World.Services.GetRequiredService<IOptions<PaymentsOptions>>().Value.PublicUrl);
        await _world.World.AsTenantAsync<C2bRegistrations, C2bRegistration?>(r => r.RegisterAsync(_world.AccountId, portal, Cancelled));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_bought_hour_is_reversed_and_its_access_ends()
    {
        var payment = await BoughtAsync();

        var asked = await AskAsync(Draft(payment, RefundWay.Reversal) with { EndsAccess = true });
        Assert.Equal(RefundState.Underway, Assert.IsType<AskOutcome.Taken>(asked).State);
        Assert.Equal(-20, await _world.BalanceAsync(LedgerAccountKind.RefundsUnderway));
        var refund = await SettleAsync();

        var carried = Assert.Single(_world.Orders.CarriedOut);
        Assert.Equal((RefundState.Done, carried.NewReceipt), (refund.State, refund.Receipt));
        await BooksAsync(money: 0, wallets: 0, sales: 0);
        var subscription = await _world.World.ReadAsync(db => db.Subscriptions.AsNoTracking().SingleAsync(Cancelled));
        Assert.True(subscription.EndsAt <= _world.World.Clock.GetUtcNow());
    }

    [Fact]
    public async Task Spent_money_is_not_given_back_while_its_access_goes_on()
    {
        var payment = await BoughtAsync();

        Assert.Equal([RefundFault.Spent], Faults(await AskAsync(Draft(payment, RefundWay.Reversal))));
        Assert.Equal([RefundFault.NotTakenBack], Faults(await AskAsync(Draft(payment, RefundWay.Reversal, 5) with { EndsAccess = true })));
        await BooksAsync(money: 20, wallets: 0, sales: -20);
    }

    [Fact]
    public async Task What_it_bought_for_somebody_else_before_it_was_moved_is_not_taken_from_him()
    {
        var buyer = (await BoughtAsync()).CustomerId!.Value;
        var number = await _world.World.ReadAsync(db => db.Customers.Where(c => c.Id == buyer).Select(c => c.Number).SingleAsync(Cancelled));
        await ConfirmedAsync($"{number}");
        await _world.World.AsTenantAsync<C2bRegistrations, bool>(r => r.RuleAsync(_world.AccountId, ValidationRule.AcceptAll, DepositRule.RenewLastPackage, Cancelled));
        var moved = await ConfirmedAsync($"{number}");
        Assert.Equal(2, await _world.World.ReadAsync(db => db.Purchases.CountAsync(p => p.CustomerId == buyer, Cancelled)));

        Assert.Equal(TakeBackOutcome.TakenBack, await _world.World.AsTenantAsync<SuspenseDesk, TakeBackOutcome>(desk => desk.TakeBackAsync(moved.Id, "Mistyped", Cancelled)));
        var other = await RegisterAsync(1042);
        Assert.Equal(PlaceOutcome.Placed, await _world.World.AsTenantAsync<SuspenseDesk, PlaceOutcome>(desk => desk.PlaceAsync(moved.Id, other, "He called", Cancelled)));

        Assert.Equal([RefundFault.NotTakenBack], Faults(await AskAsync(Draft(moved, RefundWay.Wallet) with { EndsAccess = true })));
        Assert.Equal(0, await _world.World.ReadAsync(db => db.Purchases.CountAsync(p => p.TakenBackAt != null, Cancelled)));
    }

    [Fact]
    public async Task What_a_purchase_cost_comes_back_into_the_wallet_once()
    {
        var payment = await BoughtAsync();

        var first = await AskAsync(Draft(payment, RefundWay.Wallet) with { EndsAccess = true });
        var second = await AskAsync(Draft(payment, RefundWay.Wallet) with { EndsAccess = true });

        Assert.Equal(RefundState.Done, Assert.IsType<AskOutcome.Taken>(first).State);
        Assert.Equal([RefundFault.NotTakenBack], Faults(second));
        await BooksAsync(money: 20, wallets: -20, sales: 0);
        Assert.Equal(RefundState.Underway, Assert.IsType<AskOutcome.Taken>(await AskAsync(Draft(payment, RefundWay.Reversal))).State);
    }

    [Fact]
    public async Task What_the_provider_does_not_carry_out_is_in_the_wallet_again_and_may_be_given_back_again()
    {
        var payment = await InWalletAsync();
        _world.Options.OpeningFunds = -1_000;
        await AskAsync(Draft(payment, RefundWay.Payout));

        Assert.Equal(RefundState.Failed, (await SettleAsync()).State);

        await BooksAsync(money: 20, wallets: -20, sales: 0);
        _world.Options.OpeningFunds = 50_000;
        await AskAsync(Draft(payment, RefundWay.Payout));
        Assert.Equal(RefundState.Done, (await SettleAsync()).State);
        await BooksAsync(money: 0, wallets: 0, sales: 0);
    }

    [Fact]
    public async Task A_success_that_comes_after_a_failure_is_in_the_books_too()
    {
        var payment = await InWalletAsync();
        _world.Options.OpeningFunds = -1_000;
        await AskAsync(Draft(payment, RefundWay.Payout));
        Assert.Equal(RefundState.Failed, (await SettleAsync()).State);
        var failed = _world.Orders.Taken.Last(o => o.Kind == DarajaOrderKind.Payout);

        await _world.PassAsync(TimeSpan.FromSeconds(1), posts: 1, () => _world.Orders.Tell(new DarajaOrder
        {
            Kind = failed.Kind, Merchant = failed.Merchant, ConversationId = failed.ConversationId, ResultCode = "0",
            OriginatorConversationId = failed.OriginatorConversationId, ResultUrl = failed.ResultUrl, TimeOutUrl = failed.TimeOutUrl,
            TakenAt = failed.TakenAt, NewReceipt = "UA1LATE123", Amount = failed.Amount, Msisdn = failed.Msisdn,
        }));

        Assert.Equal(RefundState.Done, (await NewestAsync()).State);
        await BooksAsync(money: 0, wallets: 0, sales: 0);
    }

    [Fact]
    public async Task Over_the_limit_another_person_decides_and_of_two_at_once_one()
    {
        await LimitAsync(10);
        var payment = await InWalletAsync();
        var refund = Assert.IsType<AskOutcome.Taken>(await AskAsync(Draft(payment, RefundWay.Reversal)));
        Assert.Equal(RefundState.Asked, refund.State);
        await BooksAsync(money: 20, wallets: -20, sales: 0);

        Assert.IsType<DecisionOutcome.NeedsAnother>(await DecideAsync(Asha, desk => desk.ApproveAsync(refund.RefundId, Cancelled)));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => DecideAsync(Brian, desk => desk.ApproveAsync(refund.RefundId, Cancelled))));

        Assert.Single(outcomes.OfType<DecisionOutcome.Decided>());
        Assert.Equal(3, outcomes.OfType<DecisionOutcome.DecidedAlready>().Count());
        Assert.Equal(RefundState.Done, (await SettleAsync()).State);
        await BooksAsync(money: 0, wallets: 0, sales: 0);
    }

    [Fact]
    public async Task What_was_declined_moves_nothing_and_may_be_asked_for_again()
    {
        await LimitAsync(0);
        var payment = await InWalletAsync();
        var first = Assert.IsType<AskOutcome.Taken>(await AskAsync(Draft(payment, RefundWay.Reversal)));
        Assert.Equal([RefundFault.TooMuch], Faults(await AskAsync(Draft(payment, RefundWay.Reversal))));

        await DecideAsync(Brian, desk => desk.DeclineAsync(first.RefundId, "He was online all day", Cancelled));

        Assert.Equal(RefundState.Declined, (await NewestAsync()).State);
        Assert.IsType<AskOutcome.Taken>(await AskAsync(Draft(payment, RefundWay.Reversal)));
        await BooksAsync(money: 20, wallets: -20, sales: 0);
    }

    [Fact]
    public async Task Of_many_who_give_the_same_money_back_at_once_one_does()
    {
        var payment = await InWalletAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => AskAsync(Draft(payment, RefundWay.Reversal))));

        Assert.Single(outcomes.OfType<AskOutcome.Taken>());
        Assert.All(outcomes.OfType<AskOutcome.Refused>(), refused => Assert.Contains(RefundFault.TooMuch, refused.Faults));
    }

    [Fact]
    public async Task The_same_form_sent_twice_asks_once()
    {
        var draft = Draft(await InWalletAsync(), RefundWay.Reversal);

        var outcomes = await Task.WhenAll(AskAsync(draft), AskAsync(draft));

        Assert.All(outcomes, outcome => Assert.IsType<AskOutcome.Taken>(outcome));
        Assert.Equal(1, await _world.World.ReadAsync(db => db.Refunds.CountAsync(Cancelled)));
    }

    [Fact]
    public async Task Money_in_suspense_is_given_back_whole_and_is_nobodys_to_place_meanwhile()
    {
        var payment = await ConfirmedAsync("999");
        Assert.Equal([RefundFault.Whole], Faults(await AskAsync(Draft(payment, RefundWay.Payout, 10))));
        await AskAsync(Draft(payment, RefundWay.Payout));

        var customer = await RegisterAsync(1042);
        Assert.Equal(PlaceOutcome.AlreadyPlaced, await _world.World.AsTenantAsync<SuspenseDesk, PlaceOutcome>(
            desk => desk.PlaceAsync(payment.Id, customer, "He called", Cancelled)));

        Assert.Equal(RefundState.Done, (await SettleAsync()).State);
        Assert.Equal(0, await _world.BalanceAsync(LedgerAccountKind.Suspense));
        await BooksAsync(money: 0, wallets: 0, sales: 0);
    }

    [Fact]
    public async Task Parts_are_given_back_until_nothing_is_left()
    {
        var payment = await InWalletAsync();
        Assert.IsType<AskOutcome.Taken>(await AskAsync(Draft(payment, RefundWay.Payout, 12)));
        Assert.Equal([RefundFault.TooMuch], Faults(await AskAsync(Draft(payment, RefundWay.Payout, 12))));
        Assert.Equal(
            [RefundFault.TooMuch], Faults(await AskAsync(Draft(payment, RefundWay.Payout, 10))));
        Assert.Equal([RefundFault.ProviderAmount], Faults(await AskAsync(Draft(payment, RefundWay.Payout, 8))));
    }

    [Fact]
    public async Task Parts_of_one_payment_count_together_against_the_limit()
    {
        await LimitAsync(12);
        var payment = await InWalletAsync();

        Assert.Equal(RefundState.Underway, Assert.IsType<AskOutcome.Taken>(await AskAsync(Draft(payment, RefundWay.Reversal, 10))).State);
        Assert.Equal(RefundState.Asked, Assert.IsType<AskOutcome.Taken>(await AskAsync(Draft(payment, RefundWay.Reversal, 10))).State);
    }

    [Fact]
    public async Task What_was_placed_since_it_was_asked_for_is_not_approved()
    {
        await LimitAsync(0);
        var payment = await ConfirmedAsync("999");
        var refund = Assert.IsType<AskOutcome.Taken>(await AskAsync(Draft(payment, RefundWay.Payout)));
        var customer = await RegisterAsync(1042);
        await _world.World.AsTenantAsync<SuspenseDesk, PlaceOutcome>(desk => desk.PlaceAsync(payment.Id, customer, "He called", Cancelled));

        var outcome = await DecideAsync(Brian, desk => desk.ApproveAsync(refund.RefundId, Cancelled));

        Assert.Equal(RefundFault.Changed, Assert.IsType<DecisionOutcome.Refused>(outcome).Fault);
        await BooksAsync(money: 20, wallets: -20, sales: 0);
    }

    [Theory]
    [InlineData(true, RefundState.Done, 0)]
    [InlineData(false, RefundState.Failed, 20)]
    public async Task Of_what_the_provider_never_tells_a_person_does(bool paid, RefundState state, int money)
    {
        var payment = await InWalletAsync();
        _world.Options.OrderAnswerIsLost = true;
        _world.Options.ResultPlan = _ => [];
        var refund = Assert.IsType<AskOutcome.Taken>(await AskAsync(Draft(payment, RefundWay.Reversal)));
        Assert.IsType<DecisionOutcome.DecidedAlready>(await DecideAsync(Brian, desk => desk.ConcludeAsync(refund.RefundId, paid, "Statement", Cancelled)));
        await _world.SendAsync();
        Assert.IsType<DecisionOutcome.DecidedAlready>(await DecideAsync(Brian, desk => desk.ConcludeAsync(refund.RefundId, paid, "Too early", Cancelled)));
        _world.World.Clock.Advance(ProviderOrder.MayStillBeTold);
        await _world.World.Services.GetRequiredService<SilentOrders>().LookAsync(Cancelled);

        await DecideAsync(Brian, desk => desk.ConcludeAsync(refund.RefundId, paid, "On the statement of today", Cancelled));

        Assert.Equal(state, (await NewestAsync()).State);
        await BooksAsync(money, wallets: -money, sales: 0);
        Assert.Equal(0, await _world.BalanceAsync(LedgerAccountKind.RefundsUnderway));
    }

    [Fact]
    public async Task What_went_back_after_all_is_not_given_back_once_more_by_an_approval()
    {
        var payment = await InWalletAsync();
        await LimitAsync(0);
        _world.Options.OpeningFunds = -1_000;
        await ApproveAsync(await AskAsync(Draft(payment, RefundWay.Payout)));
        await SettleAsync();
        var failed = _world.Orders.Taken.Last(o => o.Kind == DarajaOrderKind.Payout);
        var again = await AskAsync(Draft(payment, RefundWay.Payout));
        await ConfirmedAsync("1042"); // other money in the same wallet

        await PaidLateAsync(failed);

        Assert.Equal(RefundFault.Changed, Assert.IsType<DecisionOutcome.Refused>(await ApproveAsync(again)).Fault);
        Assert.Equal(0, await _world.BalanceAsync(LedgerAccountKind.RefundsUnderway));
    }

    [Fact]
    public async Task What_the_provider_gave_back_twice_stays_missing_for_a_person_to_see()
    {
        var payment = await InWalletAsync();
        _world.Options.OpeningFunds = -1_000;
        await AskAsync(Draft(payment, RefundWay.Payout));
        await SettleAsync();
        var failed = _world.Orders.Taken.Last(o => o.Kind == DarajaOrderKind.Payout);
        _world.Options.OpeningFunds = 50_000;
        await AskAsync(Draft(payment, RefundWay.Payout));
        await SettleAsync();

        await PaidLateAsync(failed);

        Assert.Equal(20, await _world.BalanceAsync(LedgerAccountKind.RefundsUnderway));
        await BooksAsync(money: -20, wallets: 0, sales: 0);
    }

    [Theory]
    [InlineData(0, RefundFault.Amount)]
    [InlineData(-5, RefundFault.Amount)]
    [InlineData(1.005, RefundFault.Amount)]
    [InlineData(21, RefundFault.TooMuch)]
    public async Task Amounts_that_cannot_be_are_refused(double amount, RefundFault fault)
        => Assert.Contains(fault, Faults(await AskAsync(Draft(await InWalletAsync(), RefundWay.Reversal, (decimal)amount))));

    [Fact]
    public async Task A_reason_a_phone_and_a_way_that_fits_are_asked_for()
    {
        var payment = await InWalletAsync();

        Assert.Equal([RefundFault.Reason], Faults(await AskAsync(Draft(payment, RefundWay.Reversal) with { Reason = " " })));
        Assert.Equal([RefundFault.Phone], Faults(await AskAsync(Draft(payment, RefundWay.Payout) with { Phone = "+256712345678" })));
        Assert.Equal([RefundFault.Way], Faults(await AskAsync(Draft(payment, RefundWay.Cash))));
    }

    private static RefundDraft Draft(Payment payment, RefundWay way, decimal? amount = null)
        => new(Guid.CreateVersion7(), payment.Id, amount ?? payment.Amount, way, "Paid the wrong people", "+254712345678");

    private static IReadOnlyList<RefundFault> Faults(AskOutcome outcome) => Assert.IsType<AskOutcome.Refused>(outcome).Faults;

    private Task<AskOutcome> AskAsync(RefundDraft draft) => AsAsync(Asha, desk => desk.AskAsync(draft, Cancelled));

    private Task<DecisionOutcome> DecideAsync(Guid who, Func<RefundDesk, Task<DecisionOutcome>> decide) => AsAsync(who, decide);

    private async Task<T> AsAsync<T>(Guid who, Func<RefundDesk, Task<T>> use)
    {
        await using var scope = _world.World.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Use(_world.World.TenantId);
        scope.ServiceProvider.GetRequiredService<Actor>().Become(who, who == Asha ? "Asha" : "Brian", null);
        return await use(scope.ServiceProvider.GetRequiredService<RefundDesk>());
    }

    /// <summary>Sends the newest refund's order, and reads its outcome.</summary>
    private async Task<Refund> SettleAsync()
    {
        var refund = await NewestAsync();
        var order = await _world.World.ReadAsync(db => db.ProviderOrders.Where(o => o.CauseId == refund.Id).Select(o => o.Id).SingleAsync(Cancelled));
        await _world.CarryOutAsync(order);
        return await NewestAsync();
    }

    private Task<Refund> NewestAsync()
        => _world.World.ReadAsync(db => db.Refunds.AsNoTracking().OrderByDescending(r => r.AskedAt).ThenByDescending(r => r.Id).FirstAsync(Cancelled));

    private async Task BooksAsync(decimal money, decimal wallets, decimal sales) => Assert.Equal(
        (money, wallets, sales),
        (await _world.BalanceAsync(LedgerAccountKind.MobileMoney), await _world.BalanceAsync(LedgerAccountKind.Wallet), await _world.BalanceAsync(LedgerAccountKind.Sales)));

    private async Task<Payment> BoughtAsync()
    {
        var request = await _world.PromptedAsync("+254712345678");
        await _world.PassAsync(TimeSpan.FromSeconds(10), posts: 2);
        return await _world.World.ReadAsync(db => db.Payments.AsNoTracking().SingleAsync(p => p.PaymentRequestId == request.Id, Cancelled));
    }

    private async Task<Payment> InWalletAsync()
    {
        await RegisterAsync(1042);
        return await ConfirmedAsync("1042");
    }

    private async Task<Payment> ConfirmedAsync(string account)
    {
        var receipt = await _world.PayAsync(account, 20);
        await _world.PassAsync(TimeSpan.Zero, posts: 1);
        return await _world.World.ReadAsync(db => db.Payments.AsNoTracking().SingleAsync(p => p.Receipt == receipt, Cancelled));
    }

    private Task<Guid> RegisterAsync(long number) => _world.World.WriteAsync(db =>
    {
        var customer = Customer.Register(
            _world.World.TenantId, number, AccessType.Hotspot, new CustomerProfile($"Customer {number}"), $"c{number}", null, _world.World.Clock.GetUtcNow());
        db.Customers.Add(customer);
        return Task.FromResult(customer.Id);
    });

    private Task<DecisionOutcome> ApproveAsync(AskOutcome asked)
        => DecideAsync(Brian, desk => desk.ApproveAsync(Assert.IsType<AskOutcome.Taken>(asked).RefundId, Cancelled));

    /// <summary>Safaricom says of an order that had failed that it was carried out.</summary>
    private Task PaidLateAsync(DarajaOrder failed)
    {
        return _world.PassAsync(TimeSpan.FromSeconds(1), posts: 1, () => _world.Orders.Tell(new DarajaOrder
        {
            Kind = failed.Kind, Merchant = failed.Merchant, ConversationId = failed.ConversationId, ResultCode = "0",
            OriginatorConversationId = failed.OriginatorConversationId, ResultUrl = failed.ResultUrl, TimeOutUrl = failed.TimeOutUrl,
            TakenAt = failed.TakenAt, NewReceipt = "UA1LATE124", Amount = failed.Amount, Msisdn = failed.Msisdn,
        }));
    }

    private Task<int> LimitAsync(decimal most) => _world.World.WriteAsync(async db =>
    {
        (await db.Tenants.SingleAsync(t => t.Id == _world.World.TenantId, Cancelled)).LimitRefunds(most);
        return 0;
    });
}
