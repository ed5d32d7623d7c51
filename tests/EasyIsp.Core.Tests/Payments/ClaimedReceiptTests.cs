using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Claims;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.ProviderOrders;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Core.Persistence;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>The provider's answer about a claimed receipt names phone, amount and time, and no account: whose money it may be taken for.</summary>
public sealed class ClaimedReceiptTests(PostgresServer server) : IAsyncLifetime
{
    private const string Own = "UA17K4M2QX";
    private const string Other = "UA29B7Q0LD";

    private PaymentWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await PaymentWorld.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_prompt_that_a_query_called_paid_gets_its_receipt_from_a_claim_made_elsewhere(bool atTill)
    {
        if (atTill)
            await _world.OpenTillAsync();
        var request = await PaidByQueryAsync();

        Assert.Equal(ReceiptClaimState.Booked, await AnswerAsync(Own, visit: Guid.CreateVersion7(_world.World.Clock.GetUtcNow())));

        var payment = Assert.Single(await _world.PaymentsAsync());
        Assert.Equal((Own, request.Id), (payment.Receipt, payment.PaymentRequestId));
        Assert.Equal((20m, 0m, 0m, -20m), await _world.BooksAsync());
    }

    [Fact]
    public async Task What_was_paid_before_the_short_code_was_opened_here_is_not_booked()
    {
        var dayBefore = _world.World.Clock.GetUtcNow().AddDays(-1);

        Assert.Equal(ReceiptClaimState.TooOld, await AnswerAsync(Own, paidAt: dayBefore));

        Assert.Empty(await _world.PaymentsAsync());
    }

    [Fact]
    public async Task At_a_till_the_receipt_is_that_of_the_visits_prompt()
    {
        await _world.OpenTillAsync();
        var (request, visit) = await VisitedAsync();

        await AnswerAsync(Own, visit);

        Assert.Equal(PaymentRequestState.Paid, (await _world.RequestAsync(request.Id)).State);
        Assert.Equal((20m, 0m, 0m, -20m), await _world.BooksAsync());
    }

    [Fact]
    public async Task At_a_paybill_it_waits_for_its_account_and_is_offered_to_a_person_meanwhile()
    {
        var (request, visit) = await VisitedAsync();

        await AnswerAsync(Own, visit);

        var payment = Assert.Single(await _world.PaymentsAsync());
        Assert.True(payment.IsInSuspense);
        Assert.Equal(request.Id, Assert.Single(await _world.World.ReadAsync(db => Suggestions.ForAsync(db, payment, Cancelled)), s => s.RequestId is not null).RequestId);

        await _world.ConfirmAsync(C2bWorld.Confirmation(request.Reference!));
        Assert.Equal(PaymentRequestState.Paid, (await _world.RequestAsync(request.Id)).State);
        Assert.Equal((20m, 0m, 0m, -20m), await _world.BooksAsync());
    }

    [Fact]
    public async Task Money_that_was_typed_for_another_account_is_never_the_visits()
    {
        var (request, visit) = await VisitedAsync();
        var customer = await _world.RegisterAsync(1042);

        await AnswerAsync(Own, visit);
        await _world.ConfirmAsync(C2bWorld.Confirmation("1042"));

        Assert.Equal(PaymentRequestState.Pending, (await _world.RequestAsync(request.Id)).State);
        Assert.Equal(customer.Id, Assert.Single(await _world.PaymentsAsync()).CustomerId);
        Assert.Equal((20m, 0m, -20m, 0m), await _world.BooksAsync());
    }

    [Fact]
    public async Task What_was_confirmed_for_an_account_before_the_answer_is_not_taken_for_a_prompts()
    {
        var request = await PaidByQueryAsync();
        await _world.ConfirmAsync(C2bWorld.Confirmation("nobody's", receipt: Other));

        await AnswerAsync(Other);

        var payments = await _world.PaymentsAsync();
        Assert.Null(payments.Single(p => p.PaymentRequestId == request.Id).Receipt);
        Assert.True(payments.Single(p => p.Receipt == Other).IsInSuspense);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_receipt_that_was_taken_for_a_prompts_goes_where_its_account_says(bool ownIsConfirmedFirst)
    {
        var customer = await _world.RegisterAsync(1042);
        var request = await PaidByQueryAsync();
        await AnswerAsync(Other);

        if (ownIsConfirmedFirst)
            await _world.ConfirmAsync(C2bWorld.Confirmation(request.Reference!, receipt: Own));
        await _world.ConfirmAsync(C2bWorld.Confirmation("1042", receipt: Other));
        await _world.ConfirmAsync(C2bWorld.Confirmation(request.Reference!, receipt: Own));

        var payments = await _world.PaymentsAsync();
        Assert.Equal(Own, payments.Single(p => p.PaymentRequestId == request.Id).Receipt);
        Assert.Equal(customer.Id, payments.Single(p => p.Receipt == Other).CustomerId);
        Assert.Equal((40m, 0m, -20m, -20m), await _world.BooksAsync());
    }

    [Fact]
    public async Task What_the_callback_called_the_prompts_is_not_taken_from_it_by_another_account_but_flagged()
    {
        var request = await PaidByQueryAsync();
        await AnswerAsync(Own);
        await _world.CallBackAsync(request, PaymentWorld.Paid(request, Own));

        Assert.Equal(ProviderMessageOutcome.ReceiptTaken, await _world.ConfirmAsync(C2bWorld.Confirmation("1042", receipt: Own)));

        Assert.Equal(Own, Assert.Single(await _world.PaymentsAsync()).Receipt);
        Assert.Equal((20m, 0m, 0m, -20m), await _world.BooksAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_person_has_given_to_a_prompt_stays_its(bool ownIsConfirmed)
    {
        var request = await _world.PromptedAsync();
        await AnswerAsync(Other);
        var waiting = Assert.Single(await _world.PaymentsAsync());
        Assert.Equal(PlaceOutcome.Placed, await _world.World.AsTenantAsync<SuspenseDesk, PlaceOutcome>(
            desk => desk.GiveToRequestAsync(waiting.Id, request.Id, "She showed it", Cancelled)));

        var outcome = await _world.ConfirmAsync(ownIsConfirmed ? C2bWorld.Confirmation(request.Reference!, receipt: Own) : C2bWorld.Confirmation("1042", receipt: Other));

        Assert.Equal(ownIsConfirmed ? ProviderMessageOutcome.Settled : ProviderMessageOutcome.ReceiptTaken, outcome);
        Assert.Equal(Other, (await _world.PaymentsAsync()).Single(p => p.PaymentRequestId == request.Id).Receipt);
        Assert.Equal(ownIsConfirmed ? (40m, 0m, -20m, -20m) : (20m, 0m, 0m, -20m), await _world.BooksAsync());
    }

    [Fact]
    public async Task Of_two_accounts_that_know_nothing_at_the_same_moment_the_second_ends_the_claim()
    {
        var (claim, first) = await ClaimAsync(Own, visit: null);
        var second = await _world.World.WriteAsync(db => Task.FromResult(Orders.AskStatus(db, first.PaymentAccountId, Own, claim, "Asha")));

        Task<int>? answered = null;
        await _world.World.WriteAsync(async db =>
        {
            await NotFoundAsync(db, first.Id);
            answered = _world.World.WriteAsync(other => NotFoundAsync(other, second.Id));
            await EndsOrWaitsForALockAsync(answered);
            return 0;
        });
        await answered!;

        Assert.Equal(ReceiptClaimState.NotFound, await _world.World.ReadAsync(db => db.ReceiptClaims.Select(c => c.State).SingleAsync(Cancelled)));
    }

    private OrderBook Orders => _world.World.Services.GetRequiredService<OrderBook>();

    private async Task<int> NotFoundAsync(IspDbContext db, Guid orderId)
    {
        var order = (await OrderRows.LockAsync(db, orderId, Cancelled))!;
        var result = Read("""{ "Result": { "ResultCode": "2002", "ConversationID": "AG_1" } }""");
        order.Settled(result.ResultCode, "", null, null, _world.World.Clock.GetUtcNow());
        await db.SaveChangesAsync(Cancelled);
        await Outcome().SettledAsync(db, order, result, Cancelled);
        await db.SaveChangesAsync(Cancelled);
        return 0;
    }

    private async Task EndsOrWaitsForALockAsync(Task other)
    {
        while (!other.IsCompleted && !await _world.World.ReadAsync(db => db.Database.SqlQuery<bool>(
            $"""select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock') as "Value" """).SingleAsync(Cancelled)))
        {
            await Task.Yield();
        }
    }

    /// <summary>A prompt of which a query has said that it is paid, and no more.</summary>
    private async Task<PaymentRequest> PaidByQueryAsync()
    {
        var request = await _world.PromptedAsync();
        _world.Daraja.Answer = new StkQueryResult.Paid();
        await _world.World.AsTenantAsync<PaymentInquiry, PaymentRequestState?>(inquiry => inquiry.AskAsync(request.Id, Cancelled));
        return request;
    }

    /// <summary>A prompt that was asked for at a hotspot visit, and whose outcome nobody has told.</summary>
    private async Task<(PaymentRequest, Guid)> VisitedAsync()
    {
        var request = await _world.PromptedAsync();
        var visit = Guid.CreateVersion7(_world.World.Clock.GetUtcNow());
        await _world.World.WriteAsync(db => db.Database.ExecuteSqlAsync($"update payment_requests set origin_id = {visit}", Cancelled));
        return (request, visit);
    }

    /// <summary>Somebody claims a receipt, and the provider says that it came to the account in use.</summary>
    private async Task<ReceiptClaimState> AnswerAsync(string receipt, Guid? visit = null, DateTimeOffset? paidAt = null)
    {
        var (claim, order) = await ClaimAsync(receipt, visit);
        var shortCode = await _world.World.ReadAsync(db => db.PaymentAccounts.Where(a => a.Id == order.PaymentAccountId).Select(a => a.ShortCode).SingleAsync(Cancelled));
        var at = (paidAt ?? _world.World.Clock.GetUtcNow()).ToOffset(TimeSpan.FromHours(3)).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        var result = Read(new JsonObject
        {
            ["Result"] = new JsonObject
            {
                ["ResultCode"] = 0,
                ["ConversationID"] = "AG_1",
                ["ResultParameters"] = new JsonObject
                {
                    ["ResultParameter"] = new JsonArray(
                        Parameter("TransactionStatus", "Completed"),
                        Parameter("ReceiptNo", receipt),
                        Parameter("Amount", "20.00"),
                        Parameter("FinalisedTime", at),
                        Parameter("DebitPartyName", "254712345678 - JANE WANJIKU"),
                        Parameter("CreditPartyName", $"{shortCode} - DEMO ISP")),
                },
            },
        }.ToJsonString());
        return await _world.World.WriteAsync(async db =>
        {
            await Outcome().SettledAsync(db, order, result, Cancelled);
            return (await db.ReceiptClaims.SingleAsync(c => c.Id == claim, Cancelled)).State;
        });
    }

    private async Task<(Guid Claim, ProviderOrder Order)> ClaimAsync(string receipt, Guid? visit)
    {
        var owner = await _world.OwnerAsync();
        return await _world.World.WriteAsync(db =>
        {
            var claim = ReceiptClaim.Make(db.CurrentTenantId, receipt, visit, "Asha", _world.World.Clock.GetUtcNow());
            db.ReceiptClaims.Add(claim);
            return Task.FromResult((claim.Id, Orders.AskStatus(db, owner.PaymentAccountId, receipt, claim.Id, "Asha")));
        });
    }

    private ClaimedReceipts Outcome() => new(
        _world.World.Services.GetRequiredService<StatementBooking>(), _world.World.Services.GetRequiredService<Settlement>(), _world.World.Clock);

    private static JsonObject Parameter(string key, string value) => new() { ["Key"] = key, ["Value"] = value };

    private static OperationResult Read(string body)
        => OperationResult.TryParse(Encoding.UTF8.GetBytes(body), out var result, out var malformed) ? result : throw new InvalidOperationException(malformed);
}
