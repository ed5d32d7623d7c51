using System.Net;
using Xunit;

namespace EasyIsp.Portal.Tests.Payments;

public sealed class ReceiptTests(PortalWorld portal) : IClassFixture<PortalWorld>
{
    [Fact]
    public async Task Who_holds_the_receipt_goes_on_with_what_it_bought()
    {
        var payer = portal.NewPhone();
        await payer.ArriveAsync();
        await payer.BuyAsync(portal.HourId, "0712 000 301");
        var prompt = await portal.SendPromptAsync(payer);
        await portal.SettleAsync(prompt);
        var other = portal.NewPhone();
        await other.ArriveAsync();

        var answer = await other.PostAsync($"{other.Visit}/receipt", ("receipt", $" {prompt.Receipt!.ToLowerInvariant()} "));

        Assert.Equal($"{other.Visit}/connect", answer.Location);
    }

    [Fact]
    public async Task A_payment_whose_callback_is_lost_is_asked_after()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        var begun = await phone.BuyAsync(portal.HourId, "0712 000 900");
        var prompt = await portal.SendPromptAsync(phone);
        portal.World.Clock.Advance(prompt.Scenario.After);

        var answer = await phone.PostAsync($"{phone.Visit}/receipt", ("receipt", prompt.Receipt!));

        Assert.Equal(begun.Location, answer.Location);
        Assert.Equal($"{phone.Visit}/connect", (await phone.GetAsync(answer.Location!)).Location);
    }

    [Fact]
    public async Task A_receipt_that_has_not_come_says_what_to_do()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();

        Assert.Contains("We have not received this payment yet.", (await phone.PostAsync($"{phone.Visit}/receipt", ("receipt", "SGH4K2M7QX"))).Text);
        Assert.Contains("A receipt has 10 letters and digits.", (await phone.PostAsync($"{phone.Visit}/receipt", ("receipt", "<b>x</b>"))).Text);
    }

    [Fact]
    public async Task Who_guesses_is_slowed_down()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        Page page = null!;
        for (var i = 0; i < 6; i++)
            page = await phone.PostAsync($"{phone.Visit}/receipt", ("receipt", $"SGH4K2M7Q{i}"));

        Assert.Equal(HttpStatusCode.TooManyRequests, page.Status);
        Assert.Contains("Please wait 12 seconds, then try again.", page.Text);
    }
}
