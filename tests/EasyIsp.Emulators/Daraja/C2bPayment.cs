using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace EasyIsp.Emulators.Daraja;

/// <summary>Money on its way to a short code, as validation and confirmation tell of it (section 4.2).</summary>
/// <param name="Account">Empty at a till.</param>
public sealed record C2bPayment(DarajaMerchant Merchant, string Receipt, decimal Amount, string Msisdn, string Account, DateTimeOffset At)
{
    private static readonly TimeSpan EastAfrica = TimeSpan.FromHours(3);

    /// <summary>Every value a string; the balance is told by the confirmation alone.</summary>
    public JsonObject Body(bool isValidation) => new()
    {
        ["TransactionType"] = Merchant.Till is null ? "Pay Bill" : "Customer Merchant Payment",
        ["TransID"] = Receipt,
        ["TransTime"] = At.ToOffset(EastAfrica).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture),
        ["TransAmount"] = Amount.ToString("0.00", CultureInfo.InvariantCulture),
        ["BusinessShortCode"] = Merchant.ShortCode,
        ["BillRefNumber"] = Account,
        ["InvoiceNumber"] = "",
        ["OrgAccountBalance"] = isValidation ? "" : "47810.00",
        ["ThirdPartyTransID"] = "",
        ["MSISDN"] = Merchant.C2bVersion == 1 ? Hash(Msisdn) : $"{Msisdn[..4]} ***** {Msisdn[^3..]}",
        ["FirstName"] = "JANE",
        ["MiddleName"] = "",
        ["LastName"] = "",
    };

    /// <summary>Section 4.4: SHA-256 of the ASCII digits, without plus or salt.</summary>
    private static string Hash(string msisdn) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(msisdn)));
}
