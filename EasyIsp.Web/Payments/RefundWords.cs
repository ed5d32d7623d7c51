using EasyIsp.Core.Payments.Refunds;
using EasyIsp.Core.Tenancy;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Payments;

/// <summary>Refunds in the console's words.</summary>
internal static class RefundWords
{
    public static State Of(RefundState state) => state switch
    {
        RefundState.Asked or RefundState.Underway => State.Pending,
        RefundState.Done => State.Refunded,
        RefundState.Declined => State.Cancelled,
        _ => State.Failed,
    };

    public static string Of(RefundWay way) => way switch
    {
        RefundWay.Wallet => "Into the wallet",
        RefundWay.Reversal => "M-Pesa reversal",
        RefundWay.Payout => "M-Pesa to a phone",
        _ => "Cash",
    };

    /// <summary>What it waits for; null when it does not.</summary>
    public static string? Waits(RefundState state) => state switch
    {
        RefundState.Asked => "Waits for a second person",
        RefundState.Underway => "M-Pesa has the order",
        _ => null,
    };

    public static string Done(RefundState state) => state switch
    {
        RefundState.Asked => "Asked for. It waits for a second person.",
        RefundState.Underway => "On its way to M-Pesa.",
        _ => "Given back.",
    };

    public static string Of(DecisionOutcome outcome, Tenant tenant) => outcome switch
    {
        DecisionOutcome.DecidedAlready => "Somebody else has decided already.",
        DecisionOutcome.NeedsAnother => "Another person than the one who asked must approve it.",
        DecisionOutcome.Refused refused => Of(refused.Fault, tenant),
        _ => "Decided.",
    };

    public static string Of(RefundFault fault, Tenant tenant) => fault switch
    {
        RefundFault.Amount => $"More than nothing, with at most {tenant.CurrencyDigits} digits behind the point.",
        RefundFault.TooMuch => "More than is left of the payment.",
        RefundFault.ProviderAmount => "M-Pesa moves whole shillings, and pays out 10 to 250,000.",
        RefundFault.Changed => "Since it was asked for the payment was placed, reversed, or found to be another. Decline it and ask anew.",
        RefundFault.Whole => "Money that nobody has been found for is given back whole.",
        RefundFault.Reason => $"Write why, in at most {Refund.MaxReasonLength} signs.",
        RefundFault.Phone => "A Kenyan mobile number.",
        RefundFault.Way => "This payment cannot be given back so.",
        RefundFault.NoInitiator => "Set up an initiator for the account under Settings, M-Pesa, first.",
        RefundFault.Spent => "The wallet holds less by now: end the access that it bought, or give back less.",
        _ => "What it bought cannot be taken back: it cost another amount, or something was bought after it.",
    };
}
