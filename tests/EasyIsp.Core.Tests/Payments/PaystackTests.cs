using System.Text;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Paystack;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Secrets;
using EasyIsp.Emulators.Paystack;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

public sealed class PaystackTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly TimeSpan PayerTakes = TimeSpan.FromSeconds(6);
    private PaystackWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await PaystackWorld.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_prompt_goes_out_in_cents_with_the_companys_address_and_our_reference()
    {
        var request = await _world.PromptedAsync("+254712345610");

        var charge = Assert.Single(_world.Paystack.Charges);
        Assert.Equal((2000, "+254712345610", PaystackWorld.Company), (charge.Amount, charge.Phone, charge.Email));
        Assert.Equal((PaymentRequestState.Pending, charge.Reference), (request.State, request.CheckoutRequestId));
        Assert.True(PaystackReference.IsOurs(charge.Reference));
    }

    [Fact]
    public async Task A_signed_event_is_verified_and_books_once_however_often_it_comes()
    {
        var request = await PaidAsync("+254712345901");

        for (var i = 0; i < 3; i++)
        {
            Assert.True(await _world.TellAsync(request));
            await _world.ReadAsync();
        }

        var payment = Assert.Single(await _world.PaymentsAsync());
        Assert.Equal((20m, _world.ChargeOf(request).ReceiptNumber), (payment.Amount, payment.Receipt));
        Assert.Equal(
            [ProviderMessageOutcome.Settled, ProviderMessageOutcome.Repeated, ProviderMessageOutcome.Repeated],
            (await _world.MessagesAsync()).Select(m => m.Outcome!.Value).Order());
        Assert.Equal(1, await _world.World.ReadAsync(db => db.Purchases.CountAsync()));
        Assert.StartsWith("Paystack ", await _world.World.ReadAsync(
            db => db.JournalEntries.Where(e => e.Source == JournalSource.Payment).Select(e => e.Memo).SingleAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Three_events_that_wait_together_are_one_payment()
    {
        var request = await PaidAsync("+254712345901");
        for (var i = 0; i < 3; i++)
            await _world.TellAsync(request);

        await _world.ReadAsync();

        Assert.Single(await _world.PaymentsAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00")]
    public async Task What_is_not_signed_with_the_accounts_key_is_not_kept(string? signature)
    {
        var request = await PaidAsync("+254712345610");
        var body = PaystackEmulator.EventOf(_world.ChargeOf(request));

        Assert.False(await _world.StoreAsync(body, signature));
        Assert.False(await _world.StoreAsync(body, PaystackEmulator.SignatureOf(body, "sk_test_other")));
        Assert.False(await _world.StoreAsync([.. body, (byte)' '], PaystackEmulator.SignatureOf(body, PaystackWorld.Key)));

        Assert.Empty(await _world.MessagesAsync());
    }

    [Fact]
    public async Task A_lost_event_is_found_by_asking()
    {
        var request = await PaidAsync("+254712345900");
        _world.World.Clock.Advance(TimeSpan.FromSeconds(10));

        await _world.AskAfterAsync();

        Assert.Equal(PaymentRequestState.Paid, (await _world.RequestAsync(request.Id)).State);
        Assert.Equal(_world.ChargeOf(request).ReceiptNumber, Assert.Single(await _world.PaymentsAsync()).Receipt);
    }

    [Fact]
    public async Task A_charge_whose_answer_was_lost_is_asked_after_and_never_made_again()
    {
        var request = await _world.PromptedAsync("+254712345905");
        Assert.Equal(PaymentRequestState.SubmittedUnknown, request.State);

        _world.World.Clock.Advance(TimeSpan.FromSeconds(16));
        await _world.AskAfterAsync();

        Assert.Equal(PaymentRequestState.Paid, (await _world.RequestAsync(request.Id)).State);
        Assert.Equal(1, _world.Paystack.ChargesReceived);
    }

    [Fact]
    public async Task With_paystack_in_trouble_a_prompt_is_unknown_and_a_silent_one_is_given_up_in_the_end()
    {
        _world.Paystack.FaultStatus = 502;
        var request = await _world.PromptedAsync("+254712345610");
        Assert.Equal(PaymentRequestState.SubmittedUnknown, request.State);

        for (var i = 0; i < 12; i++)
        {
            _world.World.Clock.Advance(TimeSpan.FromHours(1));
            await _world.AskAfterAsync();
        }

        Assert.Equal(PaymentRequestState.Expired, (await _world.RequestAsync(request.Id)).State);
        Assert.Empty(await _world.PaymentsAsync());
    }

    [Theory]
    [InlineData("+254712345904", "It says 10; 20")]
    [InlineData("+254712345906", "It says GHS; KES")]
    public async Task Another_amount_or_currency_waits_for_a_person_whichever_way_it_is_learnt(string phone, string why)
    {
        var told = await PaidAsync(phone);
        await _world.TellAsync(told);
        await _world.ReadAsync();
        var asked = await PaidAsync(phone.Replace("345", "346", StringComparison.Ordinal));
        for (var i = 0; i < 2; i++)
        {
            _world.World.Clock.Advance(TimeSpan.FromSeconds(30));
            await _world.AskAfterAsync();
        }

        Assert.Empty(await _world.PaymentsAsync());
        var messages = await _world.MessagesAsync();
        Assert.All(messages, message => Assert.Equal(ProviderMessageOutcome.AmountMismatch, message.Outcome));
        Assert.All(messages, message => Assert.StartsWith(why, message.Note, StringComparison.Ordinal));
        Assert.Equal([told.Id, asked.Id], messages.Select(m => m.PaymentRequestId!.Value).Order());

        var booked = await _world.World.AsTenantAsync<FlaggedDesk, BookFlaggedOutcome>(
            desk => desk.BookAsync(messages.Single(m => m.PaymentRequestId == asked.Id).Id, "Seen in Paystack's list", CancellationToken.None));
        Assert.IsType<BookFlaggedOutcome.Booked>(booked);
        Assert.True(Assert.Single(await _world.PaymentsAsync()).IsInSuspense);
    }

    [Fact]
    public async Task An_event_before_the_money_is_confirmed_waits_and_is_read_again()
    {
        var request = await PaidAsync("+254712345610");
        _world.Paystack.FaultStatus = 503;
        await _world.TellAsync(request);
        await _world.ReadAsync();
        Assert.Null(Assert.Single(await _world.MessagesAsync()).Outcome);

        _world.Paystack.FaultStatus = null;
        await _world.ReadAsync();
        Assert.Empty(await _world.PaymentsAsync());
        _world.World.Clock.Advance(TimeSpan.FromSeconds(16));
        await _world.ReadAsync();

        Assert.Single(await _world.PaymentsAsync());
    }

    [Fact]
    public async Task An_event_that_nobody_confirms_within_days_is_for_a_person()
    {
        var request = await _world.PromptedAsync("+254712345037");
        _world.World.Clock.Advance(TimeSpan.FromSeconds(30));
        var body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(PaystackEmulator.EventOf(_world.ChargeOf(request)))
            .Replace("abandoned", "success", StringComparison.Ordinal));
        await _world.StoreAsync(body, PaystackEmulator.SignatureOf(body, PaystackWorld.Key));
        await _world.ReadAsync();
        Assert.Null(Assert.Single(await _world.MessagesAsync()).Outcome);

        _world.World.Clock.Advance(TimeSpan.FromDays(4));
        await _world.ReadAsync();

        Assert.Equal(ProviderMessageOutcome.Unconfirmed, Assert.Single(await _world.MessagesAsync()).Outcome);
        Assert.Empty(await _world.PaymentsAsync());
    }

    [Fact]
    public async Task A_refusal_is_noted_and_money_that_comes_after_the_end_is_booked()
    {
        var failed = await PaidAsync("+254712345001");
        _world.World.Clock.Advance(TimeSpan.FromSeconds(10));
        await _world.AskAfterAsync();
        Assert.Equal((PaymentRequestState.Failed, "failed", "Insufficient funds"), await OutcomeOfAsync(failed));

        var late = await _world.PromptedAsync("+254712346902");
        await _world.World.WriteAsync(db => db.PaymentRequests.Where(r => r.Id == late.Id).ExecuteUpdateAsync(set => set
            .SetProperty(r => r.State, PaymentRequestState.Expired).SetProperty(r => r.NextQueryAt, (DateTimeOffset?)null)));
        _world.World.Clock.Advance(TimeSpan.FromMinutes(3));
        await _world.TellAsync(late);
        await _world.ReadAsync();

        Assert.Equal(PaymentRequestState.Paid, (await _world.RequestAsync(late.Id)).State);
    }

    [Fact]
    public async Task Other_events_are_kept_quietly_and_a_reference_of_nobody_is_flagged()
    {
        var request = await PaidAsync("+254712345610");
        byte[][] bodies =
        [
            PaystackEmulator.EventOf(_world.ChargeOf(request), "transfer.success"),
            Encoding.UTF8.GetBytes("""{"event":"charge.success","data":{"reference":"gf4n3ykzj6a7u89","status":"success","amount":100,"currency":"KES"}}"""),
            Encoding.UTF8.GetBytes($$$"""{"event":"charge.success","data":{"reference":"{{{PaystackReference.New()}}}","status":"success","amount":100,"currency":"KES"}}"""),
            Encoding.UTF8.GetBytes("not json"),
        ];
        foreach (var body in bodies)
            Assert.True(await _world.StoreAsync(body, PaystackEmulator.SignatureOf(body, PaystackWorld.Key)));

        await _world.ReadAsync();

        Assert.Equal(
            [ProviderMessageOutcome.Malformed, ProviderMessageOutcome.UnknownRequest, ProviderMessageOutcome.NotOurs, ProviderMessageOutcome.NotOurs],
            (await _world.MessagesAsync()).Select(m => m.Outcome!.Value).Order());
        Assert.Empty(await _world.PaymentsAsync());
    }

    [Fact]
    public async Task Without_a_receipt_number_the_reference_is_the_receipt()
    {
        _world.Paystack.Businesses[0] = new PaystackBusiness(PaystackWorld.Key, TellsReceipts: false);
        var request = await PaidAsync("+254712345610");
        await _world.TellAsync(request);
        await _world.ReadAsync();

        Assert.Equal(request.CheckoutRequestId, Assert.Single(await _world.PaymentsAsync()).Receipt);
    }

    [Fact]
    public async Task What_a_person_booked_by_our_reference_is_the_same_payment_once_its_receipt_is_told()
    {
        var request = await PaidAsync("+254712345900");
        await _world.World.WriteAsync(async db =>
        {
            var account = await db.PaymentAccounts.SingleAsync();
            return await _world.World.Services.GetRequiredService<Deposits>().BookAsync(
                db, account, new Deposit(request.CheckoutRequestId!, 20, null, null), customerId: null, CancellationToken.None);
        });
        _world.World.Clock.Advance(TimeSpan.FromSeconds(10));

        await _world.AskAfterAsync();

        var payment = Assert.Single(await _world.PaymentsAsync());
        Assert.Equal((request.Id, request.CustomerId), (payment.PaymentRequestId!.Value, payment.CustomerId!.Value));
        Assert.Equal(1, await _world.World.ReadAsync(db => db.Purchases.CountAsync()));
    }

    [Fact]
    public async Task The_key_that_paystack_is_told_opens_the_signed_door_alone()
    {
        var account = await _world.World.ReadAsync(db => db.PaymentAccounts.AsNoTracking().SingleAsync());
        var key = _world.World.Services.GetRequiredService<SecretCodec>().Reveal(account.TenantId, account.CallbackKey);
        var addresses = _world.World.Services.GetRequiredService<CallbackAddresses>();

        Assert.Null(await addresses.FindAsync(key, TestContext.Current.CancellationToken));
        Assert.NotNull(await addresses.FindSignedAsync(key, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_key_that_paystack_refuses_opens_nothing_and_a_good_one_is_listed_without_it()
    {
        var refused = Assert.IsType<OpenPaystackOutcome.KeyNotTaken>(await _world.OpenAccountAsync("sk_live_wrong"));
        Assert.DoesNotContain("wrong", Assert.IsType<CredentialsCheck.Refused>(refused.Check).Message, StringComparison.Ordinal);
        var faults = Assert.IsType<OpenPaystackOutcome.Refused>(await _world.OpenAccountAsync("pk_test_public")).Faults;
        Assert.Equal([PaystackFault.SecretKey], faults);

        var row = Assert.Single(await _world.World.AsTenantAsync<PaystackAccounts, IReadOnlyList<PaystackAccountRow>>(
            accounts => accounts.ListAsync(CancellationToken.None)));
        Assert.True(row.IsTest);
        Assert.IsType<CredentialsCheck.Works>(await _world.World.AsTenantAsync<PaymentAccounts, CredentialsCheck?>(
            accounts => accounts.TestAsync(row.Id, CancellationToken.None)));
    }

    [Fact]
    public async Task Prompts_go_by_the_newest_account_or_by_the_rail_that_the_payer_chose()
    {
        _world.World.Clock.Advance(TimeSpan.FromSeconds(1));
        await _world.World.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Paybill", "https://daraja.example", "600111", null, "key", "secret", "passkey"), CancellationToken.None));

        Assert.Equal([Rail.Mpesa, Rail.Paystack], await _world.World.AsTenantAsync<Prompts, IReadOnlyList<Rail>>(prompts => prompts.RailsAsync(routerId: null, CancellationToken.None)));
        Assert.Equal(Rail.Mpesa, await RailOfNewAsync("+254712345611", rail: null));
        Assert.Equal(Rail.Paystack, await RailOfNewAsync("+254712345612", Rail.Paystack));
    }

    private async Task<Rail> RailOfNewAsync(string phone, Rail? rail)
    {
        var asked = (PromptOutcome.Asked)await _world.World.AsTenantAsync<Prompts, PromptOutcome>(
            prompts => prompts.AskWalkInAsync(new PromptOrder(_world.HourId, phone, Rail: rail), CancellationToken.None));
        return await _world.World.ReadAsync(db => db.PaymentRequests.Where(r => r.Id == asked.RequestId)
            .Join(db.PaymentAccounts, r => r.PaymentAccountId, a => a.Id, (_, a) => a.Rail).SingleAsync());
    }

    private async Task<(PaymentRequestState, string?, string?)> OutcomeOfAsync(PaymentRequest request)
    {
        var now = await _world.RequestAsync(request.Id);
        return (now.State, now.ResultCode, now.ResultText);
    }

    /// <summary>A request whose payer has done what the last digits of his number say.</summary>
    private async Task<PaymentRequest> PaidAsync(string phone)
    {
        var request = await _world.PromptedAsync(phone);
        _world.World.Clock.Advance(PayerTakes);
        return request;
    }
}
