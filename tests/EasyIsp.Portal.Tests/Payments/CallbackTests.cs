using System.Net;
using EasyIsp.Core.Payments;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Portal.Tests.Payments;

public sealed class CallbackTests(PortalWorld portal) : IClassFixture<PortalWorld>
{
    [Fact]
    public async Task What_is_stored_is_accepted_in_the_words_that_the_provider_expects()
    {
        var prompt = await PromptAsync("0712 000 211");
        portal.World.Clock.Advance(prompt.Scenario.After);
        var before = await OfRequestsAsync();

        using var answer = await portal.DeliverAsync(prompt);

        Assert.Equal("""{"ResultCode":0,"ResultDesc":"Accepted"}""", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(before + 1, await OfRequestsAsync());
    }

    [Fact]
    public async Task An_address_that_no_account_has_is_refused_and_nothing_is_kept()
    {
        var before = await MessagesAsync();

        using var answer = await portal.PostAsync($"/pay/cb/{new string('a', 32)}/{new string('b', 64)}", "{}");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(before, await MessagesAsync());
    }

    [Theory]
    [InlineData("not json at all")]
    [InlineData("")]
    [InlineData("""{"Body":{"stkCallback":{"MerchantRequestID":"x","CheckoutRequestID":"ws_CO_forged","ResultCode":0,"ResultDesc":"ok","CallbackMetadata":{"Item":[{"Name":"Amount","Value":20},{"Name":"MpesaReceiptNumber","Value":"AAAAAAAAAA"}]}}}}""")]
    public async Task A_forged_word_at_a_forged_attempt_is_kept_for_a_person_and_credits_nobody(string body)
    {
        var prompt = await PromptAsync("0712 000 212");
        var account = prompt.Request.CallbackUrl.AbsolutePath.Split('/')[3];

        using var answer = await portal.PostAsync($"/pay/cb/{account}/{new string('0', 64)}", body);
        await portal.ReadCallbacksAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var outcomes = await portal.World.ReadAsync(db => db.ProviderMessages.Where(m => m.PaymentRequestId == null).Select(m => m.Outcome).ToListAsync());
        Assert.NotEmpty(outcomes);
        Assert.All(outcomes, outcome => Assert.True(outcome is ProviderMessageOutcome.UnknownRequest or ProviderMessageOutcome.Malformed));
        Assert.Equal(0, await portal.World.ReadAsync(db => db.Payments.CountAsync(p => p.Receipt == "AAAAAAAAAA")));
    }

    [Fact]
    public async Task A_body_larger_than_any_callback_is_refused_unread()
    {
        var prompt = await PromptAsync("0712 000 213");
        var before = await MessagesAsync();

        using var answer = await portal.PostAsync(prompt.Request.CallbackUrl.AbsolutePath, new string('x', (64 * 1024) + 1));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal(before, await MessagesAsync());
    }

    [Fact]
    public async Task A_body_as_large_as_is_kept_is_kept()
    {
        var prompt = await PromptAsync("0712 000 214");

        using var answer = await portal.PostAsync(prompt.Request.CallbackUrl.AbsolutePath, new string('x', 64 * 1024));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task With_the_database_away_nothing_is_accepted_and_pages_say_one_moment()
    {
        const string Nobody = "Host=127.0.0.1;Port=1;Username=easyisp_app;Password=x;Database=x;Timeout=1";
        await using var app = await PortalWorld.AppAsync(portal.World, ("ConnectionStrings:App", Nobody), ("ConnectionStrings:Platform", Nobody));
        using var client = app.CreateClient();

        using var callback = await client.PostAsync(
            new Uri($"/pay/cb/{new string('a', 32)}/{new string('b', 64)}", UriKind.Relative),
            new StringContent("{}"),
            TestContext.Current.CancellationToken);
        using var page = await client.GetAsync(new Uri($"/h/{PortalWorld.Site}", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, callback.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.Contains("your money is safe", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private async Task<EasyIsp.Emulators.Daraja.StkPrompt> PromptAsync(string number)
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        await phone.BuyAsync(portal.HourId, number);
        return await portal.SendPromptAsync(phone);
    }

    private Task<int> OfRequestsAsync()
        => portal.World.ReadAsync(db => db.ProviderMessages.CountAsync(m => m.PaymentRequestId != null));

    private Task<int> MessagesAsync() => portal.World.ReadAsync(db => db.ProviderMessages.CountAsync());
}
