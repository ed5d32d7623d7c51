using EasyIsp.Core.Payments.Daraja;

namespace EasyIsp.Core.Payments;

/// <summary>What staff ask of a customer.</summary>
/// <param name="Id">Made by the form: sent twice, it asks once.</param>
/// <param name="Phone">E.164, of whoever is to pay: the customer, or somebody for him. Empty when it could not be read.</param>
/// <param name="Amount">In the tenant's currency; of a package its price counts.</param>
/// <param name="PackageId">Null fills the wallet.</param>
public sealed record CustomerPrompt(Guid Id, Guid CustomerId, string Phone, decimal Amount, Guid? PackageId = null)
{
    /// <summary>By which he is to pay; null by whichever the newest account has.</summary>
    public Rail? Rail { get; init; }

    /// <summary>Into which it is to come; null into the newest of the rail.</summary>
    public Guid? AccountId { get; init; }
}

/// <summary>A field that cannot stand as it is.</summary>
public enum CustomerPromptFault
{
    /// <summary>Not a Kenyan mobile number.</summary>
    Phone,

    /// <summary>Not whole shillings from 1 to 250,000 (mpesa.md, 3.1).</summary>
    Amount,
}

/// <summary>What a prompt must satisfy; the form asks the same questions as the use case.</summary>
public static class CustomerPromptRules
{
    public static IReadOnlyList<CustomerPromptFault> FaultsIn(CustomerPrompt prompt) => [.. Faults(prompt)];

    private static IEnumerable<CustomerPromptFault> Faults(CustomerPrompt prompt)
    {
        if (!MpesaPhone.IsOne(prompt.Phone))
            yield return CustomerPromptFault.Phone;
        if (!StkPushOrder.TakesAmount(prompt.Amount))
            yield return CustomerPromptFault.Amount;
    }
}
