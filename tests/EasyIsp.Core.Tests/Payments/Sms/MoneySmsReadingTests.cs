using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Sms;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Core.Shared;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Payments.Sms;

public sealed class MoneySmsReadingTests(PostgresServer server) : IAsyncLifetime
{
    private const string Receipt = "UA17K4M2QX";

    private PaymentWorld _world = null!;
    private TestPhone _phone = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await PaymentWorld.OpenAsync(server);
        _phone = await _world.AddPhoneAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task An_SMS_alone_credits_nobody_and_after_an_hour_is_shown_as_not_confirmed()
    {
        await _world.RegisterAsync(1042);

        Assert.Equal(MoneySmsOutcome.Hint, await _phone.ForwardAsync(SmsWorld.ToPaybill("1042", Receipt)));

        Assert.Empty(await _world.PaymentsAsync());
        Assert.Equal(MoneySmsState.Waiting, await StateAsync());
        _world.World.Clock.Advance(MoneySms.ConfirmedWithin + TimeSpan.FromSeconds(1));
        Assert.Equal(MoneySmsState.NotConfirmed, await StateAsync());
        Assert.Equal(1, await CountAsync(MoneySmsFilter.NotConfirmed));
        Assert.Equal(0, await CountAsync(MoneySmsFilter.Waiting));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hint_is_joined_with_the_confirmation_by_its_receipt_whichever_comes_first(bool smsFirst)
    {
        await _world.RegisterAsync(1042);
        if (smsFirst)
            await _phone.ForwardAsync(SmsWorld.ToPaybill("1042", Receipt));
        await _world.ConfirmAsync(C2bWorld.Confirmation("1042", receipt: Receipt));
        if (!smsFirst)
            await _phone.ForwardAsync(SmsWorld.ToPaybill("1042", Receipt));

        await _world.JoinSmsAsync();

        Assert.Equal(MoneySmsState.Confirmed, await StateAsync());
        Assert.Single(await _world.PaymentsAsync());
        var story = await StoryAsync();
        Assert.Equal(1042, story.Payment?.CustomerNumber);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hint_with_another_amount_than_the_books_is_for_a_person(bool smsFirst)
    {
        if (smsFirst)
            await _phone.ForwardAsync(SmsWorld.ToPaybill("1042", Receipt, amount: 2000));
        await _world.ConfirmAsync(C2bWorld.Confirmation("1042", amount: 20, receipt: Receipt));
        if (!smsFirst)
            await _phone.ForwardAsync(SmsWorld.ToPaybill("1042", Receipt, amount: 2000));

        await _world.JoinSmsAsync();

        Assert.Equal(MoneySmsState.Differs, await StateAsync());
        Assert.Equal(20, Assert.Single(await _world.PaymentsAsync()).Amount);
    }

    [Fact]
    public async Task Where_the_policy_says_so_a_signed_merchant_message_books_by_its_account_number()
    {
        var customer = await _world.RegisterAsync(1042);
        await _world.LetBookAsync(MoneySmsFamily.Merchant);

        Assert.Equal(MoneySmsOutcome.Booked, await _phone.ForwardAsync(SmsWorld.ToPaybill("01042", Receipt, 500)));

        var payment = Assert.Single(await _world.PaymentsAsync());
        Assert.Equal((customer.Id, 500m, Receipt), (payment.CustomerId!.Value, payment.Amount, payment.Receipt));
        Assert.Equal((500m, 0m, -500m, 0m), await _world.BooksAsync());
        Assert.Equal(MoneySmsState.Booked, await StateAsync());

        await _world.ConfirmAsync(C2bWorld.Confirmation("01042", 500, Receipt));
        await _world.JoinSmsAsync();

        Assert.Equal(MoneySmsState.Confirmed, await StateAsync());
        Assert.Equal((500m, 0m, -500m, 0m), await _world.BooksAsync());
    }

    [Fact]
    public async Task A_phone_number_out_of_an_SMS_never_says_whose_money_it_is()
    {
        await _world.RegisterAsync(1042, "+254712345678");
        await _world.LetBookAsync(MoneySmsFamily.Merchant);

        await _phone.ForwardAsync(SmsWorld.ToPaybill("0712345678", Receipt, 500, from: "254712345678"));

        var payment = Assert.Single(await _world.PaymentsAsync());
        Assert.True(payment.IsInSuspense);
        Assert.Equal((null, null), (payment.PayerNumber, payment.Phone));
        Assert.Equal((500m, -500m, 0m, 0m), await _world.BooksAsync());
    }

    [Fact]
    public async Task Only_a_signed_phone_whose_owner_believes_the_sender_books()
    {
        await _world.LetBookAsync(MoneySmsFamily.Merchant, MoneySmsFamily.Person, MoneySmsFamily.Pochi, MoneySmsFamily.Bank);
        var simple = await _world.AddPhoneAsync(signs: false);

        Assert.Equal(MoneySmsOutcome.Hint, await simple.ForwardAsync(SmsWorld.ToPaybill("1042", "UA17K4M2Q1")));
        Assert.Equal(MoneySmsOutcome.Hint, await _phone.ForwardAsync(SmsWorld.ToPaybill("1042", "UA17K4M2Q2"), sender: "+254700000666"));
        await PasteAsync(SmsWorld.ToPaybill("1042", "UA17K4M2Q3"));
        Assert.Equal(MoneySmsOutcome.Hint, await _phone.ForwardAsync(SmsWorld.ToTill("UA17K4M2Q4"))); // the phone's account is a Paybill

        Assert.Empty(await _world.PaymentsAsync());
        Assert.All(await _world.SmsAsync(), sms => Assert.Equal(MoneySmsOutcome.Hint, sms.Outcome));
    }

    [Fact]
    public async Task A_family_that_the_policy_does_not_name_waits_and_a_payers_copy_never_books()
    {
        await _world.LetBookAsync(MoneySmsFamily.Merchant);
        const string Pochi = "UA7F9XB1ZS Confirmed. You have received Ksh700.00 from LUCY NJERI 0712000444 on 2/3/26 at 12:00 PM. New business balance is Ksh1,900.00.";
        const string Payer = "UACSS8T3GH Confirmed. Ksh1,500.00 sent to DEMO ISP LTD for account 1042 on 2/3/26 at 12:00 PM New M-PESA balance is Ksh320.50.";

        Assert.Equal(MoneySmsOutcome.Hint, await _phone.ForwardAsync(Pochi));
        Assert.Equal(MoneySmsOutcome.LookUp, await _phone.ForwardAsync(Payer));
        await _world.LetBookAsync(Enum.GetValues<MoneySmsFamily>());
        Assert.Equal(MoneySmsOutcome.Booked, await _phone.ForwardAsync(Pochi.Replace("UA7F9XB1ZS", "UA7F9XB1ZT", StringComparison.Ordinal)));
        Assert.Equal(MoneySmsOutcome.LookUp, await _phone.ForwardAsync(Payer.Replace("UACSS8T3GH", "UACSS8T3GJ", StringComparison.Ordinal)));

        Assert.Equal(700, Assert.Single(await _world.PaymentsAsync()).Amount);
    }

    [Theory]
    [InlineData("on 26/2/26 at 12:00 PM ", "UCQ7K4M2QX")]
    [InlineData("on 4/3/26 at 12:00 PM ", "UC27K4M2QX")]
    [InlineData("", "UAQ7K4M2QX")]
    public async Task An_old_message_that_is_passed_on_now_or_one_of_the_future_does_not_book(string when, string receipt)
    {
        await _world.LetBookAsync(MoneySmsFamily.Merchant);

        var outcome = await _phone.ForwardAsync(SmsWorld.ToPaybill("1042", receipt).Replace("on 2/3/26 at 12:00 PM ", when, StringComparison.Ordinal));

        Assert.Equal(MoneySmsOutcome.Hint, outcome);
        Assert.Empty(await _world.PaymentsAsync());
    }

    [Fact]
    public async Task A_message_without_a_day_books_by_the_day_in_its_receipt()
    {
        await _world.LetBookAsync(MoneySmsFamily.Merchant);

        Assert.Equal(MoneySmsOutcome.Booked, await _phone.ForwardAsync(
            SmsWorld.ToPaybill("1042", "UC27K4M2QX").Replace("on 2/3/26 at 12:00 PM ", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_merchants_account_in_a_banks_message_is_nobodys_number()
    {
        await _world.RegisterAsync(55443);
        await _world.LetBookAsync(MoneySmsFamily.Bank);

        await _phone.ForwardAsync("Dear DEMO ISP, Your merchant account 55443 has been credited with KES 640.00 ref #UAKQR0S3YZ from ALEX N 254717xxx123 on 02-Mar-2026 11:59:01.");

        Assert.True(Assert.Single(await _world.PaymentsAsync()).IsInSuspense);
    }

    [Fact]
    public async Task A_reversal_flags_the_payment_and_undoes_nothing()
    {
        await _world.RegisterAsync(1042);
        await _world.ConfirmAsync(C2bWorld.Confirmation("1042", 1000, Receipt));

        var outcome = await _phone.ForwardAsync(
            $"UAGDE8F1QR confirmed. Reversal of transaction {Receipt} has been successfully reversed on 2/3/26 at 12:30 PM and Ksh1,000.00 is debited from your M-PESA account. New M-PESA account balance is Ksh0.00.");

        Assert.Equal(MoneySmsOutcome.Reversal, outcome);
        Assert.Equal((1000m, 0m, -1000m, 0m), await _world.BooksAsync());
        var payment = Assert.Single(await _world.PaymentsAsync());
        Assert.Equal(payment.Id, (await StoryAsync()).Payment?.PaymentId);
        var story = await _world.World.AsTenantAsync<PaymentTimeline, DepositStory?>(timeline => timeline.TellDepositAsync(payment.Id, CancellationToken.None));
        Assert.Contains(story!.Events, e => e.Step == PaymentStep.ReversalTold);
    }

    [Fact]
    public async Task At_a_till_an_SMS_waits_while_a_prompt_for_the_amount_is_under_way_and_books_once_it_is_not()
    {
        await _world.OpenTillAsync();
        var phone = await _world.AddPhoneAsync();
        await _world.LetBookAsync(MoneySmsFamily.Merchant);
        var request = await _world.PromptedAsync();

        Assert.Equal(MoneySmsOutcome.Held, await phone.ForwardAsync(SmsWorld.ToTill(Receipt)));
        await _world.CallBackAsync(request, PaymentWorld.NotPaid(request));
        _world.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await _world.JoinSmsAsync();
        await _world.ReadSmsAsync();

        var payment = Assert.Single(await _world.PaymentsAsync());
        Assert.Equal((true, Receipt), (payment.IsInSuspense, payment.Receipt));
        Assert.Equal(MoneySmsState.Booked, await StateAsync());
    }

    [Fact]
    public async Task What_no_template_takes_is_quarantined_read_again_with_a_new_template_or_put_away()
    {
        const string Kcb = "Dear Customer, KES 450.00 received from ANN to your account 1042, Ref FT26061ABCDE on 02-Mar-2026 at 12:00";
        Assert.Equal(MoneySmsOutcome.NotRecognised, await _phone.ForwardAsync(Kcb, "KCB"));
        Assert.Equal(MoneySmsOutcome.NotRecognised, await _phone.ForwardAsync("Your parcel is here", "COURIER"));
        Assert.Equal(2, await CountAsync(MoneySmsFilter.Quarantined));
        Assert.Equal(1, (await _world.ListAsync(list => list.ListAsync(
            new MoneySmsQuery("parcel", MoneySmsFilter.Quarantined), new PageOf(0, 25), CancellationToken.None))).Total);

        var draft = new SmsTemplateDraft(
            "KCB", "Dear Customer, {amount} received from {name} to your account {account}, Ref {ref} on {date} at {time}", "KCB", SmsTemplateMeaning.MoneyReceived, 10);
        Assert.Empty(await _world.World.AsTenantAsync<SmsTemplateDesk, IReadOnlyList<SmsTemplateFault>>(desk => desk.SaveAsync(null, draft, CancellationToken.None)));
        Assert.Equal(2, await _world.World.AsTenantAsync<MoneySmsDesk, int>(desk => desk.ReadAgainAsync(CancellationToken.None)));
        await _world.ReadSmsAsync();

        var all = (await _world.SmsAsync()).ToDictionary(sms => sms.Sender);
        Assert.Equal((MoneySmsOutcome.Hint, "FT26061ABCDE", 450m), (all["KCB"].Outcome!.Value, all["KCB"].Receipt, all["KCB"].Amount!.Value));
        Assert.True(await PutAwayAsync(all["COURIER"].Id, "No money"));
        Assert.False(await PutAwayAsync(all["COURIER"].Id, "Twice"));
        Assert.Equal(0, await CountAsync(MoneySmsFilter.Quarantined));
        Assert.Equal(1, await CountAsync(MoneySmsFilter.PutAway));
    }

    [Fact]
    public async Task A_person_books_a_hint_that_he_has_seen_on_the_statement_once()
    {
        var customer = await _world.RegisterAsync(1042);
        await _phone.ForwardAsync(SmsWorld.ToPaybill("1042", Receipt, 300));
        var sms = Assert.Single(await _world.SmsAsync());

        Assert.Equal(BookSmsOutcome.ReasonMissing, await BookAsync(sms.Id, " "));
        var outcomes = await Task.WhenAll(BookAsync(sms.Id, "Seen"), BookAsync(sms.Id, "Seen"));

        Assert.Equal([BookSmsOutcome.Booked, BookSmsOutcome.NotToBeBooked], outcomes.Order());
        Assert.Equal(customer.Id, Assert.Single(await _world.PaymentsAsync()).CustomerId);
    }

    [Fact]
    public async Task A_pasted_SMS_that_several_accounts_fit_is_booked_where_a_person_says()
    {
        var first = (await _world.OwnerAsync()).PaymentAccountId;
        _world.World.Clock.Advance(TimeSpan.FromSeconds(1));
        var opened = Assert.IsType<OpenAccountOutcome.Opened>(await _world.World.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Second Paybill", "https://daraja.example", "600333", null, "key", "secret", "passkey"), CancellationToken.None)));
        await PasteAsync(SmsWorld.ToPaybill("1042", Receipt));
        await PasteAsync(SmsWorld.ToPaybill("1042", "UA29B7Q0LD"), opened.AccountId);
        await _world.OpenTillAsync();
        await PasteAsync(SmsWorld.ToPaybill("1042", "UA3WRONG12"), (await _world.OwnerAsync()).PaymentAccountId);
        await _world.ReadSmsAsync();
        var all = (await _world.SmsAsync()).ToDictionary(sms => sms.Receipt!);
        var (open, named) = (all[Receipt], all["UA29B7Q0LD"]);

        Assert.Equal(BookSmsOutcome.WhichAccount, await BookAsync(open.Id, "Seen"));
        Assert.Equal([opened.AccountId, first], (await AccountsAsync(open.Id)).Select(a => a.Id));
        Assert.Equal([opened.AccountId, first], (await AccountsAsync(all["UA3WRONG12"].Id)).Select(a => a.Id)); // a till gets no such SMS
        Assert.Equal(BookSmsOutcome.NoSuchAccount, await BookAsync(open.Id, "Seen", Guid.Empty));
        Assert.Equal(BookSmsOutcome.Booked, await BookAsync(open.Id, "Seen", first));
        Assert.Equal(BookSmsOutcome.Booked, await BookAsync(named.Id, "Seen"));

        Assert.Equal(
            [(Receipt, first), ("UA29B7Q0LD", opened.AccountId)], (await _world.PaymentsAsync()).Select(p => (p.Receipt!, p.PaymentAccountId)).Order());
    }

    [Fact]
    public async Task A_statement_line_of_another_amount_does_not_confirm_what_an_SMS_booked()
    {
        await _world.LetBookAsync(MoneySmsFamily.Merchant);
        Assert.Equal(MoneySmsOutcome.Booked, await _phone.ForwardAsync(SmsWorld.ToPaybill("1042", Receipt, 300)));

        await TakeLineAsync(30);
        Assert.Equal(0, await _world.JoinSmsAsync());
        Assert.Equal(MoneySmsState.Booked, await StateAsync());
        Assert.False(await _world.World.ReadAsync(db => ProvidersWord.IsThereAsync(db, Receipt, CancellationToken.None)));
    }

    [Fact]
    public async Task What_is_pasted_is_shown_before_it_is_stored_and_stored_once()
    {
        await _world.RegisterAsync(1042);
        await _world.ConfirmAsync(C2bWorld.Confirmation("1042", 1500, "UACSS8T3GH"));
        var pasted = $"""
            UACSS8T3GH Confirmed. Ksh1,500.00 sent to DEMO ISP LTD for account 1042 on 2/3/26 at 12:00 PM New M-PESA balance is Ksh320.50.
            {SmsWorld.ToPaybill("1042", Receipt).Replace(" received", "\nreceived", StringComparison.Ordinal)}

            something else
            """;

        var understood = await _world.World.AsTenantAsync<SmsPasting, IReadOnlyList<PastedSms>>(pasting => pasting.UnderstandAsync(pasted, CancellationToken.None));
        Assert.Equal([MoneySmsKind.CustomerPaybill, MoneySmsKind.MerchantPaybill, null], understood.Select(sms => sms.Facts?.Kind));
        Assert.Equal((1500m, 1042L), (understood[0].Payment!.Amount, understood[0].Payment!.CustomerNumber!.Value));
        Assert.NotNull(understood[2].Reason);
        Assert.Empty(await _world.SmsAsync());

        Assert.Equal(3, await PasteAsync(pasted));
        Assert.Equal(0, await PasteAsync(pasted));
        await _world.ReadSmsAsync();
        Assert.Equal(3, (await _world.SmsAsync()).Count);
    }

    [Fact]
    public async Task Another_tenant_sees_and_settles_nothing_of_it()
    {
        await _phone.ForwardAsync(SmsWorld.ToPaybill("1042", Receipt));
        var sms = Assert.Single(await _world.SmsAsync());
        var stranger = await _world.World.FoundTenantAsync("stranger", "Stranger");

        Assert.Null(await _world.World.AsTenantAsync<MoneySmsList, MoneySmsStory?>(stranger, list => list.FindAsync(sms.Id, CancellationToken.None)));
        Assert.False(await _world.World.AsTenantAsync<MoneySmsDesk, bool>(stranger, desk => desk.PutAwayAsync(sms.Id, "mine", CancellationToken.None)));
        Assert.False(await _world.World.AsTenantAsync<ForwardingDesk, bool>(stranger, desk => desk.RevokeAsync(_phone.Id, CancellationToken.None)));
        Assert.False(await _world.World.AsTenantAsync<ForwardingDesk, bool>(stranger, async desk
            => await desk.LetBookAsync((await _world.OwnerAsync()).PaymentAccountId, [MoneySmsFamily.Merchant], CancellationToken.None)));
    }

    private async Task<MoneySmsState> StateAsync() => (await StoryAsync()).State;

    private async Task<MoneySmsStory> StoryAsync()
    {
        var sms = Assert.Single(await _world.SmsAsync());
        return (await _world.ListAsync(list => list.FindAsync(sms.Id, CancellationToken.None)))!;
    }

    private async Task<int> CountAsync(MoneySmsFilter state)
        => (await _world.ListAsync(list => list.ListAsync(new MoneySmsQuery(State: state), new PageOf(0, 25), CancellationToken.None))).Total;

    private Task<int> TakeLineAsync(decimal amount) => _world.World.WriteAsync(async db =>
    {
        await _world.World.Services.GetRequiredService<StatementBooking>().TakeAsync(
            db, await db.PaymentAccounts.SingleAsync(), new PulledRow(Receipt, amount, null, "1042", null, null), StatementSource.Pull, CancellationToken.None);
        return 0;
    });

    private Task<int> PasteAsync(string text, Guid? account = null)
        => _world.World.AsTenantAsync<SmsPasting, int>(pasting => pasting.StoreAsync(text, account, CancellationToken.None));

    private Task<bool> PutAwayAsync(Guid id, string reason)
        => _world.World.AsTenantAsync<MoneySmsDesk, bool>(desk => desk.PutAwayAsync(id, reason, CancellationToken.None));

    private Task<BookSmsOutcome> BookAsync(Guid id, string reason, Guid? account = null)
        => _world.World.AsTenantAsync<MoneySmsDesk, BookSmsOutcome>(desk => desk.BookAsync(id, account, reason, CancellationToken.None));

    private Task<IReadOnlyList<FittingAccount>> AccountsAsync(Guid id)
        => _world.World.AsTenantAsync<MoneySmsDesk, IReadOnlyList<FittingAccount>>(desk => desk.AccountsAsync(id, CancellationToken.None));
}
