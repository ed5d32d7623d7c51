using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>
/// A pulled row and the answer about a claimed receipt, which names no account, in any order with callback, confirmation and
/// query: the same books, the same access.
/// </summary>
public sealed class StatementOrderTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly Told[] Events = [Told.Callback, Told.Confirmation, Told.Query, Told.Pull, Told.Claim];

    private PaymentWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await PaymentWorld.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whichever_tells_first_the_payment_of_a_prompt_is_booked_once()
    {
        var run = 0;
        foreach (var events in OrdersOf(Events))
        {
            run++;
            var receipt = $"UA{run:D4}AAAA";
            var request = await _world.PromptedAsync($"+2547120{run:D5}");
            foreach (var told in events)
                await TellAsync(told, request, receipt);

            var order = string.Join(", ", events);
            var payment = await _world.World.ReadAsync(db => db.Payments.AsNoTracking().SingleAsync(p => p.PaymentRequestId == request.Id, Cancelled));
            Assert.True((receipt, request.CustomerId) == (payment.Receipt, payment.CustomerId), order);
            Assert.True((run * 20m, 0m, 0m, run * -20m) == await _world.BooksAsync(), order);
            Assert.True(run == await _world.World.ReadAsync(db => db.Purchases.CountAsync(Cancelled)), order);
        }
    }

    [Fact]
    public async Task Whichever_tells_first_a_customers_own_payment_reaches_him()
    {
        var customer = await _world.RegisterAsync(1042);
        var run = 0;
        foreach (var events in OrdersOf([Told.Confirmation, Told.Pull, Told.Claim]))
        {
            run++;
            var receipt = $"UB{run:D4}AAAA";
            foreach (var told in events)
                await TellAsync(told, request: null, receipt);

            var payment = await _world.World.ReadAsync(db => db.Payments.AsNoTracking().SingleAsync(p => p.Receipt == receipt, Cancelled));
            Assert.True(customer.Id == payment.CustomerId, string.Join(", ", events));
            Assert.Equal((run * 20m, 0m, run * -20m, 0m), await _world.BooksAsync());
        }
    }

    private async Task TellAsync(Told told, PaymentRequest? request, string receipt)
    {
        var reference = request?.Reference ?? "1042";
        switch (told)
        {
            case Told.Callback:
                await _world.StoreAsync(_world.Daraja.CallbackOf(request!.CheckoutRequestId!), PaymentWorld.Paid(request, receipt));
                break;
            case Told.Confirmation:
                await _world.StoreConfirmationAsync(C2bWorld.Confirmation(reference, receipt: receipt));
                break;
            case Told.Query:
                _world.Daraja.Answer = new StkQueryResult.Paid();
                await _world.World.AsTenantAsync<PaymentInquiry, PaymentRequestState?>(inquiry => inquiry.AskAsync(request!.Id, Cancelled));
                break;
            case Told.Pull:
                await TakeAsync(new PulledRow(receipt, 20, _world.World.Clock.GetUtcNow(), reference, "254712345678", "c2b-pay-bill-debit"), StatementSource.Pull);
                break;
            default:
                await TakeAsync(new PulledRow(receipt, 20, _world.World.Clock.GetUtcNow(), null, "254712345678", "asked after"), StatementSource.Inquiry);
                break;
        }

        await _world.World.Services.GetRequiredService<CallbackQueue>().ReadWaitingAsync(Cancelled);
    }

    private Task<bool> TakeAsync(PulledRow row, StatementSource source) => _world.World.WriteAsync(async db =>
    {
        var account = await db.PaymentAccounts.SingleAsync(Cancelled);
        return await _world.World.Services.GetRequiredService<StatementBooking>().TakeAsync(db, account, row, source, Cancelled) is not null;
    });

    private static IEnumerable<IReadOnlyList<Told>> OrdersOf(IReadOnlyList<Told> events)
        => events.Count == 0
            ? [[]]
            : events.SelectMany(first => OrdersOf([.. events.Where(other => other != first)]).Select(rest => (IReadOnlyList<Told>)[first, .. rest]));

    private enum Told
    {
        Callback,
        Confirmation,
        Query,
        Pull,
        Claim,
    }
}
