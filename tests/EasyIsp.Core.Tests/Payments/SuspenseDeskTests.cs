using EasyIsp.Core.Ledger;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Shared;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

public sealed class SuspenseDeskTests(PostgresServer server) : IAsyncLifetime
{
    private const string Why = "She sent the SMS of it";

    private PaymentWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await PaymentWorld.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_person_places_money_into_a_wallet_with_a_reason_an_entry_and_an_audit()
    {
        var (payment, customer) = (await WaitingAsync(), await _world.RegisterAsync(1042));

        Assert.Equal(PlaceOutcome.ReasonMissing, await PlaceAsync(payment, customer.Id, " "));
        Assert.Equal(PlaceOutcome.Placed, await PlaceAsync(payment, customer.Id));

        Assert.Equal((500m, 0m, -500m, 0m), await _world.BooksAsync());
        var allocation = await _world.World.ReadAsync(db => db.Allocations.SingleAsync());
        Assert.Equal((payment, customer.Id, AllocationKind.Placed, Why), (allocation.PaymentId, allocation.CustomerId, allocation.Kind, allocation.Reason));
        Assert.True(await _world.World.ReadAsync(db => db.JournalEntries.AnyAsync(
            e => e.Source == JournalSource.Allocation && e.SourceId == allocation.Id)));
        Assert.True(await _world.World.ReadAsync(db => db.AuditEvents.AnyAsync(e => e.Action == "payment.place" && e.SubjectId == payment)));
    }

    [Fact]
    public async Task Of_many_who_place_one_payment_at_once_one_succeeds()
    {
        var payment = await WaitingAsync();
        var customers = new List<Guid>();
        for (var number = 1; number <= 8; number++)
            customers.Add((await _world.RegisterAsync(2000 + number)).Id);

        var outcomes = await Task.WhenAll(customers.Select(customer => PlaceAsync(payment, customer)));

        Assert.Single(outcomes, PlaceOutcome.Placed);
        Assert.Equal(7, outcomes.Count(o => o == PlaceOutcome.AlreadyPlaced));
        Assert.Equal((500m, 0m, -500m, 0m), await _world.BooksAsync());
    }

    [Fact]
    public async Task What_was_placed_wrongly_is_taken_back_and_placed_again()
    {
        var (payment, wrong, right) = (await WaitingAsync(), await _world.RegisterAsync(1042), await _world.RegisterAsync(1043));
        await PlaceAsync(payment, wrong.Id);

        Assert.Equal(TakeBackOutcome.TakenBack, await TakeBackAsync(payment));
        Assert.Equal((500m, -500m, 0m, 0m), await _world.BooksAsync());
        Assert.Equal(TakeBackOutcome.NotPlaced, await TakeBackAsync(payment));
        Assert.Equal(PlaceOutcome.Placed, await PlaceAsync(payment, right.Id));

        Assert.Equal(500, await _world.World.ReadAsync(db => GeneralLedger.WalletAsync(db, right.Id, CancellationToken.None)));
        Assert.Equal(0, await _world.World.ReadAsync(db => GeneralLedger.WalletAsync(db, wrong.Id, CancellationToken.None)));
        Assert.Equal(3, await _world.World.ReadAsync(db => db.Allocations.CountAsync()));
    }

    [Fact]
    public async Task Money_that_is_spent_is_not_taken_back()
    {
        var customer = await _world.RegisterAsync(1042);
        await _world.World.AsTenantAsync<Core.Subscriptions.SellDesk, Core.Subscriptions.SellOutcome>(
            desk => desk.GiveAsync(customer.Id, _world.HourId, CancellationToken.None));
        await _world.RuleAsync(ValidationRule.AcceptAll, DepositRule.RenewLastPackage);
        var payment = await WaitingAsync();
        await PlaceAsync(payment, customer.Id);

        Assert.Equal((500m, 0m, -480m, -20m), await _world.BooksAsync());
        Assert.Equal(TakeBackOutcome.Spent, await TakeBackAsync(payment));
    }

    [Fact]
    public async Task Money_of_a_lost_request_is_given_to_it_and_the_payer_gets_what_was_asked_for()
    {
        await _world.OpenTillAsync();
        var request = await _world.PromptedAsync();
        await _world.ConfirmAsync(C2bWorld.Confirmation("", shortCode: "555666"));
        var payment = Assert.Single(await _world.PaymentsAsync());

        var suggestion = Assert.Single((await TellAsync(payment.Id))!.Suggestions);
        Assert.Equal((SuggestionReason.SameAmountAsked, request.Id), (suggestion.Reason, suggestion.RequestId));
        Assert.Equal(PlaceOutcome.Placed, await GiveAsync(payment.Id, request.Id));

        Assert.Equal(PaymentRequestState.Paid, (await _world.RequestAsync(request.Id)).State);
        Assert.Equal((20m, 0m, 0m, -20m), await _world.BooksAsync());
        Assert.Equal(PlaceOutcome.AlreadyPlaced, await GiveAsync(payment.Id, request.Id));
        Assert.Equal(ProviderMessageOutcome.Repeated, await _world.CallBackAsync(request, PaymentWorld.Paid(request)));
        Assert.Equal((20m, 0m, 0m, -20m), await _world.BooksAsync());
    }

    [Fact]
    public async Task A_receipt_is_given_to_a_payment_that_only_a_query_told_of_and_the_money_counts_once()
    {
        await _world.OpenTillAsync();
        var request = await _world.PromptedAsync();
        await _world.ConfirmAsync(C2bWorld.Confirmation("", msisdn: "", shortCode: "555666"));
        _world.Daraja.Answer = new StkQueryResult.Paid();
        await _world.World.AsTenantAsync<PaymentInquiry, PaymentRequestState?>(inquiry => inquiry.AskAsync(request.Id, CancellationToken.None));
        var waiting = Assert.Single(await _world.PaymentsAsync(), p => p.IsInSuspense);

        Assert.Equal(PlaceOutcome.Placed, await GiveAsync(waiting.Id, request.Id));

        Assert.Equal((20m, 0m, 0m, -20m), await _world.BooksAsync());
        Assert.Equal(C2bWorld.Receipt, (await _world.PaymentsAsync()).Single(p => p.PaymentRequestId == request.Id).Receipt);
    }

    [Fact]
    public async Task Near_misses_and_the_payers_phone_are_offered()
    {
        await _world.RegisterAsync(1042);
        await _world.RegisterAsync(1204, "+254712345678");
        await _world.RegisterAsync(9999);
        await _world.ConfirmAsync(C2bWorld.Confirmation("ISP 1024", 500, msisdn: "254712345678"));

        var story = (await TellAsync(Assert.Single(await _world.PaymentsAsync()).Id))!;

        Assert.Equal([1042, 1204], story.Suggestions.Select(s => s.CustomerNumber).Order());
    }

    [Fact]
    public async Task What_waits_is_listed_searched_and_sorted()
    {
        await _world.ConfirmAsync(C2bWorld.Confirmation("shop 7", 500));
        await _world.ConfirmAsync(C2bWorld.Confirmation("50%", 30, "UA29B7Q0LD"));

        Assert.Equal([30m, 500m], (await ListAsync(new DepositQuery(Sort: DepositSort.Amount))).Rows.Select(r => r.Amount));
        Assert.Equal("UA29B7Q0LD", Assert.Single((await ListAsync(new DepositQuery("ua29"))).Rows).Receipt);
        Assert.Equal("shop 7", Assert.Single((await ListAsync(new DepositQuery("SHOP"))).Rows).TypedAccount);
        Assert.Equal("50%", Assert.Single((await ListAsync(new DepositQuery("0%"))).Rows).TypedAccount);
        Assert.Equal(2, (await ListAsync(new DepositQuery("wanjiku"))).Total);
        Assert.Equal(0, (await ListAsync(new DepositQuery(State: DepositFilter.Placed))).Total);
    }

    [Fact]
    public async Task A_flagged_message_is_put_away_once_and_with_a_reason()
    {
        await _world.ConfirmAsync("nonsense");
        var message = Assert.Single((await FlaggedAsync()).Rows).Id;

        Assert.False(await PutAwayAsync(message, " "));
        Assert.True(await PutAwayAsync(message, Why));
        Assert.False(await PutAwayAsync(message, Why));

        Assert.Empty((await FlaggedAsync()).Rows);
        Assert.True(await _world.World.ReadAsync(db => db.AuditEvents.AnyAsync(e => e.Action == "provider-message.put-away" && e.SubjectId == message)));
    }

    [Fact]
    public async Task Money_that_a_flagged_message_names_is_booked_into_suspense_once()
    {
        await _world.ConfirmAsync(C2bWorld.Confirmation("1042", 70, shortCode: "600999"));
        await _world.ConfirmAsync(C2bWorld.Confirmation("1042", 70, shortCode: "600999"));
        var messages = (await FlaggedAsync()).Rows;

        Assert.IsType<BookFlaggedOutcome.Booked>(await BookAsync(messages[0].Id));
        Assert.IsType<BookFlaggedOutcome.Settled>(await BookAsync(messages[0].Id));
        Assert.IsType<BookFlaggedOutcome.ReceiptBooked>(await BookAsync(messages[1].Id));

        Assert.Equal((70m, -70m, 0m, 0m), await _world.BooksAsync());
    }

    [Fact]
    public async Task The_story_of_a_deposit_tells_of_confirmation_booking_and_placing()
    {
        var (payment, customer) = (await WaitingAsync(), await _world.RegisterAsync(1042));
        await PlaceAsync(payment, customer.Id);

        var story = (await TellAsync(payment))!;

        Assert.Equal(
            [PaymentStep.Booked, PaymentStep.Confirmed, PaymentStep.Placed, PaymentStep.Recorded], story.Events.Select(e => e.Step).Order(StepNames));
        Assert.Equal(customer.Id, story.Customer?.Id);
    }

    private static Comparer<PaymentStep> StepNames => Comparer<PaymentStep>.Create((one, other) => string.CompareOrdinal($"{one}", $"{other}"));

    private async Task<Guid> WaitingAsync()
    {
        await _world.ConfirmAsync(C2bWorld.Confirmation("nobody", 500));
        return Assert.Single(await _world.PaymentsAsync()).Id;
    }

    private Task<PlaceOutcome> PlaceAsync(Guid payment, Guid customer, string reason = Why)
        => _world.World.AsTenantAsync<SuspenseDesk, PlaceOutcome>(desk => desk.PlaceAsync(payment, customer, reason, CancellationToken.None));

    private Task<PlaceOutcome> GiveAsync(Guid payment, Guid request)
        => _world.World.AsTenantAsync<SuspenseDesk, PlaceOutcome>(desk => desk.GiveToRequestAsync(payment, request, Why, CancellationToken.None));

    private Task<TakeBackOutcome> TakeBackAsync(Guid payment)
        => _world.World.AsTenantAsync<SuspenseDesk, TakeBackOutcome>(desk => desk.TakeBackAsync(payment, Why, CancellationToken.None));

    private Task<bool> PutAwayAsync(Guid message, string reason)
        => _world.World.AsTenantAsync<FlaggedDesk, bool>(desk => desk.PutAwayAsync(message, reason, CancellationToken.None));

    private Task<BookFlaggedOutcome> BookAsync(Guid message)
        => _world.World.AsTenantAsync<FlaggedDesk, BookFlaggedOutcome>(desk => desk.BookAsync(message, Why, CancellationToken.None));

    private Task<DepositStory?> TellAsync(Guid payment)
        => _world.World.AsTenantAsync<PaymentTimeline, DepositStory?>(timeline => timeline.TellDepositAsync(payment, CancellationToken.None));

    private Task<Page<DepositRow>> ListAsync(DepositQuery query)
        => _world.World.AsTenantAsync<SuspenseList, Page<DepositRow>>(list => list.ListAsync(query, new PageOf(0, 50), CancellationToken.None));

    private Task<Page<FlaggedMessage>> FlaggedAsync()
        => _world.World.AsTenantAsync<FlaggedList, Page<FlaggedMessage>>(list => list.ListAsync(new PageOf(0, 50), CancellationToken.None));
}
