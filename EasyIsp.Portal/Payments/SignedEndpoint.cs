using EasyIsp.Core.Payments;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using EasyIsp.Portal.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace EasyIsp.Portal.Payments;

/// <summary>
/// Where providers report that sign what they tell. The path finds the account, the signature over the raw body proves the
/// sender: no list of source addresses guards it. What is signed is stored, and only then answered with 200: until then the
/// provider tells it again.
/// </summary>
internal sealed partial class SignedEndpoint(CallbackAddresses addresses, PortalMetrics metrics, ILogger<SignedEndpoint> logger)
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost(
        CallbackKeys.SignedPath + "/{accountKey}",
        (HttpContext http, string accountKey, SignedEndpoint signed) => signed.TakeAsync(http, accountKey))
        .WithMetadata(new SkipStatusCodePagesAttribute());

    private async Task<IResult> TakeAsync(HttpContext http, string accountKey)
    {
        try
        {
            if (await http.Request.BodyAsync(ProviderMessage.MaxBodyBytes) is not { } body)
                return Answer("too-large", StatusCodes.Status413PayloadTooLarge);
            if (await addresses.FindSignedAsync(accountKey, http.RequestAborted) is not { } owner)
                return Answer("unknown", StatusCodes.Status404NotFound);

            http.RequestServices.GetRequiredService<TenantContext>().Use(owner.TenantId);
            // Not to be cancelled: a provider that hangs up must not undo what it has told us.
            if (await http.RequestServices.GetRequiredService<CallbackInbox>().StoreSignedAsync(
                owner, name => http.Request.Headers[name], http.Connection.RemoteIpAddress, body, CancellationToken.None))
            {
                return Answer("stored", StatusCodes.Status200OK);
            }

            LogForged(http.Connection.RemoteIpAddress, owner.PaymentAccountId);
            return Answer("forged", StatusCodes.Status401Unauthorized);
        }
        catch (Exception exception) when (DatabaseAway.Explains(exception))
        {
            LogNotStored(exception.GetType().Name);
            return Answer("unavailable", StatusCodes.Status503ServiceUnavailable);
        }
    }

    private IResult Answer(string outcome, int status)
    {
        metrics.Callback(outcome);
        return Results.StatusCode(status);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What came from {Source} for account {AccountId} is not signed with its key; nothing of it is kept")]
    private partial void LogForged(System.Net.IPAddress? source, Guid accountId);

    [LoggerMessage(Level = LogLevel.Error, Message = "A signed message could not be stored ({Reason}); its sender was told so")]
    private partial void LogNotStored(string reason);
}
