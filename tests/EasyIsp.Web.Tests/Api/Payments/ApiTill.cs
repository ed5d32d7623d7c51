using System.Net;
using System.Net.Http.Json;
using System.Text;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Web.Tests.Api.Payments;

/// <summary>Where the company of a test takes money, and what its customers pay by themselves.</summary>
internal static class ApiTill
{
    public static async Task<Guid> DrawerAsync(this ApiShop shop, string name = "Drawer", Rail rail = Rail.Cash)
        => (await shop.AsTenantAsync<CounterAccounts, Guid?>(accounts => accounts.OpenAsync(new NewCounterAccount(name, rail), CancellationToken.None)))!.Value;

    public static async Task<Guid> PaybillAsync(this ApiShop shop, string shortCode = "600111")
        => Assert.IsType<OpenAccountOutcome.Opened>(await shop.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Paybill", "https://daraja.example", shortCode, null, "key", "secret", "passkey"), CancellationToken.None))).AccountId;

    /// <summary>M-Pesa confirms money that no prompt asked for.</summary>
    public static async Task<Guid> ConfirmAsync(this ApiShop shop, Guid paybill, string receipt, decimal amount = 500, string account = "1024", string shortCode = "600111")
    {
        var body = FormattableString.Invariant(
            $$"""{"TransID":"{{receipt}}","TransAmount":"{{amount}}","BusinessShortCode":"{{shortCode}}","BillRefNumber":"{{account}}","FirstName":"JANE","MSISDN":"2547 ***** 126"}""");
        await shop.AsTenantAsync<CallbackInbox, bool>(async inbox =>
        {
            await inbox.StoreConfirmationAsync(new CallbackOwner(shop.TenantId, paybill), IPAddress.Loopback, Encoding.UTF8.GetBytes(body), CancellationToken.None);
            return true;
        });
        var message = await shop.ReadAsync(db => db.ProviderMessages.OrderByDescending(m => m.Id).Select(m => m.Id).FirstAsync());
        await shop.AsTenantAsync<CallbackReading, ProviderMessageOutcome?>(reading => reading.ReadAsync(message, CancellationToken.None));
        return await shop.ReadAsync(db => db.Payments.Where(p => p.Receipt == receipt).Select(p => p.Id).SingleAsync());
    }

    public static async Task<Guid> PackageAsync(this ApiShop shop, decimal price = 1_500)
        => Assert.IsType<PackageOutcome.Saved>(await shop.AsTenantAsync<PackageDesk, PackageOutcome>(desk => desk.CreateAsync(
            AccessType.Pppoe, new PackageTerms("Home 10", price, TimeSpan.FromDays(30), 10_000, 10_000), CancellationToken.None))).PackageId;

    public static Task<decimal> WalletAsync(this ApiShop shop, Guid customer)
        => shop.ReadAsync(db => GeneralLedger.WalletAsync(db, customer, CancellationToken.None));

    public static Task<T> ReadAsync<T>(this ApiShop shop, Func<IspDbContext, Task<T>> read) => shop.AsTenantAsync<IspDatabase, T>(async database =>
    {
        await using var db = await database.OpenAsync(CancellationToken.None);
        return await read(db);
    });

    public static Task<HttpResponseMessage> SendAsync(this HttpClient client, string path, object body)
        => client.PostAsJsonAsync($"/api/v1/{path}", body, TestContext.Current.CancellationToken);
}
