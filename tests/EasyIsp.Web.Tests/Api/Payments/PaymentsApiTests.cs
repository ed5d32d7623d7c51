using System.Net;
using System.Text;
using System.Text.Json;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Testing;
using Xunit;

namespace EasyIsp.Web.Tests.Api.Payments;

public sealed class PaymentsApiTests(PostgresServer server)
{
    [Fact]
    public async Task Payments_are_read_stretch_by_stretch_the_latest_booked_first_and_filtered()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        var (grace, drawer, cheques, paybill) = (await shop.CustomerAsync("Grace"), await shop.DrawerAsync(), await shop.DrawerAsync("Cheques", Rail.Cheque), await shop.PaybillAsync());
        using var client = await shop.ClientAsync(Permission.PaymentsView, Permission.PaymentsAsk);
        // Ids of programs say nothing of the order.
        var (cash, cheque) = (Guid.AllBitsSet, new Guid("00000000-0000-4000-8000-000000000001"));
        await client.SendAsync("payments", new { id = cash, customerId = grace, accountId = drawer, amount = 300 });
        var waiting = await shop.ConfirmAsync(paybill, "UA17K4M2QX");
        await client.SendAsync("payments", new { id = cheque, customerId = grace, accountId = cheques, amount = 1500.5, reference = "kcb/000123" });

        var first = await client.JsonAsync("/api/v1/payments?limit=2");
        var second = await client.JsonAsync($"/api/v1/payments?limit=2&after={first.GetProperty("next").GetGuid()}");

        Assert.Equal([cheque, waiting, cash], [.. first.Ids(), .. second.Ids()]);
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
        var at = Uri.EscapeDataString(first.GetProperty("items")[1].TextOf("recordedAt")!);
        foreach (var (filter, found) in new (string, Guid[])[]
        {
            ("state=suspense", [waiting]), ("state=booked", [cheque, cash]), ("state=reversed", []), ("state=refunded", []), ("state=same", []),
            ("rail=cash", [cash]), ("rail=mpesa", [waiting]), ($"account={cheques}", [cheque]), ($"customer={grace}", [cheque, cash]),
            ("search=ua17k4", [waiting]), ("search=KCB/0001", [cheque]), ("search=cash-10", [cash]), ("search=ua", []),
            ($"from={at}", [cheque, waiting]), ($"to={at}", [cash]), ($"from={at}&to={at}", []), ($"after={new Guid("00000000-0000-4000-8000-000000000002")}", []),
        })
            Assert.Equal((filter, string.Join(' ', found)), (filter, string.Join(' ', (await client.JsonAsync($"/api/v1/payments?{filter}")).Ids())));
        Assert.Equal(HttpStatusCode.BadRequest, (await client.OpenAsync("/api/v1/payments?search=%00x%00")).StatusCode);
        Assert.Equal(
            [("Cheques", false, true), ("Drawer", false, true), ("Paybill", false, false)],
            (await client.JsonAsync("/api/v1/payment-accounts")).GetProperty("items").EnumerateArray()
                .Select(a => (a.GetProperty("name").GetString(), a.GetProperty("isDisabled").GetBoolean(), a.GetProperty("isOfStaff").GetBoolean())));
    }

    [Fact]
    public async Task One_payment_is_told_with_its_story_and_no_more_of_the_payer_than_the_console_shows()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        var (grace, paybill) = (await shop.CustomerAsync("Grace"), await shop.PaybillAsync());
        var waiting = await shop.ConfirmAsync(paybill, "UA17K4M2QX", account: "home.grace");
        using var client = await shop.ClientAsync(Permission.PaymentsView);

        var payment = await client.JsonAsync($"/api/v1/payments/{waiting}");

        Assert.Equal(
            ("suspense", "mpesa", 500m, "UA17K4M2QX", "JANE", "2547 ***** 126"),
            (payment.TextOf("state"), payment.TextOf("rail"), payment.GetProperty("amount").GetDecimal(), payment.TextOf("receipt"), payment.TextOf("payerName"), payment.TextOf("payerNumber")));
        Assert.Equal(["booked", "confirmed", "recorded"], payment.GetProperty("timeline").EnumerateArray().Select(step => step.TextOf("step")).Order());
        var suggestion = Assert.Single(payment.GetProperty("suggestions").EnumerateArray());
        Assert.Equal((grace, "nearAccount"), (suggestion.GetProperty("customer").GetProperty("id").GetGuid(), suggestion.TextOf("reason")));

        await shop.WriteAsync($"update payments set payer_number = {new string('a', 64)} where id = {waiting}");
        Assert.Null((await client.JsonAsync($"/api/v1/payments/{waiting}")).TextOf("payerNumber"));
    }

    [Fact]
    public async Task What_belongs_to_another_company_is_neither_there_nor_moved()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        await using var neighbour = await shop.NeighbourAsync();
        var (otieno, drawer, paybill) = (await neighbour.CustomerAsync("Otieno"), await neighbour.DrawerAsync(), await neighbour.PaybillAsync());
        var waiting = await neighbour.ConfirmAsync(paybill, "UA17K4M2QX");
        using var theirs = await neighbour.ClientAsync(Permission.PaymentsAsk);
        var prompt = (await (await theirs.SendAsync($"customers/{otieno}/prompts", new { amount = 100, phone = "0712345678" })).JsonAsync()).GetProperty("id").GetGuid();
        var (grace, own) = (await shop.CustomerAsync("Grace"), await shop.DrawerAsync());
        using var client = await shop.ClientAsync(Permission.PaymentsView, Permission.PaymentsRecord, Permission.PaymentsAsk, Permission.PaymentsPlace);

        foreach (var path in new[] { $"payments/{waiting}", $"prompts/{prompt}" })
            Assert.Equal((path, HttpStatusCode.NotFound), (path, (await client.OpenAsync($"/api/v1/{path}")).StatusCode));
        foreach (var path in new[] { "payments", $"payments?after={waiting}", $"payments?customer={otieno}", "payments?search=UA17K4M2QX", "suspense" })
            Assert.Empty((await client.JsonAsync($"/api/v1/{path}")).Ids());
        Assert.Equal(HttpStatusCode.NotFound, (await client.SendAsync($"suspense/{waiting}/place", new { customerId = grace, reason = "Mine" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.SendAsync($"customers/{otieno}/prompts", new { amount = 100, phone = "0712345678" })).StatusCode);
        Assert.Equal((HttpStatusCode)422, (await client.SendAsync("payments", new { id = Guid.AllBitsSet, customerId = otieno, accountId = own, amount = 10 })).StatusCode);
        Assert.Equal((HttpStatusCode)422, (await client.SendAsync("payments", new { id = Guid.AllBitsSet, customerId = grace, accountId = drawer, amount = 10 })).StatusCode);
        // Their ids are free here.
        Assert.Equal(HttpStatusCode.Created, (await client.SendAsync("payments", new { id = waiting, customerId = grace, accountId = own, amount = 10 })).StatusCode);
    }

    [Theory]
    [InlineData("""{"id":"nonsense"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"amount":1e999}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"amount":""", HttpStatusCode.BadRequest)]
    [InlineData("""{"note":"\ud800"}""", HttpStatusCode.BadRequest)]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("null", HttpStatusCode.BadRequest)]
    [InlineData("{}", (HttpStatusCode)422)]
    [InlineData("huge", HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_body_that_cannot_be_read_is_told_as_a_problem(string body, HttpStatusCode status)
    {
        await using var shop = await ApiShop.OpenAsync(server);
        using var client = await shop.ClientAsync(Permission.PaymentsRecord);
        using var content = new StringContent(body == "huge" ? new string(' ', 100_000) + "{}" : body, Encoding.UTF8, "application/json");

        using var answer = await client.PostAsync("/api/v1/payments", content, TestContext.Current.CancellationToken);

        Assert.Equal((status, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }
}
