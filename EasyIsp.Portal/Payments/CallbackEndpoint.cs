using System.Text;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Persistence;
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
    CallbackAddresses addresses, CallbackSources sources, PortalMetrics metrics, ILogger<CallbackEndpoint> logger)
{
    private static readonly byte[] Accepted = Encoding.UTF8.GetBytes("""{"ResultCode":0,"ResultDesc":"Accepted"}""");

    /// <summary>Answers of a validation (mpesa.md, 4.2); the provider gives up after five to eight seconds.</summary>
    private static readonly TimeSpan ValidationBudget = TimeSpan.FromSeconds(3);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var pay = endpoints.MapGroup("/pay").WithMetadata(new SkipStatusCodePagesAttribute());
        pay.AddEndpointFilter((call, next) => call.HttpContext.RequestServices.GetRequiredService<CallbackEndpoint>().GuardAsync(call, next));
        pay.MapPost("/cb/{accountKey}/{attemptKey}", (HttpContext http, string accountKey, string attemptKey, CallbackEndpoint callbacks)
            => callbacks.TakeAsync(http, accountKey, (owner, body) => Inbox(http).StoreAsync(
                owner, accountKey, attemptKey, http.Connection.RemoteIpAddress, body, CancellationToken.None)));
        pay.MapPost("/in/{accountKey}/{key}", (HttpContext http, string accountKey, string key, CallbackEndpoint callbacks)
            => CallbackKeys.IsRegistered(accountKey, key, RegisteredAddress.Confirmation)
                ? callbacks.TakeAsync(http, accountKey, (owner, body) => Inbox(http).StoreConfirmationAsync(
                    owner, http.Connection.RemoteIpAddress, body, CancellationToken.None))
                : callbacks.UnknownAsync());
        pay.MapPost("/res/{accountKey}/{orderKey}", (HttpContext http, string accountKey, string orderKey, CallbackEndpoint callbacks)
            => callbacks.TakeAsync(http, accountKey, (owner, body) => Inbox(http).StoreResultAsync(
                owner, accountKey, orderKey, ProviderMessageKind.Result, http.Connection.RemoteIpAddress, body, CancellationToken.None)));
        pay.MapPost("/out/{accountKey}/{orderKey}", (HttpContext http, string accountKey, string orderKey, CallbackEndpoint callbacks)
            => callbacks.TakeAsync(http, accountKey, (owner, body) => Inbox(http).StoreResultAsync(
                owner, accountKey, orderKey, ProviderMessageKind.TimedOut, http.Connection.RemoteIpAddress, body, CancellationToken.None)));
        pay.MapPost("/ask/{accountKey}/{key}", (HttpContext http, string accountKey, string key, CallbackEndpoint callbacks)
            => CallbackKeys.IsRegistered(accountKey, key, RegisteredAddress.Validation)
                ? callbacks.AnswerAsync(http, accountKey)
                : callbacks.UnknownAsync());
    }

    /// <param name="storeAsync">Not to be cancelled: a provider that hangs up must not undo what it has told us.</param>
    private async Task<IResult> TakeAsync(HttpContext http, string accountKey, Func<CallbackOwner, byte[], Task> storeAsync)
    {
        try
        {
            if (await http.Request.BodyAsync(ProviderMessage.MaxBodyBytes) is not { } body)
                return Refuse("too-large", StatusCodes.Status413PayloadTooLarge);
            if (await addresses.FindAsync(accountKey, http.RequestAborted) is not { } owner)
                return Refuse("unknown", StatusCodes.Status404NotFound);

            http.RequestServices.GetRequiredService<TenantContext>().Use(owner.TenantId);
            await storeAsync(owner, body);
            metrics.Callback("stored");
            return Results.Bytes(Accepted, "application/json");
        }
        catch (Exception exception) when (DatabaseAway.Explains(exception))
        {
            LogNotStored(exception.GetType().Name);
            return Refuse("unavailable", StatusCodes.Status503ServiceUnavailable);
        }
    }

    private async Task<IResult> AnswerAsync(HttpContext http, string accountKey)
    {
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        budget.CancelAfter(ValidationBudget);
        try
        {
            if (await http.Request.BodyAsync(ProviderMessage.MaxBodyBytes) is not { } body)
                return Refuse("too-large", StatusCodes.Status413PayloadTooLarge);
            if (await addresses.FindAsync(accountKey, budget.Token) is not { } owner)
                return Refuse("unknown", StatusCodes.Status404NotFound);

            http.RequestServices.GetRequiredService<TenantContext>().Use(owner.TenantId);
            var answer = await http.RequestServices.GetRequiredService<DepositValidation>()
                .AnswerAsync(owner, http.Connection.RemoteIpAddress, body, budget.Token);
            metrics.Callback(answer == ValidationAnswer.Accept ? "let-through" : "turned-away");
            return Results.Bytes(BodyOf(answer), "application/json");
        }
        catch (Exception exception) when (!http.RequestAborted.IsCancellationRequested
            && (exception is OperationCanceledException || DatabaseAway.Explains(exception)))
        {
            // Money that came can be placed; money that was refused may never come.
            LogNotJudged(exception.GetType().Name);
            metrics.Callback("let-through-unjudged");
            return Results.Bytes(BodyOf(ValidationAnswer.Accept), "application/json");
        }
    }

    private ValueTask<object?> GuardAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var source = call.HttpContext.Connection.RemoteIpAddress;
        if (sources.Allow(source))
            return next(call);

        LogStranger(source);
        return ValueTask.FromResult<object?>(Refuse("wrong-source", StatusCodes.Status403Forbidden));
    }

    private static byte[] BodyOf(ValidationAnswer answer) => answer switch
    {
        ValidationAnswer.UnknownAccount => """{"ResultCode":"C2B00012","ResultDesc":"Rejected"}"""u8.ToArray(),
        ValidationAnswer.WrongAmount => """{"ResultCode":"C2B00013","ResultDesc":"Rejected"}"""u8.ToArray(),
        _ => """{"ResultCode":"0","ResultDesc":"Accepted"}"""u8.ToArray(),
    };

    private static CallbackInbox Inbox(HttpContext http) => http.RequestServices.GetRequiredService<CallbackInbox>();

    private Task<IResult> UnknownAsync() => Task.FromResult(Refuse("unknown", StatusCodes.Status404NotFound));

    private IResult Refuse(string outcome, int status)
    {
        metrics.Callback(outcome);
        return Results.StatusCode(status);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A callback could not be stored ({Reason}); its sender was told so")]
    private partial void LogNotStored(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A callback came from {Source}, which is not among Portal:CallbackSources")]
    private partial void LogStranger(System.Net.IPAddress? source);

    [LoggerMessage(Level = LogLevel.Error, Message = "A payment was let through unjudged ({Reason})")]
    private partial void LogNotJudged(string reason);
}
