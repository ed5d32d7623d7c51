using System.Net;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Payments.Daraja;

/// <summary>What the picture asks for (mpesa.md, 12). Paybill or till follow from the credentials.</summary>
/// <param name="Reference">The account that the payer would type.</param>
/// <param name="Amount">Whole shillings.</param>
public sealed record QrOrder(string MerchantName, string Reference, decimal Amount)
{
    /// <summary>Of the square, in pixels.</summary>
    public const int Size = 300;
}

public abstract record QrResult
{
    private QrResult()
    {
    }

    /// <param name="Png">The picture.</param>
    public sealed record Made(byte[] Png) : QrResult;

    public sealed record NotMade(string Reason) : QrResult;

    internal static QrResult Of(DarajaReply reply)
    {
        if (reply is not DarajaReply.Answered { ErrorCode: "", Answer: { Status: HttpStatusCode.OK, Body: { } body } })
            return new NotMade(reply.ToString() ?? "");

        var text = body.LooseText("QRCode") ?? "";
        var png = new byte[text.Length];
        return text.Length > 0 && Convert.TryFromBase64String(text, png, out var length)
            ? new Made(png[..length])
            : new NotMade("An answer without a picture");
    }
}
