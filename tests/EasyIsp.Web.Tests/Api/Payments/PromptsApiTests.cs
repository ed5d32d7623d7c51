using System.Net;
using EasyIsp.Core.Identity;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Web.Tests.Api.Payments;

public sealed class PromptsApiTests(PostgresServer server)
{
    private static readonly Guid Id = new("0c9f7a52-6f1e-4f0d-9a55-1d2f3b4c5d6e");

    [Fact]
    public async Task A_customer_is_asked_once_for_an_id_and_the_prompt_is_followed_to_its_end()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        var (grace, package, paybill) = (await shop.CustomerAsync("Grace"), await shop.PackageAsync(), await shop.PaybillAsync());
        await shop.PaybillAsync("600222"); // the newest, but not the one that is asked for
        using var client = await shop.ClientAsync(Permission.PaymentsRecord, Permission.PaymentsAsk, Permission.PaymentsView);
        var wanted = new { id = Id, packageId = package, phone = "0712 345678", accountId = paybill };

        using var asked = await client.SendAsync($"customers/{grace}/prompts", wanted);
        using var again = await client.SendAsync($"customers/{grace}/prompts", wanted);
        using var other = await client.SendAsync($"customers/{grace}/prompts", new { id = Id, amount = 20, phone = "0712 345678" });

        Assert.Equal([HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.Conflict], [asked.StatusCode, again.StatusCode, other.StatusCode]);
        Assert.Equal($"/api/v1/prompts/{Id}", asked.LocationPath());
        var prompt = await client.JsonAsync(asked.LocationPath()!);
        Assert.Equal((await asked.JsonAsync()).GetRawText(), prompt.GetRawText());
        Assert.Equal(
            ("created", 1_500m, "+254712345678", "Home 10", "Monitoring (API)", paybill),
            (prompt.TextOf("state"), prompt.GetProperty("amount").GetDecimal(), prompt.TextOf("phone"), prompt.GetProperty("package").TextOf("name"), prompt.TextOf("askedBy"),
                prompt.GetProperty("account").GetProperty("id").GetGuid()));
        Assert.Equal(1, await shop.ReadAsync(db => db.PaymentRequests.CountAsync()));
        Assert.Equal("Monitoring (API)", await shop.ReadAsync(db => db.AuditEvents.Where(e => e.Action == "payment.ask").Select(e => e.ActorName).SingleAsync()));

        await shop.WriteAsync($"update payment_requests set state = 'Failed', result_code = '1032', settled_at = now() where id = {Id}");
        var trouble = (await client.JsonAsync($"/api/v1/prompts/{Id}")).GetProperty("trouble");
        Assert.Equal(("1032", "The payer cancelled. (code 1032)"), (trouble.TextOf("code"), trouble.TextOf("why")));
        Assert.StartsWith("Ask again", trouble.TextOf("whatToDo"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_payment_of_a_prompt_is_told_with_it_and_it_with_the_payment()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        var (grace, paybill) = (await shop.CustomerAsync("Grace"), await shop.PaybillAsync());
        using var client = await shop.ClientAsync(Permission.PaymentsRecord, Permission.PaymentsAsk, Permission.PaymentsView);
        await client.SendAsync($"customers/{grace}/prompts", new { id = Id, amount = 500, phone = "0712 345678" });
        var reference = await shop.ReadAsync(db => db.PaymentRequests.Select(r => r.Reference).SingleAsync());

        var payment = await shop.ConfirmAsync(paybill, "UA17K4M2QX", account: reference!);

        var prompt = await client.JsonAsync($"/api/v1/prompts/{Id}");
        Assert.Equal(("paid", "UA17K4M2QX", payment), (prompt.TextOf("state"), prompt.TextOf("receipt"), prompt.GetProperty("paymentId").GetGuid()));
        var story = await client.JsonAsync($"/api/v1/payments/{payment}");
        Assert.Equal((Id, "booked"), (story.GetProperty("promptId").GetGuid(), story.TextOf("state")));
        Assert.Equal("asked", story.GetProperty("timeline")[0].TextOf("step"));
    }

    [Theory]
    [InlineData("""{"amount":0,"phone":"0712345678"}""", "amount")]
    [InlineData("""{"amount":-5,"phone":"0712345678"}""", "amount")]
    [InlineData("""{"amount":10.5,"phone":"0712345678"}""", "amount")]
    [InlineData("""{"amount":250001,"phone":"0712345678"}""", "amount")]
    [InlineData("""{"amount":100}""", "phone")]
    [InlineData("""{"amount":100,"phone":"020 1234567"}""", "phone")]
    [InlineData("""{"amount":100,"phone":"0712\u0000345678"}""", "phone")]
    [InlineData("""{"phone":"0712345678"}""", "amount")]
    [InlineData("""{"amount":100,"packageId":"ffffffff-ffff-ffff-ffff-ffffffffffff","phone":"0712345678"}""", "amount")]
    [InlineData("""{"packageId":"ffffffff-ffff-ffff-ffff-ffffffffffff","phone":"0712345678"}""", "packageId")]
    [InlineData("""{"amount":100,"phone":"0712345678","rail":"cash"}""", "rail")]
    [InlineData("""{"amount":100,"phone":"0712345678","rail":"paystack"}""", "rail")]
    [InlineData("""{"amount":100,"phone":"0712345678","accountId":"ffffffff-ffff-ffff-ffff-ffffffffffff"}""", "accountId")]
    [InlineData("""{"amount":100,"phone":"0712345678","id":"00000000-0000-0000-0000-000000000000"}""", "id")]
    public async Task What_no_prompt_can_ask_is_refused_at_its_field(string body, string field)
    {
        await using var shop = await ApiShop.OpenAsync(server);
        await shop.PaybillAsync();
        var grace = await shop.CustomerAsync("Grace");
        using var client = await shop.ClientAsync(Permission.PaymentsAsk);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var refused = await client.PostAsync($"/api/v1/customers/{grace}/prompts", content, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode)422, refused.StatusCode);
        Assert.Equal([field], (await refused.JsonAsync()).GetProperty("errors").EnumerateObject().Select(error => error.Name));
        Assert.False(await shop.ReadAsync(db => db.PaymentRequests.AnyAsync()));
    }
}
