using System.Globalization;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Providers;

/// <summary>Makes of a provider's word about a request what it is: money, a refusal, or something for a person. All are participants.</summary>
public sealed class PromptBooking(Settlement settlement, TimeProvider clock)
{
    /// <summary>
    /// Takes the locks that come before the request's own: what two tell of one receipt, or of one amount at a till, is
    /// told in turn.
    /// </summary>
    /// <param name="amount">Of the request, for a word that names none.</param>
    internal static async Task LockAsync(
        IspDbContext db, PaymentAccount account, decimal amount, PromptState.Paid paid, CancellationToken cancellationToken)
    {
        if (paid.Receipt is { } receipt)
            await PaymentRows.LockReceiptAsync(db, receipt, cancellationToken);
        else if (account.Kind == ShortCodeKind.Till)
            await PaymentRows.LockTillAsync(db, account.ShortCode, amount, cancellationToken);
    }

    /// <summary>Amount and currency are compared with the request's before anything is booked.</summary>
    /// <param name="request">Locked, after <see cref="LockAsync"/>.</param>
    internal async Task<(ProviderMessageOutcome Outcome, string? Note)> PaidAsync(
        IspDbContext db, PaymentRequest request, Rail rail, PromptState.Paid paid, CancellationToken cancellationToken)
    {
        if (await MismatchAsync(db, request, paid, cancellationToken) is { } mismatch)
            return (ProviderMessageOutcome.AmountMismatch, mismatch);

        var evidence = new PaidEvidence(await NameAsync(db, request, rail, paid, cancellationToken), paid.PaidAt) { Rail = rail };
        return await settlement.SettleAsync(db, request, evidence, cancellationToken) switch
        {
            SettlementOutcome.Settled => (ProviderMessageOutcome.Settled, null),
            SettlementOutcome.Known => (ProviderMessageOutcome.Repeated, null),
            _ => (ProviderMessageOutcome.ReceiptTaken, $"Receipt {paid.Receipt} belongs to another payment."),
        };
    }

    internal (ProviderMessageOutcome Outcome, string? Note) NotPaid(PaymentRequest request, PromptState.Failed failed)
    {
        switch (request.State)
        {
            case PaymentRequestState.Paid:
                return (ProviderMessageOutcome.Contradicts, $"It says {failed.Code} of a request that is paid.");
            case PaymentRequestState.Failed when request.ResultCode == failed.Code:
                return (ProviderMessageOutcome.Repeated, null);
            default:
                request.Failed(failed.Code, failed.Description.Truncate(300), clock.GetUtcNow());
                return (ProviderMessageOutcome.NotPaid, null);
        }
    }

    /// <summary>
    /// A provider that takes our name of a payment may tell it before it tells the receipt, and a person may have booked it
    /// by that: it is one payment, whatever it is called afterwards.
    /// </summary>
    private static async Task<string?> NameAsync(
        IspDbContext db, PaymentRequest request, Rail rail, PromptState.Paid paid, CancellationToken cancellationToken)
    {
        if (rail == Rail.Mpesa || request.CheckoutRequestId is not { } ours || ours == paid.Receipt)
            return paid.Receipt;
        return await db.Payments.AnyAsync(p => p.Receipt == ours, cancellationToken) ? ours : paid.Receipt;
    }

    private static async Task<string?> MismatchAsync(
        IspDbContext db, PaymentRequest request, PromptState.Paid paid, CancellationToken cancellationToken)
    {
        if (paid.Amount is { } amount && amount != request.Amount)
            return string.Create(CultureInfo.InvariantCulture, $"It says {amount}; {request.Amount} was asked for.");
        if (paid.Currency is not { } currency)
            return null;

        var ours = await db.Tenants.Where(t => t.Id == request.TenantId).Select(t => t.Currency).SingleAsync(cancellationToken);
        return currency == ours ? null : $"It says {currency}; {ours} was asked for.";
    }
}
