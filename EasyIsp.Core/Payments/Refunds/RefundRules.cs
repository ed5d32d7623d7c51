using System.Text;
using EasyIsp.Core.Payments.Daraja;

namespace EasyIsp.Core.Payments.Refunds;

/// <summary>What one of the staff wants to give back.</summary>
/// <param name="Id">Made by the form: sent twice, it is asked for once.</param>
/// <param name="Phone">For a payout, E.164.</param>
/// <param name="EndsAccess">The package that the payment bought is taken back for it.</param>
public sealed record RefundDraft(
    Guid Id, Guid PaymentId, decimal Amount, RefundWay Way, string Reason, string? Phone = null, bool EndsAccess = false);

/// <summary>Why something cannot be given back so.</summary>
public enum RefundFault
{
    /// <summary>Zero or less, or less than the currency's smallest coin.</summary>
    Amount,

    /// <summary>More than the payment brought, less what was given back before.</summary>
    TooMuch,

    /// <summary>M-Pesa moves whole shillings alone, and pays out 10 to 250,000.</summary>
    ProviderAmount,

    /// <summary>Missing, or too long.</summary>
    Reason,

    /// <summary>Not a Kenyan mobile number.</summary>
    Phone,

    /// <summary>The payment did not come this way, or has no receipt yet.</summary>
    Way,

    /// <summary>The account has no initiator that may do so.</summary>
    NoInitiator,

    /// <summary>The wallet holds less: the money is spent, and what it bought is not taken back.</summary>
    Spent,

    /// <summary>What it bought cannot be taken back: it cost less, something was bought after it, or it is taken back already.</summary>
    NotTakenBack,

    /// <summary>Money in suspense is given back whole.</summary>
    Whole,

    /// <summary>Since it was asked for the payment was placed, reversed, or found to be another.</summary>
    Changed,
}

internal static class RefundRules
{
    /// <param name="left">What of the payment has not been given back.</param>
    public static IEnumerable<RefundFault> FaultsIn(RefundDraft draft, Payment payment, Rail rail, decimal left, int currencyDigits)
    {
        if (draft.Amount <= 0 || decimal.Round(draft.Amount, currencyDigits) != draft.Amount)
            yield return RefundFault.Amount;
        else if (draft.Amount > left)
            yield return RefundFault.TooMuch;
        else if (payment.IsInSuspense && draft.Amount != payment.Amount)
            yield return RefundFault.Whole;
        if (!IsReason(draft.Reason))
            yield return RefundFault.Reason;
        foreach (var fault in WayFaults(draft, payment, rail))
            yield return fault;
    }

    /// <summary>Whether a second person must approve it: parts of one payment count together, but not what stays in the wallet.</summary>
    /// <param name="before">What of the payment was given back or asked for already.</param>
    /// <param name="limit">The tenant's; null asks nobody.</param>
    public static bool NeedsAnother(decimal amount, RefundWay way, decimal before, decimal? limit)
        => amount + (Refund.Leaves(way) ? before : 0) > limit;

    /// <summary>Between asking and approving the payment may have become another thing.</summary>
    public static bool HasChangedSince(Refund refund, Payment payment) => payment.CustomerId != refund.CustomerId
        || payment is { SameAsId: not null } or { ReversedAt: not null }
        || (refund.Way == RefundWay.Reversal && payment.Receipt is null)
        || (refund.LeavesHouse && payment.GivenBack + refund.Amount > payment.Amount);

    private static IEnumerable<RefundFault> WayFaults(RefundDraft draft, Payment payment, Rail rail)
    {
        var fits = draft.Way switch
        {
            RefundWay.Wallet => payment.CustomerId is not null && draft.EndsAccess,
            RefundWay.Reversal => rail == Rail.Mpesa && payment.Receipt is not null,
            RefundWay.Payout => rail == Rail.Mpesa,
            RefundWay.Cash => rail == Rail.Cash,
            _ => false,
        };
        if (!fits || payment is { SameAsId: not null } or { ReversedAt: not null })
            yield return RefundFault.Way;
        if (draft.Way is RefundWay.Reversal or RefundWay.Payout && !IsProviderAmount(draft))
            yield return RefundFault.ProviderAmount;
        if (draft.Way == RefundWay.Payout && !MpesaPhone.IsOne(draft.Phone))
            yield return RefundFault.Phone;
    }

    private static bool IsProviderAmount(RefundDraft draft) => draft.Amount == decimal.Truncate(draft.Amount)
        && (draft.Way == RefundWay.Reversal || draft.Amount is >= OperationOrder.LeastPayout and <= StkPushOrder.GreatestAmount);

    private static bool IsReason(string reason) => !string.IsNullOrWhiteSpace(reason)
        && reason.Trim().Length <= Refund.MaxReasonLength && !reason.EnumerateRunes().Any(Rune.IsControl);
}
