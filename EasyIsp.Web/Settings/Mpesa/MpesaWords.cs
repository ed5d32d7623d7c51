using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.ProviderOrders;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Settings.Mpesa;

/// <summary>What M-Pesa says of orders and pulls, in the words of the screens.</summary>
internal static class MpesaWords
{
    /// <summary>Where customers' payments land: of a Paybill the utility account, of a till the merchant account (mpesa.md, 9).</summary>
    public static FundsAccount? MainOf(Funds? funds)
        => funds?.Accounts.FirstOrDefault(account => account.Name.StartsWith("Utility", StringComparison.OrdinalIgnoreCase)
            || account.Name.StartsWith("Merchant", StringComparison.OrdinalIgnoreCase));

    public static string? FaultOf(SetInitiatorOutcome outcome) => outcome switch
    {
        SetInitiatorOutcome.Set => null,
        SetInitiatorOutcome.NameWrong => $"The name of the API operator in M-Pesa's portal, up to {Initiator.MaxNameLength} letters.",
        SetInitiatorOutcome.PasswordWrong => "The operator's password is needed.",
        SetInitiatorOutcome.CertificateWrong => "This is no certificate with an RSA key. Download it from the Daraja portal, for this environment.",
        _ => "The account is not there any more.",
    };

    public static State StateOf(ProviderOrder order) => order.State switch
    {
        ProviderOrderState.Done => State.Active,
        ProviderOrderState.Failed => State.Failed,
        ProviderOrderState.Unknown => State.Unknown,
        _ => State.Pending,
    };

    /// <summary>Codes of mpesa.md, 5.3, as what to do about them.</summary>
    public static string Of(ProviderOrder order) => order.State switch
    {
        ProviderOrderState.Done => "M-Pesa answered.",
        ProviderOrderState.Unknown => "M-Pesa has not answered. Ask again.",
        ProviderOrderState.Failed => order.ResultCode switch
        {
            "2001" => "Name, password or certificate are wrong, says M-Pesa (2001). The certificate must be this environment's present one.",
            "21" => "The operator lacks the role for this (21): give it to him in M-Pesa's portal.",
            "22" => "The operator is not active (22).",
            "8006" => "The operator's password is locked (8006): a Business Manager resets it in M-Pesa's portal.",
            nameof(ProviderRefusal.Credentials) => $"M-Pesa refuses the consumer key. {order.ResultText}",
            nameof(ProviderRefusal.Unavailable) or nameof(ProviderRefusal.Throttled) => $"M-Pesa was not reached; try again. {order.ResultText}",
            _ => $"M-Pesa refuses it ({order.ResultCode}). {order.ResultText}",
        },
        _ => "M-Pesa is asked. It answers within seconds, as a rule.",
    };

    public static string Of(PullRegistration registration) => registration switch
    {
        PullRegistration.Registered { Before: true } => "It was switched on before. What comes is pulled every 15 minutes.",
        PullRegistration.Registered => "Switched on. What comes is pulled every 15 minutes.",
        PullRegistration.Refused refused => $"M-Pesa refuses it. {refused.Message}",
        PullRegistration.NotReached lost => $"M-Pesa could not be asked; try again. {lost.Reason}",
        _ => throw new InvalidOperationException($"No such answer: {registration.GetType().Name}."),
    };

    public static string Of(PullReport report)
        => report.Failure is { } failure ? $"M-Pesa gave no statement. {failure}"
            : report.Unread > 0 ? $"{Figures.Count(report.Unread, "row", "rows")} could not be read: see Money, Reconciliation."
            : report.New == 0 ? "Nothing new: all that M-Pesa names is known."
            : $"{Figures.Count(report.New, "new line", "new lines")}, {report.Booked} of them payments that nobody had told of.";
}
