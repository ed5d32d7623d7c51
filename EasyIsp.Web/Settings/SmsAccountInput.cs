using EasyIsp.Core.Outbox;
using EasyIsp.Core.Outbox.Sms;

namespace EasyIsp.Web.Settings;

/// <summary>What the fields of the form for an SMS account hold.</summary>
public sealed class SmsAccountInput
{
    public SmsGatewayChoice Gateway { get; set; }
    public string? OwnAddress { get; set; }
    public string? PartnerId { get; set; }
    public string? ApiKey { get; set; }
    public string? SenderId { get; set; }

    public NewSmsAccount ToAccount() => new(
        Gateway switch
        {
            SmsGatewayChoice.TextSms => PartnerIdHosts.TextSms.AbsoluteUri,
            SmsGatewayChoice.Celcom => PartnerIdHosts.Celcom.AbsoluteUri,
            SmsGatewayChoice.Advanta => PartnerIdHosts.Advanta.AbsoluteUri,
            _ => Trimmed(OwnAddress),
        },
        Trimmed(PartnerId),
        Trimmed(ApiKey),
        Trimmed(SenderId));

    private static string Trimmed(string? text) => text?.Trim() ?? "";
}

public enum SmsGatewayChoice
{
    TextSms,
    Celcom,
    Advanta,
    Other,
}
