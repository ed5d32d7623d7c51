using System.Runtime.CompilerServices;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>SMS about money, and what is known of each.</summary>
public sealed class MoneySmsList(IspDatabase database, TimeProvider clock)
{
    private const int MostExported = 100_000;

    public async Task<Page<MoneySmsRow>> ListAsync(MoneySmsQuery query, PageOf page, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var now = clock.GetUtcNow();
        return await Sort(Narrow(db, query, now), query).ToPageAsync(page, rows => Project(db, Sort(rows, query), now), cancellationToken);
    }

    /// <summary>All that the query finds, in its order.</summary>
    public async IAsyncEnumerable<MoneySmsRow> ExportAsync(MoneySmsQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var rows = Sort(Sort(Narrow(db, query, now), query).Take(MostExported), query);
        await foreach (var row in Project(db, rows, now).AsAsyncEnumerable().WithCancellation(cancellationToken))
            yield return row;
    }

    /// <summary>How many wait in quarantine.</summary>
    public async Task<int> QuarantinedAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await Narrow(db, new MoneySmsQuery(State: MoneySmsFilter.Quarantined), clock.GetUtcNow()).CountAsync(cancellationToken);
    }

    /// <returns>Null when the tenant has no such message.</returns>
    public async Task<MoneySmsStory?> FindAsync(Guid smsId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await db.MoneySms.AsNoTracking().SingleOrDefaultAsync(s => s.Id == smsId, cancellationToken) is not { } sms)
            return null;

        return new MoneySmsStory(
            sms,
            MoneySmsStates.Of(sms.Outcome, sms.ReceivedAt, sms.BookedAt is not null, sms.ConfirmedAt is not null, sms.PutAwayAt is not null, clock.GetUtcNow()),
            await db.ForwardingPhones.Where(p => p.Id == sms.PhoneId).Select(p => p.Name).SingleOrDefaultAsync(cancellationToken),
            await db.PaymentAccounts.Where(a => a.Id == sms.PaymentAccountId).Select(a => a.Name).SingleOrDefaultAsync(cancellationToken),
            await db.SmsTemplates.Where(t => t.Id == sms.TemplateId).Select(t => t.Name).SingleOrDefaultAsync(cancellationToken),
            await BookedMoney.FindAsync(db, sms.OriginalReceipt ?? sms.Receipt, cancellationToken));
    }

    private static IQueryable<MoneySms> Narrow(IspDbContext db, MoneySmsQuery query, DateTimeOffset now)
    {
        var before = now - MoneySms.ConfirmedWithin;
        var open = db.MoneySms.Where(s => s.PutAwayAt == null);
        var unconfirmed = open.Where(s => s.ConfirmedAt == null && s.BookedAt == null && (s.Outcome == MoneySmsOutcome.Hint || s.Outcome == MoneySmsOutcome.Held));
        var found = query.State switch
        {
            MoneySmsFilter.Waiting => unconfirmed.Where(s => s.ReceivedAt > before),
            MoneySmsFilter.NotConfirmed => unconfirmed.Where(s => s.ReceivedAt <= before),
            MoneySmsFilter.Confirmed => open.Where(s => s.ConfirmedAt != null),
            MoneySmsFilter.Booked => open.Where(s => s.BookedAt != null),
            MoneySmsFilter.Trouble => open.Where(s => s.Outcome == MoneySmsOutcome.Differs || s.Outcome == MoneySmsOutcome.ReceiptTaken || s.Outcome == MoneySmsOutcome.Reversal),
            MoneySmsFilter.Quarantined => open.Where(s => s.Outcome == MoneySmsOutcome.NotRecognised || s.Outcome == MoneySmsOutcome.Malformed),
            MoneySmsFilter.PutAway => db.MoneySms.Where(s => s.PutAwayAt != null),
            _ => db.MoneySms.Where(s => s.Outcome != MoneySmsOutcome.NotRecognised && s.Outcome != MoneySmsOutcome.Malformed),
        };
        if (query.Term?.Trim() is not { Length: > 0 } term)
            return found;

        var (words, receipt) = ($"%{Like.Escape(term)}%", term.ToUpperInvariant());
        return found.Where(s => s.Receipt == receipt || s.OriginalReceipt == receipt || EF.Functions.ILike(s.Text!, words, Like.EscapeCharacter)
            || EF.Functions.ILike(s.Sender, words, Like.EscapeCharacter));
    }

    private static IQueryable<MoneySms> Sort(IQueryable<MoneySms> found, MoneySmsQuery query) => (query.Sort, query.Descending) switch
    {
        (MoneySmsSort.Amount, true) => found.OrderByDescending(s => s.Amount).ThenByDescending(s => s.ReceivedAt),
        (MoneySmsSort.Amount, false) => found.OrderBy(s => s.Amount).ThenBy(s => s.ReceivedAt),
        (_, false) => found.OrderBy(s => s.ReceivedAt).ThenBy(s => s.Id),
        _ => found.OrderByDescending(s => s.ReceivedAt).ThenByDescending(s => s.Id),
    };

    private static IQueryable<MoneySmsRow> Project(IspDbContext db, IQueryable<MoneySms> found, DateTimeOffset now)
        => from sms in found
           join phone in db.ForwardingPhones on sms.PhoneId equals (Guid?)phone.Id into phones
           from phone in phones.DefaultIfEmpty()
           select new MoneySmsRow(
               sms.Id, sms.ReceivedAt, sms.Source, phone.Name ?? sms.PastedBy, sms.Sender, sms.Kind, sms.Receipt, sms.Amount, sms.PayerName, sms.TypedAccount,
               sms.Text,
               MoneySmsStates.Of(sms.Outcome, sms.ReceivedAt, sms.BookedAt != null, sms.ConfirmedAt != null, sms.PutAwayAt != null, now),
               sms.Note);
}

/// <param name="Term">A receipt, or words of the message or its sender.</param>
public sealed record MoneySmsQuery(
    string? Term = null, MoneySmsFilter State = MoneySmsFilter.All, MoneySmsSort Sort = MoneySmsSort.When, bool Descending = true);

public enum MoneySmsFilter
{
    /// <summary>All that was recognised.</summary>
    All,
    Waiting,
    NotConfirmed,
    Confirmed,
    Booked,

    /// <summary>The books say something else, or a reversal.</summary>
    Trouble,
    Quarantined,
    PutAway,
}

public enum MoneySmsSort
{
    When,
    Amount,
}

/// <param name="From">The phone, or who pasted it.</param>
/// <param name="Text">Null once it is forgotten, or when it could not be read.</param>
public sealed record MoneySmsRow(
    Guid Id,
    DateTimeOffset ReceivedAt,
    MoneySmsSource Source,
    string? From,
    string Sender,
    MoneySmsKind? Kind,
    string? Receipt,
    decimal? Amount,
    string? PayerName,
    string? TypedAccount,
    string? Text,
    MoneySmsState State,
    string? Note);

/// <param name="Payment">What the books have of its receipt; of a reversal, of the payment that was undone.</param>
public sealed record MoneySmsStory(MoneySms Sms, MoneySmsState State, string? Phone, string? Account, string? Template, BookedMoney? Payment);

/// <summary>What the books have of a receipt.</summary>
/// <param name="Customer">Null while it waits in suspense.</param>
public sealed record BookedMoney(Guid PaymentId, Guid? RequestId, decimal Amount, DateTimeOffset PaidAt, Guid? CustomerId, string? Customer, long? CustomerNumber)
{
    /// <summary>Participant.</summary>
    internal static Task<BookedMoney?> FindAsync(IspDbContext db, string? receipt, CancellationToken cancellationToken) => (
        from payment in db.Payments
        join customer in db.Customers on payment.CustomerId equals (Guid?)customer.Id into known
        from customer in known.DefaultIfEmpty()
        where receipt != null && payment.Receipt == receipt
        select new BookedMoney(
            payment.Id, payment.PaymentRequestId, payment.Amount, payment.PaidAt, payment.CustomerId,
            customer == null ? null : customer.Name, customer == null ? null : customer.Number)).SingleOrDefaultAsync(cancellationToken);
}
