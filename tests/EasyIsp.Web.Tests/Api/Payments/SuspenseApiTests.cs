using System.Net;
using EasyIsp.Core.Identity;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Web.Tests.Api.Payments;

public sealed class SuspenseApiTests(PostgresServer server)
{
    [Fact]
    public async Task What_waits_is_found_by_what_is_known_of_it_and_placed_once_with_a_reason()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        var (grace, paybill) = (await shop.CustomerAsync("Grace"), await shop.PaybillAsync());
        var waiting = await shop.ConfirmAsync(paybill, "UA17K4M2QX", account: "grece");
        using var client = await shop.ClientAsync(Permission.PaymentsView, Permission.PaymentsPlace);
        foreach (var search in new[] { "", "ua17k4m2qx", "gre", "jane" })
            Assert.Equal([waiting], (await client.JsonAsync($"/api/v1/suspense?search={search}")).Ids());
        Assert.Empty((await client.JsonAsync("/api/v1/suspense?search=otieno")).Ids());

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            client.SendAsync($"suspense/{waiting}/place", new { customerId = grace, reason = "Called from the paying phone" })));

        var placed = await Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK).JsonAsync();
        Assert.Equal(3, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        Assert.Equal(("booked", grace), (placed.TextOf("state"), placed.GetProperty("customer").GetProperty("id").GetGuid()));
        Assert.Equal(500, await shop.WalletAsync(grace));
        Assert.Empty((await client.JsonAsync("/api/v1/suspense")).Ids());
        var allocation = await shop.ReadAsync(db => db.Allocations.SingleAsync());
        Assert.Equal(("Monitoring (API)", "Called from the paying phone"), (allocation.By, allocation.Reason));
    }

    [Fact]
    public async Task It_settles_a_prompt_for_just_its_amount()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        var (grace, package, paybill) = (await shop.CustomerAsync("Grace"), await shop.PackageAsync(500), await shop.PaybillAsync());
        var waiting = await shop.ConfirmAsync(paybill, "UA17K4M2QX");
        using var client = await shop.ClientAsync(Permission.PaymentsView, Permission.PaymentsPlace, Permission.PaymentsAsk);
        var other = (await (await client.SendAsync($"customers/{grace}/prompts", new { amount = 20, phone = "0712345678" })).JsonAsync()).GetProperty("id").GetGuid();
        var asked = (await (await client.SendAsync($"customers/{grace}/prompts", new { packageId = package, phone = "0712345678" })).JsonAsync()).GetProperty("id").GetGuid();

        using var refused = await client.SendAsync($"suspense/{waiting}/place", new { promptId = other, reason = "Showed the SMS" });
        using var placed = await client.SendAsync($"suspense/{waiting}/place", new { promptId = asked, reason = "Showed the SMS" });

        Assert.Equal([HttpStatusCode.Conflict, HttpStatusCode.OK], [refused.StatusCode, placed.StatusCode]);
        Assert.Equal(asked, (await placed.JsonAsync()).GetProperty("promptId").GetGuid());
        Assert.Equal("paid", (await client.JsonAsync($"/api/v1/prompts/{asked}")).TextOf("state"));
        Assert.Equal(package, await shop.ReadAsync(db => db.Purchases.Select(p => p.PackageId).SingleAsync()));
    }

    [Theory]
    [InlineData("""{"reason":"So it is"}""", "customerId")]
    [InlineData("""{"customerId":"ffffffff-ffff-ffff-ffff-ffffffffffff","promptId":"ffffffff-ffff-ffff-ffff-ffffffffffff","reason":"So it is"}""", "customerId")]
    [InlineData("""{"customerId":"ffffffff-ffff-ffff-ffff-ffffffffffff","reason":"So it is"}""", "customerId")]
    [InlineData("""{"customerId":"ffffffff-ffff-ffff-ffff-ffffffffffff","reason":" "}""", "reason")]
    [InlineData("""{"customerId":"ffffffff-ffff-ffff-ffff-ffffffffffff","reason":"a\u0000b"}""", "reason")]
    public async Task Who_does_not_say_whose_and_why_moves_nothing(string body, string field)
    {
        await using var shop = await ApiShop.OpenAsync(server);
        var waiting = await shop.ConfirmAsync(await shop.PaybillAsync(), "UA17K4M2QX");
        using var client = await shop.ClientAsync(Permission.PaymentsView, Permission.PaymentsPlace);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var refused = await client.PostAsync($"/api/v1/suspense/{waiting}/place", content, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode)422, refused.StatusCode);
        Assert.Equal([field], (await refused.JsonAsync()).GetProperty("errors").EnumerateObject().Select(error => error.Name));
        Assert.Equal([waiting], (await client.JsonAsync("/api/v1/suspense")).Ids());
    }
}
