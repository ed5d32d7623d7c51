using EasyIsp.Core.Ledger;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

public sealed class SettlementTests(PostgresServer server) : IAsyncLifetime
{
    private PaymentWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await PaymentWorld.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_paid_callback_becomes_a_payment_a_purchase_a_subscription_and_the_order_to_let_the_device_in()
    {
        var request = await _world.PromptedAsync();

        var outcome = await _world.CallBackAsync(request, PaymentWorld.Paid(request));

        Assert.Equal(ProviderMessageOutcome.Settled, outcome);
        Assert.Equal(PaymentRequestState.Paid, (await _world.RequestAsync(request.Id)).State);
        Assert.Equal("UA17K4M2QX", Assert.Single(await _world.PaymentsAsync()).Receipt);
        await BooksSayAsync(mobileMoney: 20, wallet: 0, sales: -20);
        var subscription = await _world.World.ReadAsync(db => db.Subscriptions.SingleAsync());
        Assert.Equal(_world.World.Clock.GetUtcNow().AddHours(1), subscription.EndsAt);
        var order = await _world.World.ReadAsync(db => db.NetworkOrders.SingleAsync());
        Assert.Equal((NetworkOrderKind.HotspotLogin, "AA:BB:CC:00:11:22", request.Id), (order.Kind, order.MacAddress, order.CauseId));
    }

    [Fact]
    public async Task The_same_callback_again_changes_nothing()
    {
        var request = await _world.PromptedAsync();
        await _world.CallBackAsync(request, PaymentWorld.Paid(request));

        var outcome = await _world.CallBackAsync(request, PaymentWorld.Paid(request));

        Assert.Equal(ProviderMessageOutcome.Repeated, outcome);
        await BooksSayAsync(mobileMoney: 20, wallet: 0, sales: -20);
    }

    [Fact]
    public async Task Of_many_equal_callbacks_at_once_one_is_booked()
    {
        var request = await _world.PromptedAsync();
        var path = _world.Daraja.CallbackOf(request.CheckoutRequestId!);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _world.StoreAsync(path, PaymentWorld.Paid(request))));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _world.World.AsTenantAsync<CallbackReading, int>(async reading =>
        {
            var waiting = await _world.World.ReadAsync(db => db.ProviderMessages.Select(m => m.Id).ToListAsync());
            foreach (var message in waiting)
                await reading.ReadAsync(message, TestContext.Current.CancellationToken);
            return 0;
        })));

        Assert.Single(await _world.PaymentsAsync());
        await BooksSayAsync(mobileMoney: 20, wallet: 0, sales: -20);
        Assert.True(await _world.World.ReadAsync(db => db.ProviderMessages.AllAsync(m => m.ProcessedAt != null)));
    }

    [Fact]
    public async Task A_callback_with_another_amount_is_flagged_and_never_credited()
    {
        var request = await _world.PromptedAsync();

        var outcome = await _world.CallBackAsync(request, PaymentWorld.Paid(request, amount: 1));

        Assert.Equal(ProviderMessageOutcome.AmountMismatch, outcome);
        await NothingIsBookedAsync();
        Assert.Equal(PaymentRequestState.Pending, (await _world.RequestAsync(request.Id)).State);
    }

    [Fact]
    public async Task A_callback_to_one_requests_address_cannot_settle_another()
    {
        var mine = await _world.PromptedAsync();
        var other = await _world.PromptedAsync("+254722000111");

        var outcome = await _world.CallBackAsync(mine, PaymentWorld.Paid(other), _world.Daraja.CallbackOf(mine.CheckoutRequestId!));

        Assert.Equal(ProviderMessageOutcome.UnknownRequest, outcome);
        await NothingIsBookedAsync();
    }

    [Fact]
    public async Task A_callback_to_an_address_that_proves_nothing_is_stored_and_flagged()
    {
        var request = await _world.PromptedAsync();
        var path = _world.Daraja.CallbackOf(request.CheckoutRequestId!);
        var forged = path[..^4] + (path.EndsWith("0000", StringComparison.Ordinal) ? "1111" : "0000");

        var outcome = await _world.CallBackAsync(request, PaymentWorld.Paid(request), forged);

        Assert.Equal(ProviderMessageOutcome.UnknownRequest, outcome);
        await NothingIsBookedAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>Incapsula</html>")]
    [InlineData("{\"Body\":{}}")]
    public async Task A_callback_that_cannot_be_read_is_stored_and_flagged(string body)
    {
        var request = await _world.PromptedAsync();

        Assert.Equal(ProviderMessageOutcome.Malformed, await _world.CallBackAsync(request, body));
        await NothingIsBookedAsync();
    }

    [Fact]
    public async Task A_receipt_that_paid_one_request_cannot_pay_another()
    {
        var first = await _world.PromptedAsync();
        var second = await _world.PromptedAsync("+254722000111");
        await _world.CallBackAsync(first, PaymentWorld.Paid(first));

        var outcome = await _world.CallBackAsync(second, PaymentWorld.Paid(second));

        Assert.Equal(ProviderMessageOutcome.ReceiptTaken, outcome);
        await BooksSayAsync(mobileMoney: 20, wallet: 0, sales: -20);
    }

    [Fact]
    public async Task A_request_that_failed_is_paid_when_the_money_comes_late()
    {
        var request = await _world.PromptedAsync();
        Assert.Equal(ProviderMessageOutcome.NotPaid, await _world.CallBackAsync(request, PaymentWorld.NotPaid(request)));

        Assert.Equal(ProviderMessageOutcome.Settled, await _world.CallBackAsync(request, PaymentWorld.Paid(request)));

        await BooksSayAsync(mobileMoney: 20, wallet: 0, sales: -20);
    }

    [Fact]
    public async Task A_refusal_after_the_money_came_is_flagged_and_takes_nothing_back()
    {
        var request = await _world.PromptedAsync();
        await _world.CallBackAsync(request, PaymentWorld.Paid(request));

        Assert.Equal(ProviderMessageOutcome.Contradicts, await _world.CallBackAsync(request, PaymentWorld.NotPaid(request)));

        await BooksSayAsync(mobileMoney: 20, wallet: 0, sales: -20);
    }

    [Fact]
    public async Task A_silent_request_is_asked_after_and_its_late_callback_brings_the_receipt()
    {
        var request = await _world.PromptedAsync();
        Assert.Equal(0, await _world.AskAfterAsync());
        _world.World.Clock.Advance(TimeSpan.FromSeconds(15));
        _world.Daraja.Answer = new StkQueryResult.Paid();

        Assert.Equal(1, await _world.AskAfterAsync());

        Assert.Null(Assert.Single(await _world.PaymentsAsync()).Receipt);
        Assert.Equal(ProviderMessageOutcome.Repeated, await _world.CallBackAsync(request, PaymentWorld.Paid(request)));
        Assert.Equal("UA17K4M2QX", Assert.Single(await _world.PaymentsAsync()).Receipt);
        await BooksSayAsync(mobileMoney: 20, wallet: 0, sales: -20);
    }

    [Fact]
    public async Task Money_that_was_given_back_out_of_suspense_is_not_booked_again_when_a_query_calls_its_prompt_paid()
    {
        await _world.OpenTillAsync();
        var request = await _world.PromptedAsync();
        await _world.ConfirmAsync(C2bWorld.Confirmation("", shortCode: "555666"));
        await GiveBackAsync();
        _world.Daraja.Answer = new StkQueryResult.Paid();
        _world.World.Clock.Advance(TimeSpan.FromSeconds(15));

        await _world.AskAfterAsync();

        Assert.Equal((PaymentRequestState.Failed, "GivenBack"), ((await _world.RequestAsync(request.Id)).State, (await _world.RequestAsync(request.Id)).ResultCode));
        Assert.Single(await _world.PaymentsAsync());
        await BooksSayAsync(mobileMoney: 20, wallet: 0, sales: 0);
    }

    [Fact]
    public async Task A_strangers_money_that_was_taken_for_a_prompts_and_given_back_is_not_exchanged_by_the_callback()
    {
        await _world.OpenTillAsync();
        var request = await _world.PromptedAsync();
        _world.Daraja.Answer = new StkQueryResult.Paid();
        _world.World.Clock.Advance(TimeSpan.FromSeconds(15));
        await _world.AskAfterAsync();
        await _world.ConfirmAsync(C2bWorld.Confirmation("", receipt: "UA29B7Q0LD", shortCode: "555666"));
        await GiveBackAsync();

        Assert.Equal(ProviderMessageOutcome.ReceiptTaken, await _world.CallBackAsync(request, PaymentWorld.Paid(request)));

        Assert.Equal("UA29B7Q0LD", Assert.Single(await _world.PaymentsAsync()).Receipt);
        await BooksSayAsync(mobileMoney: 20, wallet: 0, sales: -20);
    }

    [Fact]
    public async Task A_request_that_nobody_knows_of_is_asked_after_ever_more_rarely_and_given_up()
    {
        var request = await _world.PromptedAsync();
        _world.Daraja.Answer = new StkQueryResult.NoAnswer("500.001.1001");

        for (var minutes = 0; minutes < 240; minutes++)
        {
            _world.World.Clock.Advance(TimeSpan.FromMinutes(1));
            await _world.AskAfterAsync();
        }

        Assert.Equal(PaymentRequestState.Expired, (await _world.RequestAsync(request.Id)).State);
        Assert.Equal(10, _world.Daraja.Queries);
        Assert.Equal(ProviderMessageOutcome.Settled, await _world.CallBackAsync(request, PaymentWorld.Paid(request)));
    }

    [Fact]
    public async Task A_lost_answer_to_the_submission_is_never_sent_again_and_settles_by_its_callback()
    {
        _world.Daraja.OnPush = _ => new PromptResult.OutcomeUnknown("timed out");
        var request = await _world.PromptedAsync();
        Assert.Equal(PaymentRequestState.SubmittedUnknown, request.State);
        await _world.SendAsync();
        Assert.Equal(1, _world.Daraja.Pushes);

        var callback = PaymentWorld.Paid(request).Replace("\"CheckoutRequestID\":null", "\"CheckoutRequestID\":\"ws_CO_1\"", StringComparison.Ordinal)
            .Replace("\"MerchantRequestID\":null", "\"MerchantRequestID\":\"m-1\"", StringComparison.Ordinal);
        var outcome = await _world.CallBackAsync(request, callback, _world.Daraja.CallbackOf("ws_CO_1"));

        Assert.Equal(ProviderMessageOutcome.Settled, outcome);
    }

    [Fact]
    public async Task A_lost_prompt_whose_callback_names_it_and_settles_nothing_is_asked_after()
    {
        _world.Daraja.OnPush = _ => new PromptResult.OutcomeUnknown("timed out");
        var request = await _world.PromptedAsync();
        Assert.Null(request.NextQueryAt);
        var callback = PaymentWorld.PaidBeforeAnswer("ws_CO_1", "UA17K4M2QX", amount: 1);

        Assert.Equal(ProviderMessageOutcome.AmountMismatch, await _world.CallBackAsync(request, callback, _world.Daraja.CallbackOf("ws_CO_1")));

        Assert.Equal(PaymentRequestState.SubmittedUnknown, (await _world.RequestAsync(request.Id)).State);
        _world.World.Clock.Advance(TimeSpan.FromSeconds(15));
        _world.Daraja.Answer = new StkQueryResult.Paid();
        Assert.Equal(1, await _world.AskAfterAsync());
        Assert.Equal(PaymentRequestState.Paid, (await _world.RequestAsync(request.Id)).State);
    }

    [Fact]
    public async Task A_refusal_that_came_when_nobody_waited_for_it_any_more_is_one()
    {
        _world.Daraja.OnPush = _ => new PromptResult.Refused("400.002.02", "Bad Request", ProviderRefusal.BadInput);
        _world.Daraja.BeforeAnswer = async _ =>
        {
            _world.World.Clock.Advance(TimeSpan.FromMinutes(2));
            await _world.World.Services.GetRequiredService<PromptSender>().SweepAsync(CancellationToken.None);
        };

        var request = await _world.PromptedAsync();

        Assert.Equal(PaymentRequestState.Rejected, request.State);
        Assert.Null(request.NextQueryAt);
    }

    [Fact]
    public async Task An_answer_that_came_when_nobody_waited_for_it_any_more_lets_the_prompt_be_asked_after()
    {
        _world.Daraja.BeforeAnswer = async _ =>
        {
            _world.World.Clock.Advance(TimeSpan.FromMinutes(2));
            await _world.World.Services.GetRequiredService<PromptSender>().SweepAsync(CancellationToken.None);
        };
        var request = await _world.PromptedAsync();
        Assert.Equal(PaymentRequestState.Pending, request.State);

        _world.Daraja.Answer = new StkQueryResult.Paid();
        await _world.AskAfterAsync();

        Assert.Equal(PaymentRequestState.Paid, (await _world.RequestAsync(request.Id)).State);
    }

    [Fact]
    public async Task A_number_that_somebody_types_ties_no_device_to_its_owner_before_it_has_paid()
    {
        var request = await _world.PromptedAsync();
        Assert.Null(await MacOfCustomerAsync());

        await _world.CallBackAsync(request, PaymentWorld.Paid(request));

        Assert.Equal("AA:BB:CC:00:11:22", await MacOfCustomerAsync());
    }

    [Fact]
    public async Task Buying_the_same_package_again_makes_the_subscription_longer()
    {
        var start = _world.World.Clock.GetUtcNow();
        foreach (var receipt in new[] { "UA17K4M2QX", "UA29B7Q0LD" })
        {
            var request = await _world.PromptedAsync();
            await _world.CallBackAsync(request, PaymentWorld.Paid(request, receipt));
        }

        var subscription = await _world.World.ReadAsync(db => db.Subscriptions.SingleAsync());
        Assert.Equal(start.AddHours(2), subscription.EndsAt);
        await BooksSayAsync(mobileMoney: 40, wallet: 0, sales: -40);
    }

    /// <summary>As a refund does that is under way; its own entries are <see cref="RefundTests"/>' affair.</summary>
    private Task<int> GiveBackAsync()
        => _world.World.WriteAsync(db => db.Database.ExecuteSqlAsync($"update payments set given_back = amount"));

    private Task<string?> MacOfCustomerAsync() => _world.World.ReadAsync(db => db.Customers.Select(c => c.MacAddress).SingleAsync());

    private async Task NothingIsBookedAsync()
    {
        Assert.Empty(await _world.PaymentsAsync());
        await BooksSayAsync(0, 0, 0);
    }

    private async Task BooksSayAsync(decimal mobileMoney, decimal wallet, decimal sales)
    {
        Assert.Equal(mobileMoney, await _world.BalanceAsync(LedgerAccountKind.MobileMoney));
        Assert.Equal(wallet, await _world.BalanceAsync(LedgerAccountKind.Wallet));
        Assert.Equal(sales, await _world.BalanceAsync(LedgerAccountKind.Sales));
    }
}
