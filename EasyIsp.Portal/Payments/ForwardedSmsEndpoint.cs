using EasyIsp.Core.Limits;
using EasyIsp.Core.Payments.Sms;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using EasyIsp.Portal.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace EasyIsp.Portal.Payments;

/// <summary>
/// Where phones pass SMS about money on (docs/payments-sms.md). The path names the phone and is a secret where the phone does
/// not sign, so neither it nor the body is logged.
/// </summary>
internal sealed partial class ForwardedSmsEndpoint(
    ForwardingAddresses addresses, PortalLimits limits, PortalMetrics metrics, ILogger<ForwardedSmsEndpoint> logger)
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost(
        ForwardingAddress.Path + "/{addressKey}",
        (HttpContext http, string addressKey, ForwardedSmsEndpoint forwarded) => forwarded.TakeAsync(http, addressKey))
        .WithMetadata(new SkipStatusCodePagesAttribute());

    private async Task<IResult> TakeAsync(HttpContext http, string addressKey)
    {
        try
        {
            if (await limits.RefuseAsync(http, LimitRules.ForwardByAddress.Of(http.Connection.RemoteIpAddress)) is not null)
                return Refuse("throttled", StatusCodes.Status429TooManyRequests);
            if (await http.Request.BodyAsync(MoneySms.MaxBodyBytes) is not { } body)
                return Refuse("too-large", StatusCodes.Status413PayloadTooLarge);
            if (await addresses.FindAsync(addressKey, http.RequestAborted) is not { } caller)
                return Refuse("unknown", StatusCodes.Status404NotFound);

            http.RequestServices.GetRequiredService<TenantContext>().Use(caller.TenantId);
            if (await limits.RefuseAsync(http, LimitRules.ForwardByPhone.Of(caller.PhoneId)) is not null)
                return Refuse("throttled", StatusCodes.Status429TooManyRequests);

            // Not to be cancelled: a phone that hangs up must not undo what it has told us.
            var outcome = await http.RequestServices.GetRequiredService<ForwardingDoor>()
                .TakeAsync(caller, SignatureOf(http.Request), http.Connection.RemoteIpAddress, body, CancellationToken.None);
            return Answer(outcome);
        }
        catch (Exception exception) when (DatabaseAway.Explains(exception))
        {
            LogNotStored(exception.GetType().Name);
            return Refuse("unavailable", StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static SmsSignature? SignatureOf(HttpRequest request)
        => Header(request, SmsSignature.SignatureHeader) is { } signature && Header(request, SmsSignature.TimestampHeader) is { } timestamp
            ? new SmsSignature(timestamp, Header(request, SmsSignature.NonceHeader), signature)
            : null;

    private static string? Header(HttpRequest request, string name)
        => request.Headers.TryGetValue(name, out var values) && values is [{ Length: > 0 } only] ? only : null;

    /// <summary>A phone tries again what is not 2xx; what it has said already it need not say again.</summary>
    private IResult Answer(ForwardOutcome outcome) => outcome switch
    {
        ForwardOutcome.Stored => Taken("stored"),
        ForwardOutcome.Known => Taken("known"),
        ForwardOutcome.NotSigned => Refuse("not-signed", StatusCodes.Status401Unauthorized),
        ForwardOutcome.Forged => Refuse("wrong-signature", StatusCodes.Status401Unauthorized),
        ForwardOutcome.ClockApart => Refuse("clock-apart", StatusCodes.Status401Unauthorized),
        ForwardOutcome.Replayed => Refuse("replayed", StatusCodes.Status409Conflict),
        _ => Refuse("revoked", StatusCodes.Status410Gone),
    };

    private IResult Taken(string status)
    {
        metrics.ForwardedSms(status);
        return Results.Json(new ForwardingAnswer(status));
    }

    private IResult Refuse(string status, int code)
    {
        metrics.ForwardedSms(status);
        return Results.Json(new ForwardingAnswer(status), statusCode: code);
    }

    private sealed record ForwardingAnswer(string Status);

    [LoggerMessage(Level = LogLevel.Error, Message = "A forwarded SMS could not be stored ({Reason}); the phone was told so")]
    private partial void LogNotStored(string reason);
}
