using System.Net;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Shared;
using EasyIsp.Emulators.Daraja;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Portal.Tests.Payments;

/// <summary>Money that customers send by themselves, from the emulated Safaricom to the portal's registered addresses.</summary>
public sealed class OwnPaymentTests(PortalWorld portal) : IClassFixture<PortalWorld>
{
    [Fact]
    public async Task What_the_emulated_Safaricom_confirms_at_the_registered_address_is_in_the_customers_wallet()
    {
        var merchant = await RegisteredAsync();
        var customer = await CustomerAsync(1042);
        var payment = Payment(merchant, "1042", 300);

        using var answer = await portal.PostAsync(merchant.ConfirmationUrl!.AbsolutePath, payment.Body(isValidation: false).ToJsonString());
        using var again = await portal.PostAsync(merchant.ConfirmationUrl!.AbsolutePath, payment.Body(isValidation: false).ToJsonString());
        await portal.ReadCallbacksAsync();

        Assert.Equal("""{"ResultCode":0,"ResultDesc":"Accepted"}""", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        var booked = await portal.World.ReadAsync(db => db.Payments.SingleAsync(p => p.Receipt == payment.Receipt));
        Assert.Equal((customer, 300m), (booked.CustomerId, booked.Amount));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_paid_prompt_is_confirmed_too_and_booked_once_with_hashed_and_masked_numbers(int version)
    {
        var merchant = await RegisteredAsync();
        merchant.C2bVersion = version;
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        await phone.BuyAsync(portal.HourId, $"0712 000 31{version}");
        var prompt = await portal.SendPromptAsync(phone);
        portal.World.Clock.Advance(prompt.Scenario.After);

        using (await portal.PostAsync(merchant.ConfirmationUrl!.AbsolutePath, DarajaEmulator.PaymentOf(prompt).Body(isValidation: false).ToJsonString()))
        using (await portal.DeliverAsync(prompt))
            await portal.ReadCallbacksAsync();

        var payment = await portal.World.ReadAsync(db => db.Payments.SingleAsync(p => p.Receipt == prompt.Receipt));
        Assert.NotNull(payment.PaymentRequestId);
        Assert.Equal(version == 1 ? 64 : 14, payment.PayerNumber?.Length);
        Assert.Equal(1, await portal.World.ReadAsync(db => db.Purchases.CountAsync(p => p.CauseId == payment.Id)));
    }

    [Fact]
    public async Task Validation_answers_by_the_accounts_rule()
    {
        var merchant = await RegisteredAsync();
        await CustomerAsync(1043);

        Assert.Contains("\"0\"", await AskAsync(merchant, "nobody"), StringComparison.Ordinal);
        await RuleAsync(ValidationRule.RefuseUnknownAccounts);
        Assert.Contains("C2B00012", await AskAsync(merchant, "nobody"), StringComparison.Ordinal);
        Assert.Contains("\"0\"", await AskAsync(merchant, "01043"), StringComparison.Ordinal);
        await RuleAsync(ValidationRule.AcceptAll);

        Assert.Equal(0, await portal.World.ReadAsync(db => db.ProviderMessages.CountAsync(m => m.Kind == ProviderMessageKind.Validation && m.ProcessedAt == null)));
    }

    [Theory]
    [InlineData("in")]
    [InlineData("ask")]
    public async Task An_address_that_was_not_registered_takes_nothing(string use)
    {
        var merchant = await RegisteredAsync();
        var account = merchant.ConfirmationUrl!.Segments[3].TrimEnd('/');
        var body = Payment(merchant, "1042", 5).Body(isValidation: false).ToJsonString();
        var before = await portal.World.ReadAsync(db => db.ProviderMessages.CountAsync());

        using var wrongKey = await portal.PostAsync($"/pay/{use}/{account}/{new string('0', 32)}", body);
        using var wrongUse = await portal.PostAsync(merchant.ValidationUrl!.AbsolutePath.Replace("/ask/", "/in/", StringComparison.Ordinal), body);
        var stranger = new string('a', 32);
        using var wrongAccount = await portal.PostAsync(
            $"/pay/{use}/{stranger}/{CallbackKeys.RegisteredKey(stranger, use == "in" ? RegisteredAddress.Confirmation : RegisteredAddress.Validation)}", body);

        Assert.All(new[] { wrongKey, wrongUse, wrongAccount }, answer => Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode));
        Assert.Equal(before, await portal.World.ReadAsync(db => db.ProviderMessages.CountAsync()));
    }

    [Fact]
    public async Task A_confirmation_that_is_too_large_is_refused_and_one_in_another_encoding_is_kept_and_flagged()
    {
        var merchant = await RegisteredAsync();
        var path = merchant.ConfirmationUrl!.AbsolutePath;

        using var huge = await portal.PostAsync(path, new string('x', (64 * 1024) + 1));
        using var client = portal.App.CreateClient();
        using var latin = new ByteArrayContent([.. "{\"TransID\":\"UA17K4M2QX\",\"FirstName\":\""u8, 0xE9, .. "\"}"u8]);
        using var odd = await client.PostAsync(new Uri(path, UriKind.Relative), latin, TestContext.Current.CancellationToken);
        await portal.ReadCallbacksAsync();

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.OK), (huge.StatusCode, odd.StatusCode));
        Assert.Equal(1, await portal.World.ReadAsync(db => db.ProviderMessages.CountAsync(
            m => m.Kind == ProviderMessageKind.Confirmation && m.Outcome == ProviderMessageOutcome.Malformed)));
    }

    [Fact]
    public async Task With_the_database_away_money_may_come_and_its_confirmation_is_not_acknowledged()
    {
        const string Nobody = "Host=127.0.0.1;Port=1;Username=easyisp_app;Password=x;Database=x;Timeout=1";
        await using var app = await PortalWorld.AppAsync(portal.World, ("ConnectionStrings:App", Nobody), ("ConnectionStrings:Platform", Nobody));
        using var client = app.CreateClient();
        var account = new string('a', 32);

        using var asked = await client.PostAsync(
            new Uri($"/pay/ask/{account}/{CallbackKeys.RegisteredKey(account, RegisteredAddress.Validation)}", UriKind.Relative),
            new StringContent("{}"),
            TestContext.Current.CancellationToken);
        using var told = await client.PostAsync(
            new Uri($"/pay/in/{account}/{CallbackKeys.RegisteredKey(account, RegisteredAddress.Confirmation)}", UriKind.Relative),
            new StringContent("{}"),
            TestContext.Current.CancellationToken);

        Assert.Contains("\"0\"", await asked.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, told.StatusCode);
    }

    private async Task<DarajaMerchant> RegisteredAsync()
    {
        var account = await AccountAsync();
        var registration = await portal.World.AsTenantAsync<C2bRegistrations, C2bRegistration?>(
            registrations => registrations.RegisterAsync(account, new Uri("http://portal.example"), CancellationToken.None));
        Assert.IsType<C2bRegistration.Registered>(registration);
        return portal.Daraja.Options.Merchants[0];
    }

    private C2bPayment Payment(DarajaMerchant merchant, string account, decimal amount)
        => new(merchant, $"UA{portal.NextNumber():D8}", amount, "254712345678", account, portal.World.Clock.GetUtcNow());

    private async Task<string> AskAsync(DarajaMerchant merchant, string account)
    {
        using var answer = await portal.PostAsync(
            merchant.ValidationUrl!.AbsolutePath, Payment(merchant, account, 50).Body(isValidation: true).ToJsonString());
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private Task<Guid> AccountAsync() => portal.World.ReadAsync(db => db.PaymentAccounts.Select(a => a.Id).SingleAsync());

    private async Task RuleAsync(ValidationRule rule)
    {
        var account = await AccountAsync();
        await portal.World.AsTenantAsync<C2bRegistrations, bool>(
            registrations => registrations.RuleAsync(account, rule, DepositRule.KeepInWallet, CancellationToken.None));
    }

    private Task<Guid> CustomerAsync(long number) => portal.World.WriteAsync(db =>
    {
        var customer = Customer.Register(
            portal.World.TenantId, number, AccessType.Hotspot, new CustomerProfile($"Customer {number}"), $"c{number}", null, portal.World.Clock.GetUtcNow());
        db.Customers.Add(customer);
        return Task.FromResult(customer.Id);
    });
}
