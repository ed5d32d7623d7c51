using EasyIsp.Core.Payments.Paystack;

namespace EasyIsp.Web.Settings.Paystack;

/// <summary>What the fields of the form for a Paystack account hold.</summary>
public sealed class PaystackInput
{
    public string? Name { get; set; } = "Paystack";
    public bool IsElsewhere { get; set; }
    public string? OwnAddress { get; set; }
    public string? SecretKey { get; set; }
    public string? ReceiptsTo { get; set; }

    public NewPaystackAccount ToAccount() => new(
        Trimmed(Name), IsElsewhere ? Trimmed(OwnAddress) : PaystackHosts.Production.AbsoluteUri, Trimmed(SecretKey), Trimmed(ReceiptsTo));

    private static string Trimmed(string? text) => text?.Trim() ?? "";
}
