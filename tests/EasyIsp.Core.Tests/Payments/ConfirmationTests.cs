using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

public sealed class ConfirmationTests(PostgresServer server) : IAsyncLifetime
{
    private PaymentWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await PaymentWorld.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("1042")]
    [InlineData(" 10 42 ")]
    [InlineData("001042")]
    [InlineData("10-42")]
    public async Task Money_for_an_account_number_goes_to_its_customers_wallet(string typed)
    {
        var customer = await _world.RegisterAsync(1042);

        Assert.Equal(ProviderMessageOutcome.Settled, await _world.ConfirmAsync(C2bWorld.Confirmation(typed, 500)));

        var payment = Assert.Single(await _world.PaymentsAsync());
        Assert.Equal((customer.Id, typed.Trim().Replace("  ", " ", StringComparison.Ordinal), "JANE WANJIKU"), (payment.CustomerId, payment.TypedAccount, payment.PayerName));
        Assert.Equal((500m, 0m, -500m, 0m), await _world.BooksAsync());
    }

    [Theory]
    [InlineData("1043")]
    [InlineData("ISP1042")]
    [InlineData("0712345678")]
    [InlineData("")]
    [InlineData("jane wanjiku")]
    public async Task Money_for_no_account_number_waits_in_suspense_whatever_phone_it_came_from(string typed)
    {
        await _world.RegisterAsync(1042, "+254712345678");

        Assert.Equal(ProviderMessageOutcome.Unmatched, await _world.ConfirmAsync(C2bWorld.Confirmation(typed, 500, msisdn: "254712345678")));

        Assert.Null(Assert.Single(await _world.PaymentsAsync()).CustomerId);
        Assert.Equal((500m, -500m, 0m, 0m), await _world.BooksAsync());
    }

    [Fact]
    public async Task A_deleted_customers_number_takes_no_money()
    {
        var customer = await _world.RegisterAsync(1042);
        await _world.World.WriteAsync(async db =>
        {
            (await db.Customers.SingleAsync(c => c.Id == customer.Id)).Delete(_world.World.Clock.GetUtcNow());
            return 0;
        });

        Assert.Equal(ProviderMessageOutcome.Unmatched, await _world.ConfirmAsync(C2bWorld.Confirmation("1042")));
    }

    [Fact]
    public async Task The_same_confirmation_again_changes_nothing_and_one_with_another_amount_is_flagged()
    {
        await _world.RegisterAsync(1042);
        await _world.ConfirmAsync(C2bWorld.Confirmation("1042", 500));

        Assert.Equal(ProviderMessageOutcome.Repeated, await _world.ConfirmAsync(C2bWorld.Confirmation("1042", 500)));
        Assert.Equal(ProviderMessageOutcome.AmountMismatch, await _world.ConfirmAsync(C2bWorld.Confirmation("1042", 501)));

        Assert.Equal((500m, 0m, -500m, 0m), await _world.BooksAsync());
    }

    [Fact]
    public async Task The_last_package_is_bought_again_where_the_rule_says_so_and_the_wallet_suffices()
    {
        var customer = await BoughtAnHourAsync();
        await _world.RuleAsync(ValidationRule.AcceptAll, DepositRule.RenewLastPackage);
        var ended = (await LatestAsync(customer)).EndsAt;

        await _world.ConfirmAsync(C2bWorld.Confirmation("1042", 12, "UA29B7Q0LD"));
        Assert.Equal(ended, (await LatestAsync(customer)).EndsAt);
        await _world.ConfirmAsync(C2bWorld.Confirmation("1042", 13, "UA3CZ81HTM"));

        Assert.Equal(ended.AddHours(1), (await LatestAsync(customer)).EndsAt);
        Assert.Equal((25m, 0m, -5m, -20m), await _world.BooksAsync());
    }

    [Fact]
    public async Task A_reference_paid_by_hand_with_another_amount_is_the_customers_and_settles_nothing()
    {
        var request = await _world.PromptedAsync();

        Assert.Equal(ProviderMessageOutcome.Settled, await _world.ConfirmAsync(C2bWorld.Confirmation(request.Reference!, 5)));

        Assert.Equal(PaymentRequestState.Pending, (await _world.RequestAsync(request.Id)).State);
        Assert.Equal(request.CustomerId, Assert.Single(await _world.PaymentsAsync()).CustomerId);
        Assert.Equal((5m, 0m, -5m, 0m), await _world.BooksAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_prompt_answered_and_paid_by_hand_as_well_is_money_twice(bool byHandFirst)
    {
        var request = await _world.PromptedAsync();
        var byHand = C2bWorld.Confirmation(request.Reference!, 20, "UA29B7Q0LD");
        if (byHandFirst)
            await _world.ConfirmAsync(byHand);
        await _world.CallBackAsync(request, PaymentWorld.Paid(request));
        if (!byHandFirst)
            await _world.ConfirmAsync(byHand);

        await _world.CallBackAsync(request, PaymentWorld.Paid(request));
        await _world.ConfirmAsync(C2bWorld.Confirmation(request.Reference!, 20));

        Assert.Equal(2, (await _world.PaymentsAsync()).Count(p => p.CustomerId == request.CustomerId));
        Assert.Equal((40m, 0m, -20m, -20m), await _world.BooksAsync());
    }

    [Fact]
    public async Task A_confirmation_that_a_query_could_not_be_joined_with_is_joined_by_the_callback()
    {
        await _world.OpenTillAsync();
        var request = await _world.PromptedAsync();
        Assert.Equal(ProviderMessageOutcome.Unmatched, await _world.ConfirmAsync(C2bWorld.Confirmation("", msisdn: "", shortCode: "555666")));
        _world.Daraja.Answer = new StkQueryResult.Paid();
        await _world.World.AsTenantAsync<PaymentInquiry, PaymentRequestState?>(inquiry => inquiry.AskAsync(request.Id, CancellationToken.None));
        Assert.Equal((40m, -20m, 0m, -20m), await _world.BooksAsync());

        Assert.Equal(ProviderMessageOutcome.Repeated, await _world.CallBackAsync(request, PaymentWorld.Paid(request)));

        Assert.Equal((20m, 0m, 0m, -20m), await _world.BooksAsync());
        Assert.Equal(C2bWorld.Receipt, Assert.Single(await _world.PaymentsAsync(), p => p.SameAsId is null).Receipt);
    }

    [Fact]
    public async Task Two_who_pay_one_amount_at_a_till_with_numbers_that_look_alike_are_not_guessed_at()
    {
        await _world.OpenTillAsync();
        _world.Daraja.Answer = new StkQueryResult.Paid();
        foreach (var phone in new[] { "+254712345678", "+254722999678" })
        {
            var request = await _world.PromptedAsync(phone);
            await _world.World.AsTenantAsync<PaymentInquiry, PaymentRequestState?>(inquiry => inquiry.AskAsync(request.Id, CancellationToken.None));
        }

        Assert.Equal(
            ProviderMessageOutcome.Unmatched, await _world.ConfirmAsync(C2bWorld.Confirmation("", msisdn: "2547 ***** 678", shortCode: "555666")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_strangers_receipt_that_was_taken_for_a_prompts_is_given_back_when_the_callback_names_another(bool ownIsConfirmedFirst)
    {
        await _world.OpenTillAsync();
        var request = await _world.PromptedAsync();
        _world.Daraja.Answer = new StkQueryResult.Paid();
        await _world.World.AsTenantAsync<PaymentInquiry, PaymentRequestState?>(inquiry => inquiry.AskAsync(request.Id, CancellationToken.None));
        Assert.Equal(
            ProviderMessageOutcome.Repeated, await _world.ConfirmAsync(C2bWorld.Confirmation("", receipt: "UA29B7Q0LD", shortCode: "555666")));
        if (ownIsConfirmedFirst)
            await _world.ConfirmAsync(C2bWorld.Confirmation("", shortCode: "555666"));

        await _world.CallBackAsync(request, PaymentWorld.Paid(request));
        await _world.CallBackAsync(request, PaymentWorld.Paid(request));
        await _world.ConfirmAsync(C2bWorld.Confirmation("", shortCode: "555666"));

        Assert.Equal((40m, -20m, 0m, -20m), await _world.BooksAsync());
        var payments = await _world.PaymentsAsync();
        Assert.Equal(C2bWorld.Receipt, payments.Single(p => p.PaymentRequestId == request.Id).Receipt);
        Assert.Equal("UA29B7Q0LD", Assert.Single(payments, p => p.IsInSuspense).Receipt);
    }

    [Theory]
    [InlineData("", "not a JSON object")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{\"TransID\":\"' or 1=1\"}", "a TransID that is no receipt")]
    [InlineData("{\"TransID\":\"UA17K4M2QX\",\"TransAmount\":\"-5\",\"BusinessShortCode\":\"600111\"}", "a TransAmount that is no amount")]
    [InlineData("{\"TransID\":\"UA17K4M2QX\",\"TransAmount\":\"0\",\"BusinessShortCode\":\"600111\"}", "a TransAmount that is no amount")]
    [InlineData("{\"TransID\":\"UA17K4M2QX\",\"TransAmount\":\"1.005\",\"BusinessShortCode\":\"600111\"}", "a TransAmount that is no amount")]
    [InlineData("{\"TransID\":\"UA17K4M2QX\",\"TransAmount\":\"1e30\",\"BusinessShortCode\":\"600111\"}", "a TransAmount that is no amount")]
    [InlineData("{\"TransID\":\"UA17K4M2QX\",\"TransAmount\":\"5\",\"BusinessShortCode\":\"x\"}", "a BusinessShortCode that is none")]
    public async Task What_cannot_be_read_is_flagged_and_books_nothing(string body, string why)
    {
        Assert.Equal(ProviderMessageOutcome.Malformed, await _world.ConfirmAsync(body));

        Assert.Equal(why, await _world.World.ReadAsync(db => db.ProviderMessages.Select(m => m.Note).SingleAsync()));
        Assert.Empty(await _world.PaymentsAsync());
    }

    [Fact]
    public async Task Money_of_another_short_code_is_flagged()
    {
        Assert.Equal(ProviderMessageOutcome.UnknownRequest, await _world.ConfirmAsync(C2bWorld.Confirmation("1042", shortCode: "600999")));
        Assert.Empty(await _world.PaymentsAsync());
    }

    [Fact]
    public async Task Names_with_signs_that_no_text_may_have_are_kept_without_them()
    {
        await _world.RegisterAsync(1042);
        var body = C2bWorld.Confirmation("1042").Replace("JANE", "JA\\u0000\\u0007NE \\ud83d\\ude00", StringComparison.Ordinal);

        Assert.Equal(ProviderMessageOutcome.Settled, await _world.ConfirmAsync(body));

        Assert.Equal("JA NE WANJIKU", Assert.Single(await _world.PaymentsAsync()).PayerName);
    }

    [Fact]
    public async Task A_name_that_is_no_text_at_all_keeps_no_money_back()
    {
        await _world.RegisterAsync(1042);
        var body = C2bWorld.Confirmation("1042").Replace("JANE", "\\ud83d", StringComparison.Ordinal);

        Assert.Equal(ProviderMessageOutcome.Settled, await _world.ConfirmAsync(body));
    }

    [Fact]
    public async Task Another_tenants_customer_of_the_same_number_gets_nothing()
    {
        var other = await _world.World.FoundTenantAsync("kilima", "Kilima Net");
        await _world.World.WriteAsync(other, db =>
        {
            db.Customers.Add(Core.Customers.Customer.Register(
                other, 1042, AccessType.Hotspot, new Core.Customers.CustomerProfile("Another"), "c1042", null, _world.World.Clock.GetUtcNow()));
            return Task.FromResult(0);
        });

        Assert.Equal(ProviderMessageOutcome.Unmatched, await _world.ConfirmAsync(C2bWorld.Confirmation("1042")));

        Assert.Equal(0, await _world.World.ReadAsync(other, db => db.Payments.CountAsync()));
    }

    private async Task<Guid> BoughtAnHourAsync()
    {
        var customer = await _world.RegisterAsync(1042);
        await _world.World.AsTenantAsync<SellDesk, SellOutcome>(desk => desk.GiveAsync(customer.Id, _world.HourId, CancellationToken.None));
        return customer.Id;
    }

    private Task<Subscription> LatestAsync(Guid customerId)
        => _world.World.ReadAsync(db => db.Subscriptions.AsNoTracking().Where(s => s.CustomerId == customerId).OrderBy(s => s.EndsAt).LastAsync());
}
