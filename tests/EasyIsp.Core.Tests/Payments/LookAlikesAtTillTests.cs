using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>
/// Three who are asked for one amount at one till, at once, with numbers that look alike where they are masked. Callbacks and
/// confirmations may be lost; as soon as the statement tells the numbers in full, each prompt has its own money.
/// </summary>
public sealed class LookAlikesAtTillTests(PostgresServer server) : IAsyncLifetime
{
    private const int Draws = 30;
    private const decimal Price = 20;

    private PaymentWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await PaymentWorld.OpenAsync(server);
        await _world.OpenTillAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_has_his_own_money_in_whichever_order_it_is_told()
    {
        for (var draw = 1; draw <= Draws; draw++)
        {
            var random = new Random(draw);
            var payers = await PayersAsync(draw);
            var told = payers.SelectMany(payer => TellingOf(payer, random)).ToArray();
            random.Shuffle(told);
            foreach (var (payer, by) in told)
                await TellAsync(payer, by);

            await AssertEachHasHisOwnAsync(payers, $"draw {draw}: {string.Join(", ", told.Select(one => $"{one.Payer.Receipt} {one.By}"))}");
            Assert.Equal((draw * 3 * Price, 0, 0, -draw * 3 * Price), await _world.BooksAsync());
            _world.World.Clock.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public async Task The_callback_takes_its_receipt_from_whom_it_was_only_guessed_to_be()
    {
        var payers = await PayersAsync(1);
        await TellAsync(payers[0], Telling.Queried);
        await TellAsync(payers[1], Telling.Confirmed); // the only one that a payment waits for is the first
        await TellAsync(payers[0], Telling.Confirmed);
        await TellAsync(payers[1], Telling.CalledBack);
        await TellAsync(payers[2], Telling.Queried);
        await TellAsync(payers[2], Telling.Confirmed);

        await AssertEachHasHisOwnAsync(payers, "without a statement");
        Assert.Equal((3 * Price, 0, 0, -3 * Price), await _world.BooksAsync());
        Assert.DoesNotContain(await OutcomesAsync(), outcome => outcome == ProviderMessageOutcome.ReceiptTaken);
    }

    [Fact]
    public async Task A_second_callback_that_names_anothers_receipt_takes_it_from_nobody()
    {
        var payers = await PayersAsync(1);
        await TellAsync(payers[0], Telling.Queried);
        await TellAsync(payers[0], Telling.Confirmed);
        await TellAsync(payers[1], Telling.CalledBack);

        await TellAsync(payers[1] with { Receipt = payers[0].Receipt }, Telling.CalledBack);

        var payments = await _world.PaymentsAsync();
        Assert.Equal(payers[0].Receipt, payments.Single(p => p.PaymentRequestId == payers[0].Request.Id).Receipt);
        Assert.Equal(payers[1].Receipt, payments.Single(p => p.PaymentRequestId == payers[1].Request.Id).Receipt);
        Assert.Contains(ProviderMessageOutcome.ReceiptTaken, await OutcomesAsync());
    }

    [Fact]
    public async Task What_a_callback_has_said_no_number_overrules()
    {
        var payers = await PayersAsync(1);
        await TellAsync(payers[0], Telling.CalledBack);
        await TellAsync(payers[0], Telling.Confirmed);

        await PullAsync(payers[0], "254733333333");

        Assert.Equal(payers[0].Receipt, Assert.Single(await _world.PaymentsAsync()).Receipt);
    }

    private Task<List<ProviderMessageOutcome?>> OutcomesAsync()
        => _world.World.ReadAsync(db => db.ProviderMessages.Select(m => m.Outcome).ToListAsync(Cancelled));

    private async Task<List<Payer>> PayersAsync(int draw)
    {
        List<Payer> payers = [];
        foreach (var middle in new[] { "11", "22", "33" })
        {
            var request = await _world.PromptedAsync($"+2547{middle}{draw:D3}678");
            payers.Add(new Payer(request, $"UA{draw:D4}{middle}AA", _world.World.Clock.GetUtcNow()));
        }

        return payers;
    }

    private static IEnumerable<(Payer Payer, Telling By)> TellingOf(Payer payer, Random random)
    {
        yield return (payer, Telling.Queried);
        yield return (payer, Telling.Pulled);
        if (random.Next(4) > 0)
            yield return (payer, Telling.Confirmed);
        if (random.Next(3) == 0)
            yield return (payer, Telling.CalledBack);
    }

    private async Task TellAsync(Payer payer, Telling by)
    {
        var (request, receipt, paidAt) = payer;
        switch (by)
        {
            case Telling.Queried:
                _world.Daraja.Answer = new StkQueryResult.Paid();
                await _world.World.AsTenantAsync<PaymentInquiry, PaymentRequestState?>(inquiry => inquiry.AskAsync(request.Id, Cancelled));
                break;
            case Telling.Pulled:
                await PullAsync(payer, request.Phone[1..]);
                break;
            case Telling.Confirmed:
                await _world.ConfirmAsync(C2bWorld.Confirmation("", Price, receipt, "2547 ***** 678", "555666", paidAt));
                break;
            default:
                await _world.CallBackAsync(request, PaymentWorld.PaidBeforeAnswer(request.CheckoutRequestId!, receipt, Price, paidAt));
                break;
        }
    }

    private Task<StatementLine?> PullAsync(Payer payer, string number) => _world.World.WriteAsync(async db =>
    {
        var account = await db.PaymentAccounts.SingleAsync(a => a.Id == payer.Request.PaymentAccountId, Cancelled);
        var row = new PulledRow(payer.Receipt, Price, payer.PaidAt, null, number, "c2b-buy-goods-debit");
        return await _world.World.Services.GetRequiredService<StatementBooking>().TakeAsync(db, account, row, StatementSource.Pull, Cancelled);
    });

    private async Task AssertEachHasHisOwnAsync(List<Payer> payers, string order)
    {
        var ids = payers.ConvertAll(payer => payer.Request.Id);
        var receipts = await _world.World.ReadAsync(db => db.Payments.Where(p => ids.Contains(p.PaymentRequestId!.Value))
            .ToDictionaryAsync(p => p.PaymentRequestId!.Value, p => p.Receipt, Cancelled));
        foreach (var payer in payers)
            Assert.True(receipts.GetValueOrDefault(payer.Request.Id) == payer.Receipt, $"{payer.Receipt} is with another; {order}");
        Assert.DoesNotContain(await _world.PaymentsAsync(), payment => payment.IsInSuspense);
    }

    private sealed record Payer(PaymentRequest Request, string Receipt, DateTimeOffset PaidAt);

    private enum Telling
    {
        Queried,
        Pulled,

        /// <summary>With a masked number.</summary>
        Confirmed,
        CalledBack,
    }
}
