using EasyIsp.Core.Payments;

namespace EasyIsp.Web.Payments;

/// <summary>What is said of a code to pay with, on the screen and on paper.</summary>
internal static class PayCodeWords
{
    /// <summary>Whom it pays.</summary>
    public static string Of(PayCode code) => code.IsTill ? $"Till {code.Number}" : $"Paybill {code.Number}, account {code.Account}";

    public static string ImageOf(PayCode code) => $"data:image/png;base64,{Convert.ToBase64String(code.Png)}";

    /// <returns>Null when the payment reaches the customer by itself.</returns>
    public static string? WarningOf(PayCode code) => code switch
    {
        { IsHeard: false } => "M-Pesa does not tell of what comes to this short code by itself: register it, or switch the pulled statement on (Settings, M-Pesa), or this payment is not seen.",
        { IsTill: true } => "A till carries no account number: the payment waits in suspense until somebody places it.",
        _ => null,
    };

    public static string Of(PayCodeOutcome outcome) => outcome switch
    {
        PayCodeOutcome.AmountWrong => "Whole shillings, from 1 to 250,000.",
        PayCodeOutcome.CustomerGone => "The customer was deleted meanwhile. Nothing was made.",
        PayCodeOutcome.NoPaymentAccount => "There is no Paybill or till of yours in use here: open one under Settings, M-Pesa.",
        PayCodeOutcome.NotMade { Reason: var reason } => $"M-Pesa made no code: {reason}. Try again; is it refused each time, ask Safaricom whether your app has the Dynamic QR product.",
        _ => "",
    };
}
