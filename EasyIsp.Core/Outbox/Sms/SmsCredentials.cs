namespace EasyIsp.Core.Outbox.Sms;

/// <summary>A tenant's account at a gateway of the "classic partner-ID" platform. Printing it shows no secret.</summary>
/// <param name="BaseUrl">See <see cref="PartnerIdHosts"/>; white labels of the same platform have their own.</param>
/// <param name="SenderId">Case-sensitive, and approved for this account.</param>
public sealed record SmsCredentials(Uri BaseUrl, string ApiKey, string PartnerId, string SenderId)
{
    public override string ToString() => $"{SenderId} at {BaseUrl.Host}";
}

/// <summary>One platform, sold under three names.</summary>
public static class PartnerIdHosts
{
    public static readonly Uri TextSms = new("https://sms.textsms.co.ke");
    public static readonly Uri Celcom = new("https://isms.celcomafrica.com");
    public static readonly Uri Advanta = new("https://quicksms.advantasms.com");
}
