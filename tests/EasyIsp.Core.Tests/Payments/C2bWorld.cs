using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Customers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>What Safaricom tells of money that came, as it comes to the account's registered addresses.</summary>
internal static class C2bWorld
{
    public const string Receipt = "UA17K4M2QX";
    public const string Masked = "2547 ***** 678";

    /// <summary>The body of mpesa.md, 4.2: every value a string.</summary>
    public static string Confirmation(
        string account,
        decimal amount = 20,
        string receipt = Receipt,
        string msisdn = Masked,
        string shortCode = "600111",
        DateTimeOffset? at = null) => new JsonObject
        {
            ["TransactionType"] = account.Length == 0 ? "Customer Merchant Payment" : "Pay Bill",
            ["TransID"] = receipt,
            ["TransTime"] = at?.InNairobi("yyyyMMddHHmmss") ?? "20260302120003",
            ["TransAmount"] = amount.ToString("0.00", CultureInfo.InvariantCulture),
            ["BusinessShortCode"] = shortCode,
            ["BillRefNumber"] = account,
            ["InvoiceNumber"] = "",
            ["OrgAccountBalance"] = "47810.00",
            ["ThirdPartyTransID"] = "",
            ["MSISDN"] = msisdn,
            ["FirstName"] = "JANE",
            ["MiddleName"] = "",
            ["LastName"] = "WANJIKU",
        }.ToJsonString();

    /// <summary>The clock that M-Pesa writes by.</summary>
    public static string InNairobi(this DateTimeOffset at, string format)
        => at.ToOffset(TimeSpan.FromHours(3)).ToString(format, CultureInfo.InvariantCulture);

    /// <summary>Stores a confirmation as the endpoint does, and reads all that wait.</summary>
    public static async Task<ProviderMessageOutcome?> ConfirmAsync(this PaymentWorld world, string body)
    {
        var before = await world.World.ReadAsync(db => db.ProviderMessages.Select(m => m.Id).ToListAsync());
        await world.StoreConfirmationAsync(body);
        await world.World.Services.GetRequiredService<CallbackQueue>().ReadWaitingAsync(CancellationToken.None);
        return await world.World.ReadAsync(db => db.ProviderMessages.Where(m => !before.Contains(m.Id)).Select(m => m.Outcome).SingleAsync());
    }

    public static async Task StoreConfirmationAsync(this PaymentWorld world, string body)
    {
        var owner = await world.OwnerAsync();
        await world.World.AsTenantAsync<CallbackInbox, int>(owner.TenantId, async inbox =>
        {
            await inbox.StoreConfirmationAsync(owner, IPAddress.Loopback, Encoding.UTF8.GetBytes(body), CancellationToken.None);
            return 0;
        });
    }

    public static Task<CallbackOwner> OwnerAsync(this PaymentWorld world) => world.World.ReadAsync(
        db => db.PaymentAccounts.Where(a => a.Rail == Rail.Mpesa && a.DisabledAt == null).OrderByDescending(a => a.Id)
            .Select(a => new CallbackOwner(a.TenantId, a.Id)).FirstAsync());

    public static Task<Customer> CustomerAsync(this PaymentWorld world, Guid id)
        => world.World.ReadAsync(db => db.Customers.AsNoTracking().SingleAsync(c => c.Id == id));

    /// <summary>A customer who has paid nothing yet.</summary>
    public static Task<Customer> RegisterAsync(this PaymentWorld world, long number, string? phone = null) => world.World.WriteAsync(db =>
    {
        var customer = Customer.Register(
            world.World.TenantId, number, AccessType.Hotspot, new CustomerProfile($"Customer {number}", phone), $"c{number}", null, world.World.Clock.GetUtcNow());
        db.Customers.Add(customer);
        return Task.FromResult(customer);
    });

    public static Task RuleAsync(this PaymentWorld world, ValidationRule validation, DepositRule deposits)
        => world.World.AsTenantAsync<C2bRegistrations, bool>(async registrations
            => await registrations.RuleAsync((await world.OwnerAsync()).PaymentAccountId, validation, deposits, CancellationToken.None));

    /// <summary>Money, suspense, wallets, sales; and that every entry sums to zero is the database's own rule.</summary>
    public static async Task<(decimal Money, decimal Suspense, decimal Wallets, decimal Sales)> BooksAsync(this PaymentWorld world) => (
        await world.BalanceAsync(LedgerAccountKind.MobileMoney),
        await world.BalanceAsync(LedgerAccountKind.Suspense),
        await world.BalanceAsync(LedgerAccountKind.Wallet),
        await world.BalanceAsync(LedgerAccountKind.Sales));
}
