using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>
/// At a till nobody types an account (mpesa.md, 4.2). When a query has said that a prompt is paid, the confirmation of
/// that very money is told apart by short code, amount, time and what is to be seen of the number, and only while exactly
/// one fits; whatever else comes out later is put right by <see cref="Deposits.JoinAsync"/>. The caller holds
/// <see cref="PaymentRows.LockTillAsync"/>.
/// </summary>
internal static class TillMatching
{
    /// <summary>Between the provider's clock and ours, and between the money and its message.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(2);

    /// <summary>From asking to the PIN, generously.</summary>
    private static readonly TimeSpan LongestPrompt = TimeSpan.FromMinutes(15);

    /// <summary>Participant: the one confirmed payment that a request, paid as a query says, can be about.</summary>
    public static async Task<Payment?> ConfirmedAsync(IspDbContext db, PaymentRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (since, until) = ((request.SubmittedAt ?? request.CreatedAt) - Slack, now + Slack);
        var found = await (
            from payment in db.Payments
            where payment.PaymentRequestId == null && payment.SameAsId == null && payment.Receipt != null && payment.TypedAccount == null
                && (payment.CustomerId == null || payment.CustomerId == request.CustomerId)
                && payment.Amount == request.Amount && payment.PaidAt >= since && payment.PaidAt <= until
                && SameTill(db, request.PaymentAccountId).Contains(payment.PaymentAccountId)
            select new { payment.Id, payment.PayerNumber }).ToListAsync(cancellationToken);
        var fitting = found.Where(p => p.PayerNumber is not null && PayerNumber.CouldBe(p.PayerNumber, request.Phone)).ToList();
        var certain = fitting.Where(p => PayerNumber.IsClear(p.PayerNumber)).ToList(); // a mask that fits as well is somebody else's then
        return (certain.Count > 0 ? certain : fitting) is [var only]
            && await PaymentRows.LockPaymentAsync(db, only.Id, cancellationToken) is { PaymentRequestId: null, SameAsId: null } locked
                ? locked
                : null;
    }

    /// <summary>Participant: the one payment without receipt that a confirmation can be about.</summary>
    public static async Task<Payment?> AskedAsync(
        IspDbContext db, PaymentAccount account, C2bConfirmation confirmation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (account.Kind != ShortCodeKind.Till || confirmation is not { Account: null, PayerNumber: { } number })
            return null;

        var paidAt = confirmation.PaidAt ?? now;
        var (submittedBefore, recordedAfter) = (paidAt + Slack, paidAt - Slack);
        var found = await (
            from payment in db.Payments
            join request in db.PaymentRequests on payment.PaymentRequestId equals request.Id
            where payment.Receipt == null && payment.SameAsId == null && payment.Reference == null && payment.Amount == confirmation.Amount
                && (request.SubmittedAt ?? request.CreatedAt) <= submittedBefore && payment.RecordedAt >= recordedAfter
                && SameTill(db, account.Id).Contains(payment.PaymentAccountId)
            select new { payment.Id, request.Phone }).ToListAsync(cancellationToken);
        return found.Where(p => PayerNumber.CouldBe(number, p.Phone)).ToList() is [var only]
            && await PaymentRows.LockPaymentAsync(db, only.Id, cancellationToken) is { Receipt: null } locked
                ? locked
                : null;
    }

    /// <summary>
    /// Participant: money at the till may be that of a prompt which is still under way, or is paid and waits for its receipt.
    /// Whoever tells of it without the payer's number cannot say which.
    /// </summary>
    public static Task<bool> MayBeAskedForAsync(
        IspDbContext db, PaymentAccount account, decimal amount, DateTimeOffset paidAt, CancellationToken cancellationToken)
    {
        var (since, until) = (paidAt - LongestPrompt, paidAt + Slack);
        return db.PaymentRequests.AnyAsync(
            r => r.Amount == amount && r.CreatedAt >= since && r.CreatedAt <= until && SameTill(db, account.Id).Contains(r.PaymentAccountId)
                && (r.State == PaymentRequestState.Created || r.State == PaymentRequestState.Submitting
                    || r.State == PaymentRequestState.SubmittedUnknown || r.State == PaymentRequestState.Pending
                    || db.Payments.Any(p => p.PaymentRequestId == r.Id && p.Receipt == null)),
            cancellationToken);
    }

    /// <summary>A short code may have been opened again with other keys.</summary>
    private static IQueryable<Guid> SameTill(IspDbContext db, Guid accountId)
        => from account in db.PaymentAccounts
           join other in db.PaymentAccounts on account.ShortCode equals other.ShortCode
           where account.Id == accountId && other.Kind == ShortCodeKind.Till
           select other.Id;
}
