using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>
/// One payment, told by prompt's answer, callback, query and confirmation in any order and number: the same books, the same
/// access, at a Paybill and at a till.
/// </summary>
public sealed class OneReceiptOnePaymentTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly Told[] Events = [Told.Accepted, Told.Callback, Told.Callback, Told.Confirmation, Told.Confirmation, Told.Query];

    private PaymentWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await PaymentWorld.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whatever_tells_of_a_payment_in_whichever_order_it_is_booked_once(bool atTill)
    {
        if (atTill)
            await _world.OpenTillAsync();
        var run = 0;
        foreach (var events in OrdersOf(Events))
        {
            run++;
            var receipt = $"UA{run:D4}AAAA";
            var phone = $"+2547120{run:D5}";
            var request = await TellAsync(phone, receipt, atTill, events);

            var told = string.Join(", ", events);
            Assert.True(PaymentRequestState.Paid == request.State, told);
            var payment = await _world.World.ReadAsync(db => db.Payments.AsNoTracking().SingleAsync(p => p.PaymentRequestId == request.Id));
            Assert.True((receipt, request.CustomerId) == (payment.Receipt, payment.CustomerId), told);
            Assert.True(run == await _world.World.ReadAsync(db => db.Payments.CountAsync(p => p.SameAsId == null)), told);
            Assert.True((run * 20m, 0m, 0m, run * -20m) == await _world.BooksAsync(), told);
            Assert.True(run == await _world.World.ReadAsync(db => db.Purchases.CountAsync()), told);
        }

        Assert.Equal(0, await _world.World.ReadAsync(db => db.ProviderMessages.CountAsync(m => m.ProcessedAt == null)));
        Assert.Empty((await _world.World.AsTenantAsync<FlaggedList, Core.Shared.Page<FlaggedMessage>>(
            list => list.ListAsync(new Core.Shared.PageOf(0, 50), CancellationToken.None))).Rows);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Told_by_all_at_once_it_is_booked_once(bool atTill)
    {
        if (atTill)
            await _world.OpenTillAsync();
        for (var run = 1; run <= 10; run++)
        {
            var request = await _world.PromptedAsync($"+2547120{run:D5}");
            var receipt = $"UA{run:D4}AAAA";
            _world.Daraja.Answer = new StkQueryResult.Paid();
            for (var times = 0; times < 3; times++)
            {
                await _world.StoreAsync(_world.Daraja.CallbackOf(request.CheckoutRequestId!), PaymentWorld.Paid(request, receipt));
                await _world.StoreConfirmationAsync(Confirmation(request, receipt, atTill));
            }

            await Task.WhenAll(
                _world.World.Services.GetRequiredService<CallbackQueue>().ReadWaitingAsync(CancellationToken.None),
                _world.World.Services.GetRequiredService<CallbackQueue>().ReadWaitingAsync(CancellationToken.None),
                _world.World.AsTenantAsync<PaymentInquiry, PaymentRequestState?>(inquiry => inquiry.AskAsync(request.Id, CancellationToken.None)));
            await _world.World.Services.GetRequiredService<CallbackQueue>().ReadWaitingAsync(CancellationToken.None);

            Assert.Equal((run * 20m, 0m, 0m, run * -20m), await _world.BooksAsync());
        }

        Assert.Equal(0, await _world.World.ReadAsync(db => db.ProviderMessages.CountAsync(m => m.ProcessedAt == null)));
    }

    /// <summary>What is told before the submission was answered is told while it is under way.</summary>
    private async Task<PaymentRequest> TellAsync(string phone, string receipt, bool atTill, IReadOnlyList<Told> events)
    {
        var id = await _world.AskAsync(phone);
        var answered = events.TakeWhile(told => told != Told.Accepted).Count();
        _world.Daraja.Answer = new StkQueryResult.Paid();
        _world.Daraja.BeforeAnswer = checkout => TellAsync(id, checkout, receipt, atTill, events.Take(answered));
        await _world.SendAsync();
        _world.Daraja.BeforeAnswer = null;
        var request = await _world.RequestAsync(id);
        await TellAsync(id, request.CheckoutRequestId!, receipt, atTill, events.Skip(answered + 1));
        return await _world.RequestAsync(id);
    }

    private async Task TellAsync(Guid requestId, string checkout, string receipt, bool atTill, IEnumerable<Told> events)
    {
        var request = await _world.RequestAsync(requestId);
        foreach (var told in events)
        {
            if (told == Told.Callback)
                await _world.StoreAsync(_world.Daraja.CallbackOf(checkout), PaymentWorld.PaidBeforeAnswer(checkout, receipt));
            else if (told == Told.Confirmation)
                await _world.StoreConfirmationAsync(Confirmation(request, receipt, atTill));
            else
                await _world.World.AsTenantAsync<PaymentInquiry, PaymentRequestState?>(inquiry => inquiry.AskAsync(requestId, CancellationToken.None));
            await _world.World.Services.GetRequiredService<CallbackQueue>().ReadWaitingAsync(CancellationToken.None);
        }
    }

    /// <summary>Every order in which they can come; equal ones are told apart by nobody.</summary>
    private static IEnumerable<IReadOnlyList<Told>> OrdersOf(IReadOnlyList<Told> events)
        => events.Count == 0
            ? [[]]
            : events.Distinct().SelectMany(first => OrdersOf(Without(events, first)).Select(rest => (IReadOnlyList<Told>)[first, .. rest]));

    private static Told[] Without(IReadOnlyList<Told> events, Told one)
        => [.. events.Where((_, at) => at != events.ToList().IndexOf(one))];

    private static string Confirmation(PaymentRequest request, string receipt, bool atTill) => C2bWorld.Confirmation(
        atTill ? "" : request.Reference!,
        receipt: receipt,
        msisdn: $"{request.Phone[1..5]} ***** {request.Phone[^3..]}",
        shortCode: atTill ? "555666" : "600111");

    private enum Told
    {
        Accepted,
        Callback,
        Confirmation,
        Query,
    }
}
