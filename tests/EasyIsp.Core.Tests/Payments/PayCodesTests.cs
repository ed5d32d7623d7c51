using EasyIsp.Core.Customers;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Core.Shared;
using EasyIsp.Emulators.Daraja;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

public sealed class PayCodesTests(PostgresServer server) : IAsyncLifetime
{
    private SafaricomWorld _world = null!;
    private Guid _jane;

    public async ValueTask InitializeAsync()
    {
        _world = await SafaricomWorld.OpenAsync(server);
        _jane = await _world.World.WriteAsync(db =>
        {
            var customer = Customer.Register(
                _world.World.TenantId, 1042, AccessType.Pppoe, new CustomerProfile("Jane Wanjiku"), "jane", null, _world.World.Clock.GetUtcNow());
            db.Customers.Add(customer);
            return Task.FromResult(customer.Id);
        });
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_code_pays_the_paybill_for_the_customers_number_and_says_whether_the_payment_will_be_heard_of()
    {
        var code = Assert.IsType<PayCodeOutcome.Made>(await MakeAsync(1500)).Code;
        Assert.Equal("PNG"u8.ToArray(), code.Png[1..4]);
        Assert.Equal((SafaricomWorld.ShortCode, false, 1042, 1500m, false), (code.Number, code.IsTill, code.Account, code.Amount, code.IsHeard));

        await _world.World.AsTenantAsync<PullDesk, PullRegistration?>(desk => desk.RegisterAsync(
            _world.AccountId, "0722000000", new Uri("https://portal.example"), Cancelled));
        Assert.True(Assert.IsType<PayCodeOutcome.Made>(await MakeAsync(1500)).Code.IsHeard);
    }

    [Fact]
    public async Task At_a_till_the_code_names_the_till()
    {
        _world.Options.Merchants.Add(new DarajaMerchant
        {
            ConsumerKey = "key-of-till", ConsumerSecret = "secret-of-till", ShortCode = "600222", Passkey = "till-passkey", Till = "555666",
        });
        await OpenAsync("600222", "555666", "key-of-till", "secret-of-till");

        var code = Assert.IsType<PayCodeOutcome.Made>(await MakeAsync(20)).Code;

        Assert.Equal(("555666", true), (code.Number, code.IsTill));
    }

    [Fact]
    public async Task An_account_behind_a_banks_paybill_gives_no_code()
    {
        await OpenAsync(SafaricomWorld.ShortCode, null, "key-of-demo", "secret-of-demo", new BankDestination("400111", "0110045678"));
        Assert.Equal(SafaricomWorld.ShortCode, Assert.IsType<PayCodeOutcome.Made>(await MakeAsync(20)).Code.Number);

        await _world.World.AsTenantAsync<PaymentAccounts, bool>(accounts => accounts.DisableAsync(_world.AccountId, Cancelled));
        Assert.IsType<PayCodeOutcome.NoPaymentAccount>(await MakeAsync(20));
    }

    [Fact]
    public async Task What_m_pesa_does_not_make_is_said_with_its_reason()
    {
        await _world.World.AsTenantAsync<PaymentAccounts, bool>(accounts => accounts.DisableAsync(_world.AccountId, Cancelled));
        await OpenAsync("600333", null, "key-of-demo", "secret-of-demo");

        Assert.Contains("CPI", Assert.IsType<PayCodeOutcome.NotMade>(await MakeAsync(20)).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(10.5)]
    [InlineData(250_001)]
    public async Task An_amount_that_m_pesa_cannot_move_makes_none(double amount)
        => Assert.IsType<PayCodeOutcome.AmountWrong>(await MakeAsync((decimal)amount));

    [Fact]
    public async Task Nobody_elses_customer_gets_one()
        => Assert.IsType<PayCodeOutcome.CustomerGone>(await _world.World.AsTenantAsync<PayCodes, PayCodeOutcome>(codes => codes.MakeAsync(Guid.Empty, 20, Cancelled)));

    private Task<PayCodeOutcome> MakeAsync(decimal amount)
        => _world.World.AsTenantAsync<PayCodes, PayCodeOutcome>(codes => codes.MakeAsync(_jane, amount, Cancelled));

    private async Task OpenAsync(string shortCode, string? till, string key, string secret, BankDestination? bank = null)
    {
        _world.World.Clock.Advance(TimeSpan.FromSeconds(1));
        var address = await _world.World.ReadAsync(db => db.PaymentAccounts.Where(a => a.Id == _world.AccountId).Select(a => a.BaseUrl).SingleAsync(Cancelled));
        Assert.IsType<OpenAccountOutcome.Opened>(await _world.World.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Other", address, shortCode, till, key, secret, "passkey", bank), Cancelled)));
    }
}
