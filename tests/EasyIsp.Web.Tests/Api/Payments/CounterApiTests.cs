using System.Net;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Web.Tests.Api.Payments;

public sealed class CounterApiTests(PostgresServer server)
{
    private static readonly Guid Id = new("0c9f7a52-6f1e-4f0d-9a55-1d2f3b4c5d6e");

    [Fact]
    public async Task Money_that_is_taken_is_booked_once_however_often_it_is_sent()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        var (grace, drawer) = (await shop.CustomerAsync("Grace"), await shop.DrawerAsync());
        using var client = await shop.ClientAsync(Permission.PaymentsRecord, Permission.PaymentsView);
        var taken = new { id = Id, customerId = grace, accountId = drawer, amount = 1500.5, note = " At the shop " };

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.SendAsync("payments", taken)));
        using var later = await client.SendAsync("payments", taken);

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal((await answers[0].JsonAsync()).GetRawText(), (await later.JsonAsync()).GetRawText());
        Assert.Equal(1_500.5m, await shop.WalletAsync(grace));
        var payment = await client.JsonAsync($"/api/v1/payments/{Id}");
        Assert.Equal(
            ("booked", 1_500.5m, "CASH-1001", "At the shop", "Monitoring (API)"),
            (payment.TextOf("state"), payment.GetProperty("amount").GetDecimal(), payment.TextOf("reference"), payment.TextOf("note"), payment.TextOf("takenBy")));
        var deed = await shop.ReadAsync(db => db.AuditEvents.SingleAsync(e => e.Action == "payment.take"));
        Assert.Equal(("Monitoring (API)", Id), (deed.ActorName, deed.SubjectId));
    }

    [Fact]
    public async Task Under_one_id_nothing_else_is_booked_and_under_one_reference_neither()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        var (grace, bank, paybill) = (await shop.CustomerAsync("Grace"), await shop.DrawerAsync("KCB", Rail.Bank), await shop.PaybillAsync());
        var told = await shop.ConfirmAsync(paybill, "UA17K4M2QX");
        using var client = await shop.ClientAsync(Permission.PaymentsRecord);
        await client.SendAsync("payments", new { id = Id, customerId = grace, accountId = bank, amount = 700, reference = "S-1" });

        foreach (var other in new object[]
        {
            new { id = Id, customerId = grace, accountId = bank, amount = 701, reference = "S-1" },
            new { id = Id, customerId = grace, accountId = bank, amount = 700, reference = "S-2" },
            new { id = told, customerId = grace, accountId = bank, amount = 500, reference = "S-3" },
            new { id = Guid.AllBitsSet, customerId = grace, accountId = bank, amount = 700, reference = " s-1 " },
        })
            Assert.Equal((other, HttpStatusCode.Conflict), (other, (await client.SendAsync("payments", other)).StatusCode));
        Assert.Equal(700, await shop.WalletAsync(grace));
    }

    [Fact]
    public async Task The_description_says_which_fields_are_needed()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        using var anybody = shop.Host.Browser();

        var schemas = (await anybody.JsonAsync("/api/v1/openapi.json")).GetProperty("components").GetProperty("schemas");

        Assert.Equal(["id", "customerId", "accountId", "amount"], schemas.GetProperty("CounterPaymentInput").GetProperty("required").EnumerateArray().Select(field => field.GetString()));
        Assert.Equal(["reason"], schemas.GetProperty("PlacingInput").GetProperty("required").EnumerateArray().Select(field => field.GetString()));
        Assert.False(schemas.GetProperty("PromptInput").TryGetProperty("required", out _));
    }

    [Theory]
    [InlineData("amount", "0")]
    [InlineData("amount", "-5")]
    [InlineData("amount", "10.001")]
    [InlineData("amount", "10000000.01")]
    [InlineData("amount", "79228162514264337593543950335")]
    [InlineData("day", "\"2400-01-01\"")]
    [InlineData("day", "\"0001-01-01\"")]
    [InlineData("reference", "\"CASH-7\"")]
    [InlineData("reference", "\"a\\u0000b\"")]
    [InlineData("note", "\"a\\nb\"")]
    [InlineData("id", "\"00000000-0000-0000-0000-000000000000\"")]
    [InlineData("customerId", "\"ffffffff-ffff-ffff-ffff-ffffffffffff\"")]
    [InlineData("accountId", "\"ffffffff-ffff-ffff-ffff-ffffffffffff\"")]
    public async Task What_cannot_be_is_refused_at_its_field_and_nothing_is_written(string field, string value)
    {
        await using var shop = await ApiShop.OpenAsync(server);
        var fields = new Dictionary<string, object>
        {
            ["id"] = Id, ["customerId"] = await shop.CustomerAsync("Grace"), ["accountId"] = await shop.DrawerAsync(), ["amount"] = 100,
        };
        fields[field] = System.Text.Json.Nodes.JsonNode.Parse(value)!;
        using var client = await shop.ClientAsync(Permission.PaymentsRecord);

        using var refused = await client.SendAsync("payments", fields);

        Assert.Equal((HttpStatusCode)422, refused.StatusCode);
        Assert.Equal([field], (await refused.JsonAsync()).GetProperty("errors").EnumerateObject().Select(error => error.Name));
        Assert.False(await shop.ReadAsync(db => db.Payments.AnyAsync()));
    }
}
