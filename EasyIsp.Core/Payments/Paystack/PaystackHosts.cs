namespace EasyIsp.Core.Payments.Paystack;

/// <summary>Paystack's one environment: the key says whether money is real.</summary>
public static class PaystackHosts
{
    public static readonly Uri Production = new("https://api.paystack.co");
}
