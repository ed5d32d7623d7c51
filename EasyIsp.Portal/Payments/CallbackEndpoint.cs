using System.Buffers;
using System.Text;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Tenancy;
using EasyIsp.Portal.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace EasyIsp.Portal.Payments;

/// <summary>
/// Where payment providers report. The path is a secret (<see cref="CallbackKeys"/>), so neither it nor the body is
/// logged. What came is stored before it is read; the provider hears "accepted" only then, and nothing else, since it
/// tells once or many times whatever the answer is (mpesa.md, 3.6).
/// </summary>
internal sealed partial class CallbackEndpoint(
    CallbackAddresses addresses, PortalMetrics metrics, ILogger<CallbackEndpoint> logger)
{
    private static readonly byte[] Accepted = Encoding.UTF8.GetBytes("""{"ResultCode":0,"ResultDesc":"Accepted"}""");

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints
        .MapPost("/pay/cb/{accountKey}/{attemptKey}", (HttpContext http, string accountKey, string attemptKey, CallbackEndpoint callbacks)
            => callbacks.TakeAsync(http, accountKey, attemptKey))
        .WithMetadata(new SkipStatusCodePagesAttribute());

    private async Task<IResult> TakeAsync(HttpContext http, string accountKey, string attemptKey)
    {
        try
        {
            if (await BodyAsync(http.Request) is not { } body)
                return Refuse("too-large", StatusCodes.Status413PayloadTooLarge);
            if (await addresses.FindAsync(accountKey, http.RequestAborted) is not { } owner)
                return Refuse("unknown", StatusCodes.Status404NotFound);

            // A provider that hangs up must not undo what it has told us.
            http.RequestServices.GetRequiredService<TenantContext>().Use(owner.TenantId);
            await http.RequestServices.GetRequiredService<CallbackInbox>()
                .StoreAsync(owner, accountKey, attemptKey, http.Connection.RemoteIpAddress, body, CancellationToken.None);
            metrics.Callback("stored");
            return Results.Bytes(Accepted, "application/json");
        }
        catch (Exception exception) when (DatabaseAway.Explains(exception))
        {
            LogNotStored(exception.GetType().Name);
            return Refuse("unavailable", StatusCodes.Status503ServiceUnavailable);
        }
    }

    private IResult Refuse(string outcome, int status)
    {
        metrics.Callback(outcome);
        return Results.StatusCode(status);
    }

    /// <returns>Null when it is larger than what is kept.</returns>
    private static async Task<byte[]?> BodyAsync(HttpRequest request)
    {
        if (request.ContentLength > ProviderMessage.MaxBodyBytes)
            return null;

        var buffer = ArrayPool<byte>.Shared.Rent(ProviderMessage.MaxBodyBytes + 1);
        try
        {
            var length = await request.Body.ReadAtLeastAsync(
                buffer.AsMemory(0, ProviderMessage.MaxBodyBytes + 1),
                ProviderMessage.MaxBodyBytes + 1,
                throwOnEndOfStream: false,
                request.HttpContext.RequestAborted);
            return length > ProviderMessage.MaxBodyBytes ? null : buffer[..length];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A callback could not be stored ({Reason}); its sender was told so")]
    private partial void LogNotStored(string reason);
}
