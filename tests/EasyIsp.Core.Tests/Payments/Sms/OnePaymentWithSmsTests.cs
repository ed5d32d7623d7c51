using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Sms;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Payments.Sms;

/// <summary>
/// One payment, told by answer, callback, query, confirmation and the owner's SMS, in any order and with any of them lost:
/// one payment, whether SMS may book or not, at a Paybill and at a till.
/// </summary>
public sealed class OnePaymentWithSmsTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly IReadOnlyList<Told> All = [Told.Accepted, Told.Callback, Told.Confirmation, Told.Query, Told.Sms];

    /// <summary>What is left when the others are lost.</summary>
    private static readonly IReadOnlyList<Told>[] Remains =
    [
        [Told.Accepted, Told.Callback, Told.Sms, Told.Sms],
        [Told.Accepted, Told.Confirmation, Told.Query, Told.Sms],
        [Told.Accepted, Told.Query, Told.Sms],
    ];

    private PaymentWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await PaymentWorld.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Whatever_tells_of_a_payment_and_an_SMS_among_it_one_payment_is_booked(bool atTill, bool mayBook)
    {
        if (atTill)
            await _world.OpenTillAsync();
        var phone = await _world.AddPhoneAsync();
        if (mayBook)
            await _world.LetBookAsync(Enum.GetValues<MoneySmsFamily>());
        var run = 0;
        foreach (var events in (mayBook ? [All, .. Remains] : Remains).SelectMany(OrdersOf))
        {
            run++;
            var receipt = $"UA{run:D4}AAAA";
            var request = await TellAsync(phone, $"+2547120{run:D5}", receipt, atTill, events);

            var told = string.Join(", ", events);
            Assert.True(PaymentRequestState.Paid == request.State, told);
            Assert.True(run == await _world.World.ReadAsync(db => db.Payments.CountAsync(p => p.SameAsId == null)), told);
            Assert.True((run * 20m, 0m, 0m, run * -20m) == await _world.BooksAsync(), told);
            Assert.True(run == await _world.World.ReadAsync(db => db.Purchases.CountAsync()), told);
            if (events.Contains(Told.Callback) || events.Contains(Told.Confirmation))
                Assert.True(await _world.World.ReadAsync(db => db.MoneySms.AllAsync(s => s.Receipt != receipt || s.ConfirmedAt != null)), told);
        }

        Assert.DoesNotContain(await _world.SmsAsync(), sms => sms.Outcome is not (MoneySmsOutcome.Hint or MoneySmsOutcome.Held or MoneySmsOutcome.Booked));
        Assert.Equal(0, await _world.World.ReadAsync(db => db.ProviderMessages.CountAsync(m => m.Outcome == ProviderMessageOutcome.ReceiptTaken)));
    }

    [Fact]
    public async Task Where_an_SMS_may_book_it_settles_the_prompt_that_it_names_alone()
    {
        var phone = await _world.AddPhoneAsync();
        await _world.LetBookAsync(MoneySmsFamily.Merchant);
        var request = await _world.PromptedAsync();

        await phone.ForwardAsync(Sms(request, "UA0001AAAA", atTill: false));

        Assert.Equal(PaymentRequestState.Paid, (await _world.RequestAsync(request.Id)).State);
        Assert.Equal((20m, 0m, 0m, -20m), await _world.BooksAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_person_booked_at_a_till_from_an_SMS_is_found_to_be_the_prompts_money_when_its_payer_is_told(bool isAskedFirst)
    {
        await _world.OpenTillAsync();
        var phone = await _world.AddPhoneAsync();
        var request = await _world.PromptedAsync();
        _world.Daraja.Answer = new StkQueryResult.Paid();
        await phone.ForwardAsync(Sms(request, "UA0001AAAA", atTill: true));
        var sms = Assert.Single(await _world.SmsAsync());

        if (isAskedFirst)
            await AskAsync(request.Id);
        Assert.Equal(BookSmsOutcome.Booked, await _world.World.AsTenantAsync<MoneySmsDesk, BookSmsOutcome>(
            desk => desk.BookAsync(sms.Id, accountId: null, "Seen on the statement", CancellationToken.None)));
        await AskAsync(request.Id);
        await _world.ConfirmAsync(Confirmation(request, "UA0001AAAA", atTill: true));

        Assert.Equal((20m, 0m, 0m, -20m), await _world.BooksAsync());
        Assert.Equal("UA0001AAAA", Assert.Single(await _world.PaymentsAsync(), p => p.SameAsId is null).Receipt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Told_by_all_at_once_it_is_booked_once(bool atTill)
    {
        if (atTill)
            await _world.OpenTillAsync();
        var phone = await _world.AddPhoneAsync();
        await _world.LetBookAsync(Enum.GetValues<MoneySmsFamily>());
        for (var run = 1; run <= 8; run++)
        {
            var request = await _world.PromptedAsync($"+2547120{run:D5}");
            var receipt = $"UA{run:D4}AAAA";
            _world.Daraja.Answer = new StkQueryResult.Paid();
            await _world.StoreAsync(_world.Daraja.CallbackOf(request.CheckoutRequestId!), PaymentWorld.Paid(request, receipt));
            await _world.StoreConfirmationAsync(Confirmation(request, receipt, atTill));
            await phone.SendAsync(SmsWorld.Body(Sms(request, receipt, atTill)));

            await Task.WhenAll(
                _world.ReadSmsAsync(),
                _world.World.Services.GetRequiredService<CallbackQueue>().ReadWaitingAsync(CancellationToken.None),
                AskAsync(request.Id),
                _world.JoinSmsAsync());
            await _world.ReadSmsAsync();

            Assert.Equal((run * 20m, 0m, 0m, run * -20m), await _world.BooksAsync());
        }
    }

    private Task<PaymentRequestState?> AskAsync(Guid requestId)
        => _world.World.AsTenantAsync<PaymentInquiry, PaymentRequestState?>(inquiry => inquiry.AskAsync(requestId, CancellationToken.None));

    /// <summary>What is told before the submission was answered is told while it is under way.</summary>
    private async Task<PaymentRequest> TellAsync(TestPhone owner, string phone, string receipt, bool atTill, IReadOnlyList<Told> events)
    {
        var id = await _world.AskAsync(phone);
        var answered = events.TakeWhile(told => told != Told.Accepted).Count();
        _world.Daraja.Answer = new StkQueryResult.Paid();
        _world.Daraja.BeforeAnswer = checkout => TellAsync(owner, id, checkout, receipt, atTill, events.Take(answered));
        await _world.SendAsync();
        _world.Daraja.BeforeAnswer = null;
        var request = await _world.RequestAsync(id);
        await TellAsync(owner, id, request.CheckoutRequestId!, receipt, atTill, events.Skip(answered + 1));
        // A question that came before there was anything to ask about is asked again by the schedule.
        if (events.Contains(Told.Query))
            await AskAsync(id);
        await _world.JoinSmsAsync();
        await _world.ReadSmsAsync();
        return await _world.RequestAsync(id);
    }

    private async Task TellAsync(TestPhone owner, Guid requestId, string checkout, string receipt, bool atTill, IEnumerable<Told> events)
    {
        var request = await _world.RequestAsync(requestId);
        foreach (var told in events)
        {
            if (told == Told.Callback)
                await _world.StoreAsync(_world.Daraja.CallbackOf(checkout), PaymentWorld.PaidBeforeAnswer(checkout, receipt));
            else if (told == Told.Confirmation)
                await _world.StoreConfirmationAsync(Confirmation(request, receipt, atTill));
            else if (told == Told.Sms)
                await owner.SendAsync(SmsWorld.Body(Sms(request, receipt, atTill)));
            else
                await _world.World.AsTenantAsync<PaymentInquiry, PaymentRequestState?>(inquiry => inquiry.AskAsync(requestId, CancellationToken.None));
            await _world.World.Services.GetRequiredService<CallbackQueue>().ReadWaitingAsync(CancellationToken.None);
            await _world.ReadSmsAsync();
        }
    }

    private static string Confirmation(PaymentRequest request, string receipt, bool atTill) => C2bWorld.Confirmation(
        atTill ? "" : request.Reference!,
        receipt: receipt,
        msisdn: $"{request.Phone[1..5]} ***** {request.Phone[^3..]}",
        shortCode: atTill ? "555666" : "600111");

    private static string Sms(PaymentRequest request, string receipt, bool atTill)
        => atTill ? SmsWorld.ToTill(receipt, from: request.Phone[1..]) : SmsWorld.ToPaybill(request.Reference!, receipt, from: request.Phone[1..]);

    /// <summary>Every order in which they can come; equal ones are told apart by nobody.</summary>
    private static IEnumerable<IReadOnlyList<Told>> OrdersOf(IReadOnlyList<Told> events)
        => events.Count == 0
            ? [[]]
            : events.Distinct().SelectMany(first => OrdersOf(Without(events, first)).Select(rest => (IReadOnlyList<Told>)[first, .. rest]));

    private static Told[] Without(IReadOnlyList<Told> events, Told one)
        => [.. events.Where((_, at) => at != events.ToList().IndexOf(one))];

    private enum Told
    {
        Accepted,
        Callback,
        Confirmation,
        Query,
        Sms,
    }
}
