using System.Linq.Expressions;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Outbox;
using EasyIsp.Core.Payments.Refunds;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Sessions;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>All that happened to one attempt to be paid, from the prompt to the first accounting packet.</summary>
public sealed class PaymentTimeline(IspDatabase database)
{
    /// <returns>Null when the tenant has no such request.</returns>
    public async Task<PaymentStory?> TellAsync(Guid requestId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var request = await db.PaymentRequests.AsNoTracking().SingleOrDefaultAsync(r => r.Id == requestId, cancellationToken);
        if (request is null)
            return null;

        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == request.CustomerId, cancellationToken);
        var package = await db.Packages.Where(p => p.Id == request.PackageId).Select(p => p.Name).SingleOrDefaultAsync(cancellationToken);
        var rail = await db.PaymentAccounts.Where(a => a.Id == request.PaymentAccountId).Select(a => a.Rail).SingleAsync(cancellationToken);
        var payment = await db.Payments.AsNoTracking().SingleOrDefaultAsync(p => p.PaymentRequestId == requestId, cancellationToken);

        List<PaymentEvent> events = [.. Prompt(request)];
        events.AddRange(await MessagesAsync(db, requestId, payment?.Receipt, cancellationToken));
        if (payment is not null)
        {
            events.AddRange(await BooksAsync(db, payment, cancellationToken));
            events.AddRange(await NetworkAsync(db, request, payment, cancellationToken));
        }

        return new PaymentStory(request, rail, customer.Id, customer.Name, customer.Number, package, payment, [.. events.OrderBy(e => e.At)]);
    }

    /// <returns>Null when the tenant has no such payment, or a prompt asked for it: its story is the request's.</returns>
    public async Task<DepositStory?> TellDepositAsync(Guid paymentId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var payment = await db.Payments.AsNoTracking()
            .SingleOrDefaultAsync(p => p.Id == paymentId && p.PaymentRequestId == null, cancellationToken);
        if (payment is null)
            return null;

        var customer = await db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == payment.CustomerId, cancellationToken);
        var account = await db.PaymentAccounts.Where(a => a.Id == payment.PaymentAccountId).Select(a => new { a.Name, a.Rail }).SingleAsync(cancellationToken);
        List<PaymentEvent> events = [.. await MessagesAsync(db, Guid.Empty, payment.Receipt, cancellationToken)];
        events.AddRange(await BooksAsync(db, payment, cancellationToken));
        return new DepositStory(
            payment,
            account.Name,
            account.Rail,
            customer,
            payment.IsInSuspense ? await Suggestions.ForAsync(db, payment, cancellationToken) : [],
            [.. events.OrderBy(e => e.At)]);
    }

    private static IEnumerable<PaymentEvent> Prompt(PaymentRequest request)
    {
        yield return new PaymentEvent(request.CreatedAt, PaymentStep.Asked, request.AskedBy is { } asker ? $"by {asker}" : null);
        if (request.SubmittedAt is { } submitted)
            yield return new PaymentEvent(submitted, PaymentStep.Submitted, request.MerchantRequestId);
        if (request.SettledAt is { } settled && request.State is not PaymentRequestState.Paid)
        {
            var step = request.State is PaymentRequestState.Rejected ? PaymentStep.Refused
                : request.State is PaymentRequestState.Expired ? PaymentStep.GivenUp
                : PaymentStep.NotPaid;
            yield return new PaymentEvent(settled, step, request.ResultText);
        }
    }

    /// <summary>What came to the request's own address, and what the short code's addresses were told of its receipt.</summary>
    private static async Task<IEnumerable<PaymentEvent>> MessagesAsync(
        IspDbContext db, Guid requestId, string? receipt, CancellationToken cancellationToken)
    {
        var messages = await db.ProviderMessages
            .Where(m => m.PaymentRequestId == requestId
                || (receipt != null && m.Receipt == receipt && m.Kind != ProviderMessageKind.Callback))
            .Select(m => new { m.Kind, m.ReceivedAt, m.Outcome, m.Note })
            .ToListAsync(cancellationToken);
        return [
            .. messages.Select(m => new PaymentEvent(m.ReceivedAt, StepOf(m.Kind), m.Note ?? m.Outcome?.ToString())),
            .. await SmsAsync(db, receipt, cancellationToken),
        ];
    }

    /// <summary>What the owner's phone, or a person who pasted it, told of the receipt.</summary>
    private static async Task<IEnumerable<PaymentEvent>> SmsAsync(IspDbContext db, string? receipt, CancellationToken cancellationToken)
    {
        if (receipt is null)
            return [];

        var told = await db.MoneySms
            .Where(s => s.Receipt == receipt || s.OriginalReceipt == receipt)
            .Select(s => new { s.ReceivedAt, IsReversal = s.OriginalReceipt == receipt, s.PastedBy, s.Sender })
            .ToListAsync(cancellationToken);
        return told.Select(s => new PaymentEvent(
            s.ReceivedAt, s.IsReversal ? PaymentStep.ReversalTold : PaymentStep.SmsTold, s.PastedBy is { } by ? $"pasted by {by}" : $"from {s.Sender}"));
    }

    private static PaymentStep StepOf(ProviderMessageKind kind) => kind switch
    {
        ProviderMessageKind.Confirmation => PaymentStep.Confirmed,
        ProviderMessageKind.Validation => PaymentStep.Validated,
        _ => PaymentStep.ProviderCalled,
    };

    private static async Task<List<PaymentEvent>> BooksAsync(IspDbContext db, Payment payment, CancellationToken cancellationToken)
    {
        List<PaymentEvent> events =
        [
            payment.TakenBy is { } staff
                ? new(payment.RecordedAt, PaymentStep.Taken, staff)
                : new(payment.RecordedAt, PaymentStep.Recorded, payment.Receipt),
        ];
        if (await db.JournalEntries.SingleOrDefaultAsync(
            e => e.Source == JournalSource.Payment && e.SourceId == payment.Id, cancellationToken) is { } entry)
        {
            events.Add(new PaymentEvent(entry.BookedAt, PaymentStep.Booked, entry.Memo));
        }

        events.AddRange(await db.Allocations
            .Where(a => a.PaymentId == payment.Id)
            .Select(a => new PaymentEvent(
                a.At,
                a.Kind == AllocationKind.Placed ? PaymentStep.Placed
                    : a.Kind == AllocationKind.TakenBack ? PaymentStep.TakenBack
                    : a.Kind == AllocationKind.Reversed ? PaymentStep.Reversed
                    : PaymentStep.FoundSame,
                a.By + ": " + a.Reason,
                null))
            .ToListAsync(cancellationToken));

        events.AddRange(await RefundsAsync(db, payment, cancellationToken));
        var bought = await db.Purchases
            .Where(p => p.CauseId == payment.Id)
            .Join(db.Subscriptions, p => p.SubscriptionId, s => s.Id, (p, s) => new { p.At, s.EndsAt })
            .FirstOrDefaultAsync(cancellationToken);
        if (bought is not null)
            events.Add(new PaymentEvent(bought.At, PaymentStep.AccessGranted, null, bought.EndsAt));

        events.AddRange(await db.Messages
            .Where(m => m.CauseId == payment.Id && m.State != MessageState.Waiting)
            .Select(m => new PaymentEvent(m.SentAt ?? m.CreatedAt, m.SentAt == null ? PaymentStep.ReceiptFailed : PaymentStep.ReceiptSent, m.Failure, null))
            .ToListAsync(cancellationToken));
        return events;
    }

    private static async Task<IEnumerable<PaymentEvent>> RefundsAsync(IspDbContext db, Payment payment, CancellationToken cancellationToken)
    {
        var refunds = await db.Refunds.AsNoTracking().Where(r => r.PaymentId == payment.Id).ToListAsync(cancellationToken);
        return refunds.SelectMany(RefundEvents);
    }

    private static IEnumerable<PaymentEvent> RefundEvents(Refund refund)
    {
        yield return new PaymentEvent(refund.AskedAt, PaymentStep.RefundAsked, $"{refund.AskedBy}: {refund.Reason}");
        if (refund is { DecidedAt: { } decided, DecidedBy: { } by })
        {
            var step = refund.State == RefundState.Declined ? PaymentStep.RefundDeclined : PaymentStep.RefundApproved;
            yield return new PaymentEvent(decided, step, refund.DecisionNote is { } note ? $"{by}: {note}" : by);
        }

        if (refund is { SettledAt: { } settled, State: RefundState.Done or RefundState.Failed })
        {
            yield return refund.State == RefundState.Done
                ? new PaymentEvent(settled, PaymentStep.Refunded, refund.Receipt)
                : new PaymentEvent(settled, PaymentStep.RefundFailed, refund.Result);
        }
    }

    private static async Task<List<PaymentEvent>> NetworkAsync(
        IspDbContext db, PaymentRequest request, Payment payment, CancellationToken cancellationToken)
    {
        var orders = await db.NetworkOrders.AsNoTracking().Where(o => o.CauseId == request.Id).ToListAsync(cancellationToken);
        List<PaymentEvent> events = [.. orders.SelectMany(OrderEvents)];
        var first = await FirstAsync(db.OpenSessions, request, payment, cancellationToken)
            ?? await FirstAsync(db.Sessions, request, payment, cancellationToken);
        if (first is { } startedAt)
            events.Add(new PaymentEvent(startedAt, PaymentStep.Online, request.DeviceMac));
        return events;
    }

    private static IEnumerable<PaymentEvent> OrderEvents(NetworkOrder order)
    {
        yield return new PaymentEvent(order.CreatedAt, PaymentStep.RouterTold, null);
        if (order.FinishedAt is { } finished)
            yield return new PaymentEvent(finished, order.State is NetworkOrderState.Done ? PaymentStep.RouterDid : PaymentStep.RouterRefused, order.Outcome);
    }

    /// <summary>The customer's first session that began after the money came; on the device that waited, where it is known.</summary>
    private static async Task<DateTimeOffset?> FirstAsync<TSession>(
        IQueryable<TSession> sessions, PaymentRequest request, Payment payment, CancellationToken cancellationToken)
        where TSession : SessionRecord
    {
        // The NAS counts whole seconds: a start may seem a moment older than the payment that let it in.
        var from = payment.RecordedAt.AddSeconds(-2);
        Expression<Func<TSession, bool>> his = request.DeviceMac is { } mac
            ? s => s.CustomerId == request.CustomerId && s.MacAddress == mac
            : s => s.CustomerId == request.CustomerId;
        return await sessions
            .Where(his)
            .Where(s => s.StartedAt >= from)
            .OrderBy(s => s.StartedAt)
            .Select(s => (DateTimeOffset?)s.StartedAt)
            .FirstOrDefaultAsync(cancellationToken);
    }
}

/// <summary>One attempt to be paid with all that happened to it, oldest first.</summary>
public sealed record PaymentStory(
    PaymentRequest Request,
    Rail Rail,
    Guid CustomerId,
    string Customer,
    long CustomerNumber,
    string? Package,
    Payment? Payment,
    IReadOnlyList<PaymentEvent> Events);

/// <summary>Money that a customer sent by himself or gave to staff, with all that happened to it, oldest first.</summary>
/// <param name="Account">Where it came in.</param>
/// <param name="Customer">Null while it waits in suspense.</param>
/// <param name="Suggestions">Whose it may be, while it waits.</param>
public sealed record DepositStory(
    Payment Payment,
    string Account,
    Rail Rail,
    Customer? Customer,
    IReadOnlyList<Suggestion> Suggestions,
    IReadOnlyList<PaymentEvent> Events);

/// <param name="Detail">In the words of whoever did it; null when the step says it all.</param>
/// <param name="Until">For granted access: its end.</param>
public sealed record PaymentEvent(DateTimeOffset At, PaymentStep Step, string? Detail, DateTimeOffset? Until = null);

public enum PaymentStep
{
    Asked,
    Submitted,
    Refused,
    ProviderCalled,

    /// <summary>The provider asked whether it may come.</summary>
    Validated,

    /// <summary>The provider told the short code's address that it came.</summary>
    Confirmed,
    NotPaid,
    GivenUp,
    Recorded,

    /// <summary>Written down by staff.</summary>
    Taken,
    Booked,

    /// <summary>An SMS told of it.</summary>
    SmsTold,

    /// <summary>An SMS says that it was undone.</summary>
    ReversalTold,

    /// <summary>Out of suspense to a customer.</summary>
    Placed,
    TakenBack,
    FoundSame,

    /// <summary>Somebody wants it given back.</summary>
    RefundAsked,
    RefundApproved,
    RefundDeclined,
    Refunded,
    RefundFailed,

    /// <summary>It did not come after all.</summary>
    Reversed,
    AccessGranted,
    ReceiptSent,
    ReceiptFailed,
    RouterTold,
    RouterDid,
    RouterRefused,
    Online,
}
