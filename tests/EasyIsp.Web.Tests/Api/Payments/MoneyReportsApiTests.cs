using System.Globalization;
using System.Net;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments.Refunds;
using EasyIsp.Testing;
using Xunit;

namespace EasyIsp.Web.Tests.Api.Payments;

public sealed class MoneyReportsApiTests(PostgresServer server)
{
    [Fact]
    public async Task Refunds_are_read_stretch_by_stretch_and_by_their_state()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        var (grace, drawer) = (await shop.CustomerAsync("Grace"), await shop.DrawerAsync());
        using var client = await shop.ClientAsync(Permission.PaymentsView, Permission.PaymentsRecord, Permission.RefundsView);
        await client.SendAsync("payments", new { id = Guid.AllBitsSet, customerId = grace, accountId = drawer, amount = 300 });
        var refunds = new List<Guid> { await GiveBackAsync(shop, 100), await GiveBackAsync(shop, 200) };

        var first = await client.JsonAsync("/api/v1/refunds?limit=1");
        var second = await client.JsonAsync($"/api/v1/refunds?limit=1&after={first.GetProperty("next").GetGuid()}");

        Assert.Equal(refunds.OrderDescending(), [.. first.Ids(), .. second.Ids()]);
        var refund = second.GetProperty("items")[0];
        Assert.Equal(
            ("done", "cash", "Paid twice", "Grace"),
            (refund.TextOf("state"), refund.TextOf("way"), refund.TextOf("reason"), refund.GetProperty("customer").TextOf("name")));
        Assert.Empty((await client.JsonAsync("/api/v1/refunds?state=asked")).Ids());
        Assert.Equal(("refunded", 300m), await StateAsync(client));
        Assert.Single((await client.JsonAsync("/api/v1/payments?state=refunded")).Ids());
    }

    [Fact]
    public async Task Days_are_told_with_their_columns_and_whether_they_agree()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        var (grace, drawer) = (await shop.CustomerAsync("Grace"), await shop.DrawerAsync());
        using var client = await shop.ClientAsync(Permission.PaymentsView, Permission.PaymentsRecord, Permission.ReconciliationView);
        await client.SendAsync("payments", new { id = Guid.AllBitsSet, customerId = grace, accountId = drawer, amount = 300 });

        var answer = await client.JsonAsync("/api/v1/reconciliation");

        var days = answer.GetProperty("days").EnumerateArray().ToList();
        Assert.Equal(7, days.Count);
        Assert.Equal(
            (true, "notNeeded", 300m, 300m, 300m, 300m, 0m),
            (days[6].GetProperty("isConfirmed").GetBoolean(), days[6].TextOf("coverage"), days[6].GetProperty("byStaff").GetDecimal(), days[6].GetProperty("payments").GetDecimal(),
                days[6].GetProperty("ledger").GetDecimal(), days[6].GetProperty("unspent").GetDecimal(), days[6].GetProperty("difference").GetDecimal()));
        Assert.Equal(0, answer.GetProperty("differences").GetArrayLength());
        var day = days[5].TextOf("day");
        Assert.Equal(day, Assert.Single((await client.JsonAsync($"/api/v1/reconciliation?from={day}&to={day}")).GetProperty("days").EnumerateArray()).TextOf("day"));
    }

    [Fact]
    public async Task Days_that_cannot_be_told_are_a_problem()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        using var client = await shop.ClientAsync(Permission.PaymentsView, Permission.ReconciliationView);
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

        foreach (var (from, to) in new[] { (today.AddDays(-31), today), (today, today.AddDays(-1)), (today, DateOnly.MaxValue), (DateOnly.MinValue, DateOnly.MinValue) })
        {
            var query = string.Create(CultureInfo.InvariantCulture, $"from={from:O}&to={to:O}");
            Assert.Equal((query, HttpStatusCode.BadRequest), (query, (await client.OpenAsync($"/api/v1/reconciliation?{query}")).StatusCode));
        }
    }

    private static async Task<(string?, decimal)> StateAsync(HttpClient client)
    {
        var payment = await client.JsonAsync($"/api/v1/payments/{Guid.AllBitsSet}");
        return (payment.TextOf("state"), payment.GetProperty("givenBack").GetDecimal());
    }

    private static async Task<Guid> GiveBackAsync(ApiShop shop, decimal amount)
    {
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await shop.AsTenantAsync<RefundDesk, AskOutcome>(desk => desk.AskAsync(
            new RefundDraft(id, Guid.AllBitsSet, amount, RefundWay.Cash, "Paid twice"), CancellationToken.None));
        return id;
    }
}
