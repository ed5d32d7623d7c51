namespace EasyIsp.Core.Payments.Daraja;

/// <summary>Safaricom's two environments (mpesa.md, 1).</summary>
public static class DarajaHosts
{
    public static readonly Uri Production = new("https://api.safaricom.co.ke");
    public static readonly Uri Sandbox = new("https://sandbox.safaricom.co.ke");
}
