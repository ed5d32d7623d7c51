using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.ProviderOrders;
using EasyIsp.Emulators.Daraja;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Portal.Tests.Payments;

/// <summary>A receipt that nobody has told us of: M-Pesa is asked, and the payer sees what happens.</summary>
public sealed class ClaimTests(PortalWorld portal) : IClassFixture<PortalWorld>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_payer_sees_that_mpesa_is_asked_and_what_it_says()
    {
        await SetInitiatorAsync();
        var receipt = await portal.PayAsync("nobody's", 50);
        var phone = portal.NewPhone();
        await phone.ArriveAsync();

        var asked = await phone.PostAsync($"{phone.Visit}/receipt", ("receipt", receipt));
        Assert.StartsWith($"{phone.Visit}/receipt/", asked.Location, StringComparison.Ordinal);
        var page = await phone.GetAsync(asked.Location!);
        Assert.Contains("We are asking M-Pesa", page.Text);
        Assert.Contains(receipt, page.Text);

        await AnswerAsync();
        Assert.Contains("We have your payment", (await phone.GetAsync(asked.Location!)).Text);

        var stranger = portal.NewPhone();
        await stranger.ArriveAsync();
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await stranger.GetAsync(asked.Location!.Replace(phone.Visit, stranger.Visit, StringComparison.Ordinal))).Status);
    }

    [Fact]
    public async Task Who_paid_the_prompt_of_this_visit_goes_online_once_its_account_is_told_though_every_message_was_lost()
    {
        await SetInitiatorAsync();
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        await phone.BuyAsync(portal.HourId, "0712 000 411");
        var prompt = await portal.SendPromptAsync(phone);
        portal.World.Clock.Advance(prompt.Scenario.After);
        portal.Daraja.Options.QueryFault = DarajaFault.HtmlPage;

        var asked = await phone.PostAsync($"{phone.Visit}/receipt", ("receipt", prompt.Receipt!));
        await AnswerAsync();
        portal.Daraja.Options.QueryFault = DarajaFault.None;

        // The same phone may have paid the same amount to another account of the Paybill.
        Assert.Contains("We have your payment", (await phone.GetAsync(asked.Location!)).Text);
        await ConfirmAsync(prompt);

        Assert.Equal($"{phone.Visit}/connect", (await phone.GetAsync(asked.Location!)).Location);
    }

    [Fact]
    public async Task A_receipt_that_mpesa_does_not_know_is_told_so()
    {
        await SetInitiatorAsync();
        var phone = portal.NewPhone();
        await phone.ArriveAsync();

        var asked = await phone.PostAsync($"{phone.Visit}/receipt", ("receipt", "SGH4K2M7QX"));
        await AnswerAsync();

        Assert.Contains("M-Pesa knows no completed payment", (await phone.GetAsync(asked.Location!)).Text);
    }

    private Task<Guid> AccountAsync() => portal.World.ReadAsync(db => db.PaymentAccounts.Select(a => a.Id).SingleAsync(Cancelled));

    /// <summary>M-Pesa's confirmation of a prompt's money, which names its account.</summary>
    private async Task ConfirmAsync(StkPrompt prompt)
    {
        var account = await AccountAsync();
        Assert.IsType<C2bRegistration.Registered>(await portal.World.AsTenantAsync<C2bRegistrations, C2bRegistration?>(
            registrations => registrations.RegisterAsync(account, new Uri("http://portal.example"), Cancelled)));
        var merchant = portal.Daraja.Options.Merchants[0];
        using var answer = await portal.PostAsync(merchant.ConfirmationUrl!.AbsolutePath, DarajaEmulator.PaymentOf(prompt).Body(isValidation: false).ToJsonString());
        Assert.True(answer.IsSuccessStatusCode);
        (merchant.ConfirmationUrl, merchant.ValidationUrl) = (null, null); // what else is paid here is told by nobody
        await portal.ReadCallbacksAsync();
    }

    private Task<SetInitiatorOutcome> SetInitiatorAsync() => portal.World.AsTenantAsync<InitiatorDesk, SetInitiatorOutcome>(async desk => await desk.SetAsync(
        await AccountAsync(),
        "testapi", "Emulated#2026", portal.Orders.Certificate.Der, Cancelled));

    /// <summary>The question goes out, and its answer is posted to the portal, as Safaricom would.</summary>
    private async Task AnswerAsync()
    {
        portal.Daraja.Options.ResultPlan = _ => [];
        await portal.App.Services.GetRequiredService<OrderSender>().SendDueAsync(Cancelled);
        portal.World.Clock.Advance(portal.Daraja.Options.OrderTakes);
        var order = portal.Orders.Taken[^1];
        using var answer = await portal.PostAsync(order.ResultUrl.AbsolutePath, DarajaOrders.ResultBody(order, portal.Daraja.Options));
        Assert.True(answer.IsSuccessStatusCode);
        await portal.ReadCallbacksAsync();
    }
}
