using EasyIsp.Core.Payments.Paystack;

namespace EasyIsp.Web.Settings.Paystack;

/// <summary>What the fields of the form for a Paystack account hold.</summary>
public sealed class PaystackInput
{
    public string? Name { get; set; } = "Paystack";
    public PaystackHost Host { get; set; }
    public string? OwnAddress { get; set; }
    public string? SecretKey { get; set; }
    public string? ReceiptsTo { get; set; }

    public NewPaystackAccount ToAccount() => new(
        Trimmed(Name), Host == PaystackHost.OwnAddress ? Trimmed(OwnAddress) : PaystackHosts.Production.AbsoluteUri, Trimmed(SecretKey), Trimmed(ReceiptsTo));

    private static string Trimmed(string? text) => text?.Trim() ?? "";
}

/// <summary>Where the key is sent.</summary>
public enum PaystackHost
{
    Paystack,

    /// <summary>To something that speaks as Paystack does.</summary>
    OwnAddress,
}
