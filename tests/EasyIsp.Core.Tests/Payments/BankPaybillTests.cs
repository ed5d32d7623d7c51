using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.ProviderOrders;
using EasyIsp.Core.Payments.Reconciliation;
using EasyIsp.Core.Payments.Sms;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>A short code that asks for an account at a bank, at the emulated Safaricom (mpesa.md, 3.2).</summary>
public sealed class BankPaybillTests(PostgresServer server) : IAsyncLifetime
{
    private const string BanksPaybill = "400111";
    private const string Account = "0110045678X";
    private const string Phone = "+254712345678";

    private SafaricomWorld _world = null!;
    private Guid _bank;

    public async ValueTask InitializeAsync()
    {
        _world = await SafaricomWorld.OpenAsync(server);
        _world.Merchant.BankPaybills.Add(BanksPaybill);
        _world.World.Clock.Advance(TimeSpan.FromSeconds(1));
        _bank = Assert.IsType<OpenAccountOutcome.Opened>(await OpenAsync(new BankDestination(BanksPaybill, Account))).AccountId;
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_prompt_names_the_banks_paybill_and_the_account_there_and_its_callback_books_it()
    {
        var request = await _world.PromptedAsync(Phone);

        var sent = Assert.Single(_world.Safaricom.Prompts).Request;
        Assert.Equal(
            (SafaricomWorld.ShortCode, BanksPaybill, Account, "CustomerPayBillOnline"),
            (sent.ShortCode, sent.PartyB, sent.AccountReference, sent.TransactionType));
        await _world.PassAsync(TimeSpan.FromMinutes(1), posts: 1);

        var payment = await _world.World.ReadAsync(db => db.Payments.AsNoTracking().SingleAsync(Cancelled));
        Assert.Equal((request.Id, _bank, 20m), (payment.PaymentRequestId, payment.PaymentAccountId, payment.Amount));
        Assert.NotNull(payment.Receipt);
        Assert.Null((await RequestAsync(request.Id)).Reference);
    }

    [Fact]
    public async Task What_is_told_of_the_own_paybill_says_nothing_of_the_banks_money()
    {
        _world.Merchant.ConfirmationUrl = new Uri("https://nobody.example/pay/in/x");
        await _world.PromptedAsync(Phone);
        await _world.PassAsync(TimeSpan.FromMinutes(1), posts: 1);

        Assert.Equal(BanksPaybill, Assert.Single(_world.Safaricom.Statement.Lines).ShortCode);
        await _world.World.AsTenantAsync<PullDesk, PullRegistration?>(desk => desk.RegisterAsync(
            _world.AccountId, "0722000000", new Uri("https://portal.example"), Cancelled));
        var pulled = await _world.World.AsTenantAsync<PullDesk, PullReport?>(desk => desk.PullNowAsync(_world.AccountId, Cancelled));
        Assert.Null(pulled!.Failure);
        Assert.False(await _world.World.ReadAsync(db => db.StatementLines.AnyAsync(Cancelled)));
    }

    [Fact]
    public async Task When_the_callback_is_lost_the_query_settles_it()
    {
        _world.DropsEverything = true;
        var request = await _world.PromptedAsync(Phone);
        await _world.PassAsync(TimeSpan.FromMinutes(1), posts: 1);

        await _world.World.Services.GetRequiredService<PendingPayments>().AskAsync(Cancelled);

        Assert.Equal(PaymentRequestState.Paid, (await RequestAsync(request.Id)).State);
        Assert.Equal(1, await _world.World.ReadAsync(db => db.Purchases.CountAsync(Cancelled)));
    }

    [Fact]
    public async Task Where_safaricom_does_not_let_the_short_code_push_there_the_prompt_fails_with_its_code()
    {
        _world.Merchant.BankPaybills.Clear();
        var request = await _world.PromptedAsync(Phone);

        await _world.PassAsync(TimeSpan.FromMinutes(1), posts: 1);

        var failed = await RequestAsync(request.Id);
        Assert.Equal((PaymentRequestState.Failed, "2028"), (failed.State, failed.ResultCode));
    }

    [Fact]
    public async Task A_receipt_of_the_own_paybill_is_not_taken_for_a_prompt_whose_money_the_bank_has()
    {
        _world.DropsEverything = true;
        var request = await _world.PromptedAsync(Phone);
        await _world.PassAsync(TimeSpan.FromMinutes(1), posts: 1);
        await _world.World.Services.GetRequiredService<PendingPayments>().AskAsync(Cancelled);
        _world.DropsEverything = false;
        await _world.SetInitiatorAsync();
        var receipt = await _world.PayAsync("1042", 20);

        await _world.World.AsTenantAsync<Core.Payments.Claims.ReceiptClaims, Core.Payments.Claims.ClaimOutcome>(claims => claims.AskAsync(receipt, originId: null, Cancelled));
        var order = await _world.World.ReadAsync(db => db.ProviderOrders.Select(o => o.Id).SingleAsync(Cancelled));
        await _world.CarryOutAsync(order);

        var claimed = await _world.World.ReadAsync(db => db.Payments.AsNoTracking().SingleAsync(p => p.Receipt == receipt, Cancelled));
        Assert.Equal((_world.AccountId, null, null), (claimed.PaymentAccountId, claimed.PaymentRequestId, claimed.CustomerId));
        Assert.Null(await _world.World.ReadAsync(db => db.Payments.Where(p => p.PaymentRequestId == request.Id).Select(p => p.Receipt).SingleAsync(Cancelled)));
    }

    [Fact]
    public async Task There_is_nothing_to_register_to_pull_to_order_or_to_read_an_sms_for()
    {
        var portal = new Uri("https://portal.example");
        Assert.Null(await _world.World.AsTenantAsync<C2bRegistrations, C2bRegistration?>(desk => desk.RegisterAsync(_bank, portal, Cancelled)));
        Assert.Null(await _world.World.AsTenantAsync<PullDesk, PullRegistration?>(desk => desk.RegisterAsync(_bank, "0722000000", portal, Cancelled)));
        Assert.Equal(SetInitiatorOutcome.AccountGone, await _world.World.AsTenantAsync<InitiatorDesk, SetInitiatorOutcome>(
            desk => desk.SetAsync(_bank, "testapi", "Secret#1", _world.Orders.Certificate.Der, Cancelled)));
        Assert.False(await _world.World.AsTenantAsync<ForwardingDesk, bool>(desk => desk.LetBookAsync(_bank, [MoneySmsFamily.Bank], Cancelled)));
        var accounts = await _world.World.AsTenantAsync<ReconciliationReport, IReadOnlyList<ReconciledAccount>>(report => report.AccountsAsync(Cancelled));
        Assert.Equal([_world.AccountId], accounts.Where(account => account.HasStatement).Select(account => account.Id));
    }

    [Fact]
    public async Task Its_days_are_never_called_confirmed_by_a_statement()
    {
        await _world.PromptedAsync(Phone);
        await _world.PassAsync(TimeSpan.FromMinutes(1), posts: 1);
        var today = DateOnly.FromDateTime(_world.World.Clock.GetUtcNow().AddHours(3).DateTime);

        var figures = await _world.World.AsTenantAsync<ReconciliationReport, ReconciliationFigures>(
            report => report.ReadAsync(new ReconciliationQuery(today, today, _bank), Cancelled));

        var day = Assert.Single(figures.Days);
        Assert.Equal((StatementCoverage.NotNeeded, 20m, 0m, 0), (day.Coverage, day.Sums.Awaited, day.Sums.Statement, day.Sums.Differences));
        Assert.False(day.IsZero);
    }

    [Theory]
    [InlineData("4001", Account, PaymentAccountFault.BankPaybill)]
    [InlineData("40011a", Account, PaymentAccountFault.BankPaybill)]
    [InlineData(SafaricomWorld.ShortCode, Account, PaymentAccountFault.BankPaybill)]
    [InlineData(BanksPaybill, "", PaymentAccountFault.BankAccount)]
    [InlineData(BanksPaybill, "0110045678901", PaymentAccountFault.BankAccount)]
    [InlineData(BanksPaybill, "0110-045", PaymentAccountFault.BankAccount)]
    public async Task What_m_pesa_cannot_carry_is_refused_before_it_is_stored(string paybill, string account, PaymentAccountFault fault)
    {
        var refused = Assert.IsType<OpenAccountOutcome.Refused>(await OpenAsync(new BankDestination(paybill, account)));

        Assert.Equal([fault], refused.Faults);
    }

    [Fact]
    public async Task The_list_names_the_bank_and_the_database_keeps_both_or_none()
    {
        var rows = await _world.World.AsTenantAsync<PaymentAccounts, IReadOnlyList<PaymentAccountRow>>(accounts => accounts.ListAsync(Cancelled));
        Assert.Equal((ShortCodeKind.BankPaybill, new BankDestination(BanksPaybill, Account)), (rows[0].Kind, rows[0].Bank));
        Assert.Null(rows[1].Bank);

        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => _world.World.WriteAsync(db => db.Database.ExecuteSqlAsync(
            $"update payment_accounts set bank_account = null where id = {_bank}", Cancelled)));
    }

    private async Task<OpenAccountOutcome> OpenAsync(BankDestination bank)
    {
        var address = await _world.World.ReadAsync(db => db.PaymentAccounts.Where(a => a.Id == _world.AccountId).Select(a => a.BaseUrl).SingleAsync(Cancelled));
        return await _world.World.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Bank", address, SafaricomWorld.ShortCode, null, "key-of-demo", "secret-of-demo", "demo-passkey-not-real", bank), Cancelled));
    }

    private Task<PaymentRequest> RequestAsync(Guid id) => _world.World.ReadAsync(db => db.PaymentRequests.AsNoTracking().SingleAsync(r => r.Id == id, Cancelled));
}
