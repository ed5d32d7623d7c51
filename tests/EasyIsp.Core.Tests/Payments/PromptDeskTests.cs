using EasyIsp.Core.Customers;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

public sealed class PromptDeskTests(PostgresServer server) : IAsyncLifetime
{
    private PaymentWorld _world = null!;
    private Customer _jane = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await PaymentWorld.OpenAsync(server);
        _jane = await _world.RegisterAsync(1042, PaymentWorld.Phone);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task What_staff_ask_for_fills_the_wallet_and_the_story_says_who_asked()
    {
        var request = await PromptedAsync(Wanted(300));

        Assert.Equal(ProviderMessageOutcome.Settled, await _world.CallBackAsync(request, PaymentWorld.Paid(request)));

        Assert.Equal(300, await WalletAsync(_jane.Id));
        Assert.Empty(await _world.World.ReadAsync(db => db.Purchases.ToListAsync()));
        var story = await _world.World.AsTenantAsync<PaymentTimeline, PaymentStory?>(timeline => timeline.TellAsync(request.Id, CancellationToken.None));
        Assert.StartsWith("by ", story!.Events[0].Detail, StringComparison.Ordinal);
        Assert.True(await _world.World.ReadAsync(db => db.AuditEvents.AnyAsync(e => e.Action == "payment.ask" && e.SubjectId == request.Id)));
    }

    [Fact]
    public async Task For_a_package_its_price_is_asked_and_the_package_sold()
    {
        var request = await PromptedAsync(Wanted(1, _world.HourId));
        Assert.Equal(20, request.Amount);

        await _world.CallBackAsync(request, PaymentWorld.Paid(request));

        var purchase = await _world.World.ReadAsync(db => db.Purchases.SingleAsync());
        Assert.Equal((_jane.Id, _world.HourId), (purchase.CustomerId, purchase.PackageId));
        Assert.Equal(0, await WalletAsync(_jane.Id));
    }

    [Fact]
    public async Task A_filled_wallet_follows_the_accounts_rule()
    {
        var first = await PromptedAsync(Wanted(0, _world.HourId));
        await _world.CallBackAsync(first, PaymentWorld.Paid(first));
        await _world.RuleAsync(ValidationRule.AcceptAll, DepositRule.RenewLastPackage);

        var second = await PromptedAsync(Wanted(30));
        await _world.CallBackAsync(second, PaymentWorld.Paid(second, "UA17K4M2QY"));

        Assert.Equal(2, await _world.World.ReadAsync(db => db.Purchases.CountAsync()));
        Assert.Equal(10, await WalletAsync(_jane.Id));
    }

    [Fact]
    public async Task Told_first_by_its_confirmation_the_rule_is_followed_once()
    {
        await _world.RuleAsync(ValidationRule.AcceptAll, DepositRule.RenewLastPackage);
        var bought = await PromptedAsync(Wanted(0, _world.HourId));
        await _world.CallBackAsync(bought, PaymentWorld.Paid(bought));

        var request = await PromptedAsync(Wanted(60));
        await _world.ConfirmAsync(C2bWorld.Confirmation(request.Reference!, 60, "UA17K4M2QZ"));
        await _world.CallBackAsync(request, PaymentWorld.Paid(request, "UA17K4M2QZ"));

        Assert.Equal(2, await _world.World.ReadAsync(db => db.Purchases.CountAsync()));
        Assert.Equal(40, await WalletAsync(_jane.Id));
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_asks_once_and_so_do_two_of_the_staff_within_a_minute()
    {
        var wanted = Wanted(300);
        await AskAsync(wanted);
        await AskAsync(wanted);
        await AskAsync(Wanted(300));
        await AskAsync(Wanted(400));

        Assert.Equal([300, 400], await _world.World.ReadAsync(db => db.PaymentRequests.Select(r => r.Amount).Order().ToListAsync()));
    }

    [Fact]
    public async Task Under_one_id_nothing_else_is_asked()
    {
        var wanted = Wanted(300);
        await AskAsync(wanted);

        Assert.IsType<PromptOutcome.IdTaken>(await AskAsync(wanted with { Amount = 400 }));
        Assert.IsType<PromptOutcome.IdTaken>(await AskAsync(wanted with { PackageId = _world.HourId }));
        Assert.IsType<PromptOutcome.IdTaken>(await AskAsync(wanted with { Phone = "+254722000111" }));
        Assert.Equal(300, await _world.World.ReadAsync(db => db.PaymentRequests.Select(r => r.Amount).SingleAsync()));
    }

    [Fact]
    public async Task Of_two_who_are_asked_at_once_under_one_id_one_is_asked()
    {
        var other = await _world.RegisterAsync(2, "+254722000222");
        for (var amount = 300; amount < 310; amount++)
        {
            var wanted = Wanted(amount);

            var outcomes = await Task.WhenAll(AskAsync(wanted), AskAsync(wanted with { CustomerId = other.Id, Phone = other.Phone! }));

            Assert.Single(outcomes, outcome => outcome is PromptOutcome.Asked);
            Assert.Single(outcomes, outcome => outcome is PromptOutcome.IdTaken);
        }
    }

    [Fact]
    public async Task Who_names_the_account_is_asked_through_it_and_not_through_the_newest()
    {
        var paybill = (await _world.OwnerAsync()).PaymentAccountId;
        await _world.OpenTillAsync();

        Assert.IsType<PromptOutcome.Asked>(await AskAsync(Wanted(300) with { AccountId = paybill }));
        Assert.IsType<PromptOutcome.NoPaymentAccount>(await AskAsync(Wanted(300) with { AccountId = Guid.Empty }));
        Assert.IsType<PromptOutcome.NoPaymentAccount>(await AskAsync(Wanted(300) with { Rail = Rail.Paystack }));
        Assert.Equal(paybill, await _world.World.ReadAsync(db => db.PaymentRequests.Select(r => r.PaymentAccountId).SingleAsync()));
    }

    [Fact]
    public async Task Another_phone_is_asked_for_itself_within_the_minute()
    {
        await AskAsync(Wanted(300));
        await AskAsync(Wanted(300) with { Phone = "+254722000111" });
        await AskAsync(Wanted(300) with { Phone = "+254722000111" });

        Assert.Equal([PaymentWorld.Phone, "+254722000111"], await _world.World.ReadAsync(db => db.PaymentRequests.Select(r => r.Phone).Order().ToListAsync()));
    }

    [Theory]
    [InlineData("+254712345678", 0.5)]
    [InlineData("+254712345678", 0)]
    [InlineData("+254712345678", -5)]
    [InlineData("+254712345678", 250_001)]
    [InlineData("+254201234567", 100)]
    [InlineData("", 100)]
    public async Task What_no_prompt_can_ask_is_refused_before_anything_is_written(string phone, double amount)
    {
        Assert.IsType<PromptOutcome.Refused>(await AskAsync(Wanted((decimal)amount) with { Phone = phone }));

        Assert.False(await _world.World.ReadAsync(db => db.PaymentRequests.AnyAsync()));
    }

    [Fact]
    public async Task A_suspended_customer_may_be_asked_for_the_wallet_and_for_no_package()
    {
        await _world.World.AsTenantAsync<AccessControl, AccessOutcome>(access => access.SuspendAsync(_jane.Id, CancellationToken.None));

        Assert.IsType<PromptOutcome.CustomerSuspended>(await AskAsync(Wanted(0, _world.HourId)));
        Assert.IsType<PromptOutcome.Asked>(await AskAsync(Wanted(100)));
    }

    [Fact]
    public async Task A_shilling_goes_through_the_account_that_is_tried_out_and_is_the_wallets_of_that_phone()
    {
        var paybill = (await _world.OwnerAsync()).PaymentAccountId;
        await _world.OpenTillAsync();

        var outcome = await TryOutAsync(paybill, "+254722000111");
        await _world.SendAsync();
        var request = await _world.RequestAsync(((PromptOutcome.Asked)outcome).RequestId);
        await _world.CallBackAsync(request, PaymentWorld.Paid(request));

        Assert.Equal((paybill, 1m), (request.PaymentAccountId, request.Amount));
        Assert.Equal(1, await WalletAsync(request.CustomerId));
        Assert.Equal("+254722000111", await _world.World.ReadAsync(db => db.Customers.Where(c => c.Id == request.CustomerId).Select(c => c.Phone).SingleAsync()));
    }

    [Fact]
    public async Task An_account_that_is_disabled_or_anothers_is_not_tried_out()
    {
        var paybill = (await _world.OwnerAsync()).PaymentAccountId;
        await _world.World.AsTenantAsync<PaymentAccounts, bool>(accounts => accounts.DisableAsync(paybill, CancellationToken.None));

        Assert.IsType<PromptOutcome.NoPaymentAccount>(await TryOutAsync(paybill, PaymentWorld.Phone));
        Assert.IsType<PromptOutcome.NoPaymentAccount>(await TryOutAsync(Guid.Empty, PaymentWorld.Phone));
    }

    private CustomerPrompt Wanted(decimal amount, Guid? packageId = null)
        => new(Guid.CreateVersion7(_world.World.Clock.GetUtcNow()), _jane.Id, PaymentWorld.Phone, amount, packageId);

    private Task<PromptOutcome> AskAsync(CustomerPrompt wanted)
        => _world.World.AsTenantAsync<PromptDesk, PromptOutcome>(desk => desk.AskAsync(wanted, CancellationToken.None));

    private Task<PromptOutcome> TryOutAsync(Guid account, string phone) => _world.World.AsTenantAsync<PromptDesk, PromptOutcome>(
        desk => desk.TryOutAsync(Guid.CreateVersion7(_world.World.Clock.GetUtcNow()), account, phone, CancellationToken.None));

    private async Task<PaymentRequest> PromptedAsync(CustomerPrompt wanted)
    {
        Assert.IsType<PromptOutcome.Asked>(await AskAsync(wanted));
        await _world.SendAsync();
        return await _world.RequestAsync(wanted.Id);
    }

    private Task<decimal> WalletAsync(Guid customer) => _world.World.ReadAsync(db => GeneralLedger.WalletAsync(db, customer, CancellationToken.None));
}
