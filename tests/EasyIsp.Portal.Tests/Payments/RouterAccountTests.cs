using EasyIsp.Core.Payments;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Portal.Tests.Payments;

public sealed class RouterAccountTests(PortalWorld portal) : IClassFixture<PortalWorld>
{
    [Fact]
    public async Task A_visit_at_a_router_with_an_account_of_its_own_is_offered_and_asked_through_that_one_alone()
    {
        await portal.OpenPaystackAsync("sk_test_router_accounts");
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        Assert.Contains("value=\"Paystack\"", (await phone.GetAsync($"{phone.Visit}/buy/{portal.HourId}")).Html, StringComparison.Ordinal);
        var paybill = await portal.World.ReadAsync(db => db.PaymentAccounts.Where(a => a.Rail == Rail.Mpesa).Select(a => a.Id).SingleAsync());

        await portal.World.AsTenantAsync<AccountPlaces, BindOutcome>(places => places.BindAsync(paybill, [portal.RouterId], [], CancellationToken.None));

        Assert.DoesNotContain("Paystack", (await phone.GetAsync($"{phone.Visit}/buy/{portal.HourId}")).Html, StringComparison.Ordinal);
        await phone.BuyAsync(portal.HourId, "0712 000 140");
        var asked = await portal.World.ReadAsync(db => db.PaymentRequests.Where(r => r.Phone == "+254712000140").Select(r => r.PaymentAccountId).SingleAsync());
        Assert.Equal(paybill, asked);
    }
}
