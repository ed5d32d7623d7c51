using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.ProviderOrders;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Claims;

/// <summary>Books a claimed receipt when the provider says that its money came to our short code.</summary>
internal sealed class ClaimedReceipts(StatementBooking booking, Settlement settlement, TimeProvider clock) : IOrderOutcome
{
    /// <summary>Of an initiator that is not set up: the question was not even put.</summary>
    private static readonly HashSet<string> NotPut = ["18", "20", "21", "22", "2001", "8006"];

    /// <summary>Between the provider's clock and ours.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(2);

    public async Task SettledAsync(IspDbContext db, ProviderOrder order, OperationResult? result, CancellationToken cancellationToken)
    {
        if (order is not { Kind: ProviderOrderKind.Status, Receipt: { } receipt, CauseId: { } claimId })
            return;
        if (await LockAsync(db, claimId, cancellationToken) is not { State: not ReceiptClaimState.Booked } claim)
            return;

        var account = await db.PaymentAccounts.SingleAsync(a => a.Id == order.PaymentAccountId, cancellationToken);
        var report = result is { IsSuccess: true } ? TransactionReport.Of(result) : null;
        if (report is not null && IsOurs(report, account, receipt) && await IsFromBeforeAsync(db, account, report, cancellationToken))
            claim.Ended(ReceiptClaimState.TooOld, clock.GetUtcNow());
        else if (report is not null && IsOurs(report, account, receipt))
            await BookAsync(db, claim, account, receipt, report, cancellationToken);
        else if (!await OthersAreOpenAsync(db, order, claimId, cancellationToken))
            claim.Ended(StateOf(report, result), clock.GetUtcNow());
    }

    /// <summary>Of two accounts' answers at once the second sees what the first has said.</summary>
    private static Task<ReceiptClaim?> LockAsync(IspDbContext db, Guid claimId, CancellationToken cancellationToken)
        => db.ReceiptClaims
            .FromSql($"select * from receipt_claims where tenant_id = {db.CurrentTenantId} and id = {claimId} for update")
            .SingleOrDefaultAsync(cancellationToken);

    private static bool IsOurs(TransactionReport report, PaymentAccount account, string receipt)
        => report is { Outcome: TransactionOutcome.Completed, Amount: > 0 and <= 10_000_000 and { Scale: <= 2 } }
            && (report.Receipt is null || report.Receipt == receipt)
            && report.Receiver?.Number is { } receiver && account.IsCalled(receiver);

    private async Task BookAsync(
        IspDbContext db, ReceiptClaim claim, PaymentAccount account, string receipt, TransactionReport report, CancellationToken cancellationToken)
    {
        await PaymentRows.LockReceiptAsync(db, receipt, cancellationToken);
        if (!await SettlesRequestAsync(db, claim, account, receipt, report, cancellationToken))
        {
            await booking.TakeAsync(
                db,
                account,
                new PulledRow(receipt, report.Amount!.Value, report.FinalisedAt, Account: null, report.Payer?.Number, "asked after") { PayerName = report.Payer?.Name },
                StatementSource.Inquiry,
                cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        var payment = await db.Payments.Where(p => p.Receipt == receipt).Select(p => p.Id).SingleAsync(cancellationToken);
        claim.Booked(payment, clock.GetUtcNow());
    }

    /// <summary>What was paid before the short code came to us is another system's, and spent there.</summary>
    private static Task<bool> IsFromBeforeAsync(IspDbContext db, PaymentAccount account, TransactionReport report, CancellationToken cancellationToken)
        => report.FinalisedAt is { } paidAt
            ? db.PaymentAccounts.AtOwnShortCode().AllAsync(a => a.ShortCode != account.ShortCode || a.CreatedAt > paidAt + Slack, cancellationToken)
            : Task.FromResult(false);

    /// <summary>
    /// This very phone was asked for this very amount, and then the provider says that it paid. The answer names no account:
    /// where a query has called the prompt paid, that is its receipt until its account says otherwise
    /// (<see cref="ConfirmationReading"/>). What a visit asked for and nobody has called paid it settles at a till alone; at a
    /// Paybill the same phone may have paid the same amount for another account, so that it waits for its own.
    /// </summary>
    private async Task<bool> SettlesRequestAsync(
        IspDbContext db, ReceiptClaim claim, PaymentAccount account, string receipt, TransactionReport report, CancellationToken cancellationToken)
    {
        if (PayerNumber.InFull(report.Payer?.Number) is not { } phone || report.FinalisedAt is not { } paidAt)
            return false;
        if (await db.Payments.AnyAsync(p => p.Receipt == receipt && p.TypedAccount != null, cancellationToken))
            return false; // its account has been told since, and was no prompt's

        var visit = account.Kind == ShortCodeKind.Till ? claim.OriginId : null;
        var (before, after) = (paidAt + Slack, paidAt - Slack);
        var asked = await db.PaymentRequests
            .Where(r => r.Amount == report.Amount && r.Phone == phone && r.CreatedAt <= before)
            .Where(r => db.PaymentAccounts.AtOwnShortCode().Any(a => a.Id == r.PaymentAccountId && a.ShortCode == account.ShortCode))
            .Where(r => db.Payments.Any(p => p.PaymentRequestId == r.Id && p.Receipt == null && p.RecordedAt >= after)
                || (r.OriginId == visit && visit != null && !db.Payments.Any(p => p.PaymentRequestId == r.Id)))
            .Select(r => r.Id)
            .ToListAsync(cancellationToken);
        if (asked is not [var requestId] || await PaymentRows.LockRequestAsync(db, requestId, cancellationToken) is not { } request)
            return false;

        var told = new C2bConfirmation
        {
            Receipt = receipt, Amount = request.Amount, ShortCode = account.ShortCode, PaidAt = paidAt, PayerNumber = report.Payer?.Number, PayerName = report.Payer?.Name,
        };
        var outcome = await settlement.SettleAsync(db, request, new PaidEvidence(receipt, paidAt, told), cancellationToken);
        return outcome != SettlementOutcome.ReceiptTaken;
    }

    private static Task<bool> OthersAreOpenAsync(IspDbContext db, ProviderOrder order, Guid claimId, CancellationToken cancellationToken)
        => db.ProviderOrders.AnyAsync(
            o => o.CauseId == claimId && o.Id != order.Id && o.State != ProviderOrderState.Done && o.State != ProviderOrderState.Failed, cancellationToken);

    private static ReceiptClaimState StateOf(TransactionReport? report, OperationResult? result) => report switch
    {
        { Outcome: TransactionOutcome.Completed } => ReceiptClaimState.Elsewhere,
        null when result is null || NotPut.Contains(result.ResultCode) => ReceiptClaimState.CouldNotAsk,
        _ => ReceiptClaimState.NotFound,
    };
}
