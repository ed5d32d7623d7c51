using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.ProviderOrders;
using EasyIsp.Emulators.Daraja;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>Orders of an initiator and their outcomes, which come late, twice, garbled or never (mpesa.md, 5).</summary>
public sealed class ProviderOrderTests(PostgresServer server) : IAsyncLifetime
{
    private SafaricomWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await SafaricomWorld.OpenAsync(server);
        await _world.SetInitiatorAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task The_balance_comes_and_proves_the_initiator(bool codeAsString, bool referenceAsArray)
    {
        (_world.Options.ResultCodeAsString, _world.Options.ReferenceItemAsArray) = (codeAsString, referenceAsArray);
        var asked = await AskBalanceAsync();

        var order = await _world.CarryOutAsync(asked);

        Assert.Equal((ProviderOrderState.Done, "0"), (order.State, order.ResultCode));
        var powers = await PowersAsync();
        Assert.Equal([("Working Account", 700m), ("Utility Account", 50_000m), ("Charges Paid Account", -15.40m), ("Organization Settlement Account", 0m)],
            powers.Funds!.Accounts.Select(a => (a.Name, a.Current)));
        Assert.NotNull(powers.Initiator!.ProvedAt);
    }

    [Fact]
    public async Task A_wrong_password_is_found_out_by_the_outcome()
    {
        await _world.SetInitiatorAsync("Wrong#1");

        var order = await _world.CarryOutAsync(await AskBalanceAsync());

        Assert.Equal((ProviderOrderState.Failed, "2001", null), (order.State, order.ResultCode, order.ResultReceipt));
        Assert.Null((await PowersAsync()).Initiator!.ProvedAt);
    }

    [Fact]
    public async Task A_missing_role_is_told()
    {
        _world.Merchant.MissingRoles.Add(DarajaOrderKind.Balance);

        Assert.Equal("21", (await _world.CarryOutAsync(await AskBalanceAsync())).ResultCode);
    }

    [Fact]
    public async Task A_payout_is_paid_once_and_its_receipt_is_known()
    {
        var paid = await _world.CarryOutAsync(await PayOutAsync(150));

        var carried = Assert.Single(_world.Orders.CarriedOut);
        Assert.Equal((ProviderOrderState.Done, carried.NewReceipt, "254712345678", 150m), (paid.State, paid.ResultReceipt, carried.Msisdn, carried.Amount));
        Assert.Equal(49_850m, _world.Orders.FundsOf(_world.Merchant));
        Assert.Equal(0, await _world.SendAsync());
    }

    [Fact]
    public async Task A_payout_that_the_funds_do_not_suffice_for_fails_with_its_code()
    {
        _world.Options.OpeningFunds = 100;

        var order = await _world.CarryOutAsync(await PayOutAsync(150));

        Assert.Equal((ProviderOrderState.Failed, "1"), (order.State, order.ResultCode));
        Assert.Empty(_world.Orders.CarriedOut);
    }

    [Fact]
    public async Task A_payment_is_reversed_once()
    {
        var payment = await ConfirmedAsync();

        var first = await _world.CarryOutAsync(await ReverseAsync(payment, 20));
        var second = await _world.CarryOutAsync(await ReverseAsync(payment, 20));

        Assert.Equal((ProviderOrderState.Done, "0"), (first.State, first.ResultCode));
        Assert.NotEqual(payment.Receipt, first.ResultReceipt);
        // It was done already, and who knows by which order: a person does.
        Assert.Equal((ProviderOrderState.Unknown, "R000001", true), (second.State, second.ResultCode, second.IsLost));
        Assert.Single(_world.Orders.CarriedOut);
    }

    [Fact]
    public async Task An_outcome_that_is_told_twice_counts_once()
    {
        _world.Options.ResultPlan = _ => [TimeSpan.Zero, TimeSpan.Zero];

        var order = await _world.CarryOutAsync(await PayOutAsync(50), posts: 2);

        Assert.Equal(ProviderOrderState.Done, order.State);
        // Several are read at once: which of the two is first is chance.
        Assert.Equivalent(new[] { ProviderMessageOutcome.CarriedOut, ProviderMessageOutcome.Repeated }, await OutcomesAsync(), strict: true);
    }

    [Fact]
    public async Task An_outcome_that_comes_before_the_answer_stands()
    {
        _world.Options.ResultBeforeAnswer = true;

        var order = await _world.CarryOutAsync(await PayOutAsync(50));

        Assert.Equal(ProviderOrderState.Done, order.State);
        Assert.NotNull(order.ConversationId);
    }

    [Fact]
    public async Task A_page_in_place_of_an_outcome_is_flagged_and_the_order_is_asked_after()
    {
        _world.Options.ResultAsHtml = true;
        var id = await PayOutAsync(50);
        Assert.Equal(ProviderOrderState.Pending, (await _world.CarryOutAsync(id)).State);
        Assert.Equal([ProviderMessageOutcome.Malformed], await OutcomesAsync());

        _world.Options.ResultAsHtml = false;
        Assert.Equal(ProviderOrderState.Done, (await AskedAfterAsync(id)).State);
    }

    [Fact]
    public async Task An_outcome_that_never_comes_is_asked_after()
    {
        _world.Options.ResultPlan = order => order.Kind == DarajaOrderKind.Payout ? [] : [TimeSpan.Zero];
        var id = await PayOutAsync(50);
        Assert.Equal(ProviderOrderState.Pending, (await _world.CarryOutAsync(id, posts: 0)).State);

        var order = await AskedAfterAsync(id);

        Assert.Equal((ProviderOrderState.Done, _world.Orders.CarriedOut.Single().NewReceipt), (order.State, order.ResultReceipt));
    }

    [Fact]
    public async Task A_time_out_is_an_unknown_outcome_and_is_asked_after_at_once()
    {
        _world.Options.OrdersTimeOut = true;
        var id = await PayOutAsync(50);
        Assert.Equal(ProviderOrderState.Unknown, (await _world.CarryOutAsync(id)).State);

        _world.Options.OrdersTimeOut = false;
        Assert.Equal(1, await LookAsync());
        Assert.Equal(ProviderOrderState.Done, (await _world.CarryOutAsync(id)).State);
    }

    [Fact]
    public async Task A_lost_answer_is_never_sent_again()
    {
        _world.Options.OrderAnswerIsLost = true;
        _world.Options.ResultPlan = order => order.Kind == DarajaOrderKind.Payout ? [] : [TimeSpan.Zero];
        var id = await PayOutAsync(50);
        Assert.Equal(ProviderOrderState.Unknown, (await _world.CarryOutAsync(id, posts: 0)).State);

        _world.Options.OrderAnswerIsLost = false;
        await LookAsync();
        Assert.Equal(ProviderOrderState.Done, (await _world.CarryOutAsync(id)).State);
        Assert.Single(_world.Orders.CarriedOut);
        Assert.Equal(2, _world.Orders.Received);
    }

    [Fact]
    public async Task What_daraja_refuses_at_once_has_failed()
    {
        _world.Merchant.InitiatorName = "";
        _world.Options.EveryTokenIsDead = true;

        var order = await _world.CarryOutAsync(await PayOutAsync(50), posts: 0);

        Assert.Equal((ProviderOrderState.Failed, "Credentials"), (order.State, order.ResultCode));
    }

    [Fact]
    public async Task A_question_that_stays_silent_is_unknown_and_not_asked_again()
    {
        _world.Options.ResultPlan = _ => [];
        var id = await AskBalanceAsync();
        await _world.CarryOutAsync(id, posts: 0);
        _world.World.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(1, await LookAsync());
        Assert.Equal((ProviderOrderState.Unknown, null), ((await _world.FindAsync(id)).State, (await _world.FindAsync(id)).NextLookAt));
        Assert.Equal(0, await _world.SendAsync());
    }

    [Fact]
    public async Task An_outcome_at_anothers_address_is_flagged()
    {
        _world.Options.ResultPlan = _ => [];
        var (one, other) = (await PayOutAsync(50), await PayOutAsync(60));
        await _world.CarryOutAsync(one, posts: 0);
        var orders = _world.Orders.Taken;
        var forged = new DarajaOrder
        {
            Kind = DarajaOrderKind.Payout, Merchant = _world.Merchant, ConversationId = orders[1].ConversationId,
            OriginatorConversationId = orders[1].OriginatorConversationId, ResultUrl = orders[0].ResultUrl, TimeOutUrl = orders[0].TimeOutUrl,
            TakenAt = orders[0].TakenAt, ResultCode = "0",
        };

        await _world.PassAsync(TimeSpan.FromSeconds(1), posts: 1, () => _world.Orders.Tell(forged));

        Assert.Equal([ProviderMessageOutcome.UnknownRequest], await OutcomesAsync());
        Assert.Equal(ProviderOrderState.Pending, (await _world.FindAsync(one)).State);
        Assert.Equal(ProviderOrderState.Pending, (await _world.FindAsync(other)).State);
    }

    [Fact]
    public async Task An_outcome_that_shares_no_name_with_an_order_of_money_is_not_its()
    {
        _world.Options.ResultPlan = _ => [];
        var id = await PayOutAsync(50);
        await _world.CarryOutAsync(id, posts: 0);
        var order = Assert.Single(_world.Orders.Taken);

        await _world.PassAsync(TimeSpan.FromSeconds(1), posts: 1, () => _world.Orders.Tell(new DarajaOrder
        {
            Kind = DarajaOrderKind.Payout, Merchant = _world.Merchant, ConversationId = "", OriginatorConversationId = "",
            ResultUrl = order.ResultUrl, TimeOutUrl = order.TimeOutUrl, TakenAt = order.TakenAt, ResultCode = "0",
        }));

        Assert.Equal([ProviderMessageOutcome.UnknownRequest], await OutcomesAsync());
        Assert.Equal(ProviderOrderState.Pending, (await _world.FindAsync(id)).State);
    }

    [Fact]
    public async Task What_could_not_be_put_together_was_not_sent_and_is_tried_again_later()
    {
        var id = await PayOutAsync(50);
        var address = await _world.World.ReadAsync(db => db.PaymentAccounts.Select(a => a.BaseUrl).SingleAsync(Cancelled));
        await SetAddressAsync("nowhere");

        await _world.SendAsync();
        Assert.Equal(ProviderOrderState.Created, (await _world.FindAsync(id)).State);
        Assert.Equal(0, await _world.SendAsync());

        await SetAddressAsync(address);
        _world.World.Clock.Advance(OrderSender.TriedAgainAfter);
        Assert.Equal(ProviderOrderState.Done, (await _world.CarryOutAsync(id)).State);
        Assert.Single(_world.Orders.CarriedOut);
    }

    [Fact]
    public async Task What_the_provider_answers_while_the_process_stops_is_kept()
    {
        var id = await PayOutAsync(50);
        await _world.World.WriteAsync(db => db.Database.ExecuteSqlAsync($"update provider_orders set state = 'Submitting', submitted_at = created_at", Cancelled));
        using var stopping = new CancellationTokenSource();

        await _world.World.AsTenantAsync<IServiceProvider, int>(async services =>
        {
            var daraja = new StopsMeanwhile(services.GetRequiredService<IDarajaOperations>(), stopping);
            await ActivatorUtilities.CreateInstance<OrderDelivery>(services, daraja).SendAsync(id, stopping.Token);
            return 0;
        });

        var order = await _world.FindAsync(id);
        Assert.Equal((ProviderOrderState.Pending, _world.Orders.Taken.Single().ConversationId), (order.State, order.ConversationId));
    }

    [Fact]
    public async Task A_crash_between_claim_and_answer_leaves_an_unknown_outcome()
    {
        var id = await PayOutAsync(50);
        await _world.World.WriteAsync(db => db.Database.ExecuteSqlAsync(
            $"update provider_orders set state = 'Submitting', submitted_at = created_at", Cancelled));
        _world.World.Clock.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(1, await _world.World.Services.GetRequiredService<OrderSender>().SweepAsync(Cancelled));

        Assert.Equal(ProviderOrderState.Unknown, (await _world.FindAsync(id)).State);
        Assert.Equal(0, await _world.SendAsync());
    }

    private Task<int> SetAddressAsync(string address)
        => _world.World.WriteAsync(db => db.Database.ExecuteSqlAsync($"update payment_accounts set base_url = {address}", Cancelled));

    private async Task<ProviderOrder> AskedAfterAsync(Guid id)
    {
        _world.World.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, await LookAsync());
        return await _world.CarryOutAsync(id);
    }

    private Task<int> LookAsync() => _world.World.Services.GetRequiredService<SilentOrders>().LookAsync(Cancelled);

    private async Task<Guid> AskBalanceAsync()
        => (await _world.World.AsTenantAsync<InitiatorDesk, Guid?>(desk => desk.AskBalanceAsync(_world.AccountId, Cancelled)))!.Value;

    private Task<Guid> PayOutAsync(decimal amount)
        => _world.OrderAsync((db, orders) => orders.PayOut(db, _world.AccountId, "+254712345678", amount, Guid.Empty, "Refund", "Asha"));

    private Task<Guid> ReverseAsync(Payment payment, decimal amount)
        => _world.OrderAsync((db, orders) => orders.Reverse(db, payment, amount, Guid.Empty, "Refund", "Asha"));

    /// <summary>Money that a customer sent by himself, confirmed and in suspense.</summary>
    private async Task<Payment> ConfirmedAsync()
    {
        await _world.World.AsTenantAsync<C2bRegistrations, Core.Payments.Daraja.C2bRegistration?>(registrations => registrations.RegisterAsync(
            _world.AccountId, new Uri(_world.World.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<PaymentsOptions>>().Value.PublicUrl), Cancelled));
        var receipt = await _world.PayAsync("999", 20);
        await _world.PassAsync(TimeSpan.Zero, posts: 1);
        return await _world.World.ReadAsync(db => db.Payments.AsNoTracking().SingleAsync(p => p.Receipt == receipt, Cancelled));
    }

    private async Task<AccountPowers> PowersAsync()
        => (await _world.World.AsTenantAsync<InitiatorDesk, AccountPowers?>(desk => desk.FindAsync(_world.AccountId, Cancelled)))!;

    private Task<List<ProviderMessageOutcome?>> OutcomesAsync()
        => _world.World.ReadAsync(db => db.ProviderMessages.OrderBy(m => m.ProcessedAt).ThenBy(m => m.Id).Select(m => m.Outcome).ToListAsync(Cancelled));

    /// <summary>The process is told to stop while the provider answers.</summary>
    private sealed class StopsMeanwhile(IDarajaOperations daraja, CancellationTokenSource stopping) : IDarajaOperations
    {
        public async Task<OperationAck> SubmitAsync(DarajaCredentials credentials, OperationOrder order, CancellationToken cancellationToken)
        {
            await stopping.CancelAsync();
            return await daraja.SubmitAsync(credentials, order, cancellationToken);
        }

        public Task<PullRegistration> RegisterPullAsync(DarajaCredentials credentials, string nominatedNumber, Uri callback, CancellationToken cancellationToken)
            => daraja.RegisterPullAsync(credentials, nominatedNumber, callback, cancellationToken);

        public Task<PullResult> PullAsync(DarajaCredentials credentials, PullQuestion question, CancellationToken cancellationToken)
            => daraja.PullAsync(credentials, question, cancellationToken);

        public Task<QrResult> QrAsync(DarajaCredentials credentials, QrOrder order, CancellationToken cancellationToken)
            => daraja.QrAsync(credentials, order, cancellationToken);
    }
}
