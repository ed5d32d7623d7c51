using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Paystack;
using EasyIsp.Core.Payments.Providers;

namespace EasyIsp.Web.Settings.Paystack;

/// <summary>What is said of Paystack accounts, in the words of the screens.</summary>
internal static class PaystackWords
{
    public static string Of(CredentialsCheck check) => check switch
    {
        CredentialsCheck.Works => "Paystack takes the key.",
        CredentialsCheck.Refused refused => $"Paystack refuses the key. {refused.Message}",
        CredentialsCheck.NotReached lost => $"Paystack could not be asked; try again. {lost.Reason}",
        _ => throw new InvalidOperationException($"No such answer: {check.GetType().Name}."),
    };

    public static string Of(PaystackFault fault) => fault switch
    {
        PaystackFault.Name => $"A name of up to {PaymentAccountRules.MaxNameLength} letters is needed.",
        PaystackFault.BaseUrl => "An address as https://pay.example.com: no user name, nothing after a question mark.",
        PaystackFault.SecretKey => "Copy the secret key from Paystack's dashboard; it begins with sk_live_ or sk_test_.",
        _ => "An e-mail address of your company, as billing@example.com.",
    };

    public static string KeyOf(bool isTest) => isTest ? "test key" : "live key";

    public static string Of(OpenPaystackOutcome outcome) => outcome switch
    {
        OpenPaystackOutcome.KeyNotTaken refused => Of(refused.Check),
        OpenPaystackOutcome.OtherCurrency other => $"Paystack's M-Pesa prompts are in Kenyan shillings; your company counts in {other.Currency}.",
        _ => "Look at what is typed above.",
    };
}
