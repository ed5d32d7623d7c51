using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EasyIsp.Emulators.Daraja;

/// <summary>The paths of section 1.1, as strict as sections 2 and 3 describe them.</summary>
public static class DarajaEndpoints
{
    private const string TokenPath = "/oauth/v1/generate";
    private const string PushPath = "/mpesa/stkpush/v1/processrequest";
    private const string QueryPath = "/mpesa/stkpushquery/v1/query";

    public static IServiceCollection AddDarajaEmulator(this IServiceCollection services, DarajaEmulatorOptions options)
    {
        services.AddHttpClient(DarajaCallbacks.HttpClientName, client => client.Timeout = TimeSpan.FromSeconds(30))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { MaxConnectionsPerServer = 64 })
            .RemoveAllLoggers();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<DarajaCallbacks>();
        return services.AddSingleton<DarajaEmulator>().AddSingleton<DarajaC2b>().AddSingleton<DarajaCertificate>().AddSingleton<DarajaOrders>();
    }

    public static IEndpointRouteBuilder MapDarajaEmulator(this IEndpointRouteBuilder routes, string prefix = "/daraja")
    {
        var daraja = routes.MapGroup(prefix);
        daraja.MapGet(TokenPath, GenerateAsync);
        daraja.MapPost(PushPath, PushAsync);
        daraja.MapPost(QueryPath, QueryAsync);
        daraja.MapC2b();
        daraja.MapOrders();
        daraja.MapPulls();
        daraja.MapDarajaControl();
        daraja.Map("/{**path}", Elsewhere);
        return routes;
    }

    private static async Task<IResult> GenerateAsync(HttpContext http, DarajaEmulator emulator, TimeProvider clock)
    {
        var options = emulator.Options;
        if (await DarajaReplies.FaultAsync(http, options.TokenFault, clock) is { } fault)
            return fault;
        if (BasicPair(http.Request) is not { } pair)
            return DarajaReplies.Error(DarajaError.WrongAuthType);
        if (http.Request.Query["grant_type"] != "client_credentials")
            return DarajaReplies.Error(DarajaError.WrongGrantType);
        if (!options.Merchants.Any(m => m.ConsumerKey == pair.Key && m.ConsumerSecret == pair.Secret))
            return Results.StatusCode(options.WrongPairStatus);

        // Section 2: "3599" for a life of 3600 seconds.
        var seconds = ((int)options.TokenLife.TotalSeconds - 1).ToString(CultureInfo.InvariantCulture);
        return DarajaReplies.Json(200, new()
        {
            ["access_token"] = emulator.Tokens.Issue(pair.Key),
            ["expires_in"] = DarajaCallbacks.CodeNode(seconds, asString: !options.ExpiresInAsNumber),
        });
    }

    private static async Task<IResult> PushAsync(HttpContext http, DarajaEmulator emulator, TimeProvider clock)
    {
        var options = emulator.Options;
        emulator.CountPush();
        if (await DarajaReplies.FaultAsync(http, options.PushFault, clock) is { } fault)
            return fault;
        if (TokenError(http.Request, emulator, out var consumerKey) is { } tokenError)
            return DarajaReplies.Error(tokenError);
        if (await ReadAsync(http.Request) is not { } body)
            return DarajaReplies.Error(DarajaError.MalformedPayload);

        var (request, error) = StkRequest.Read(body, options, clock.GetUtcNow());
        if (request is null)
            return DarajaReplies.Error(error!);
        if (MerchantError(body, options, consumerKey, out var merchant) is { } merchantError)
            return DarajaReplies.Error(merchantError);

        var (prompt, refused) = emulator.Submit(request, merchant!);
        if (prompt is null)
            return DarajaReplies.Error(refused!);
        if (emulator.AnswerDelay?.Invoke(prompt) is { } delay && delay > TimeSpan.Zero)
            await Task.Delay(delay, clock, http.RequestAborted);
        return prompt.Scenario.HangsFor is { } hang
            ? await DarajaReplies.ResetAfterAsync(http, hang, clock)
            : DarajaReplies.Accepted(prompt);
    }

    private static async Task<IResult> QueryAsync(HttpContext http, DarajaEmulator emulator, TimeProvider clock)
    {
        var options = emulator.Options;
        if (await DarajaReplies.FaultAsync(http, options.QueryFault, clock) is { } fault)
            return fault;
        if (TokenError(http.Request, emulator, out var consumerKey) is { } tokenError)
            return DarajaReplies.Error(tokenError);
        if (await ReadAsync(http.Request) is not { } body)
            return DarajaReplies.Error(DarajaError.MalformedPayload);
        if (StkRequest.HeaderError(body, options, clock.GetUtcNow()) is { } headerError)
            return DarajaReplies.Error(headerError);
        if (StkRequest.StringOf(body, "CheckoutRequestID") is not { Length: > 0 } id)
            return DarajaReplies.Error(DarajaError.Invalid("CheckoutRequestID"));
        if (MerchantError(body, options, consumerKey, out var merchant) is { } merchantError)
            return DarajaReplies.Error(merchantError);

        return emulator.Find(id) is { } prompt && prompt.Merchant.ShortCode == merchant!.ShortCode
            ? DarajaReplies.StateOf(prompt, options)
            : DarajaReplies.Error(DarajaError.NoTransaction);
    }

    /// <summary>No such path, or one of ours with another verb.</summary>
    private static IResult Elsewhere(string? path, HttpContext http) => DarajaReplies.Error(
        $"/{path}" is TokenPath or PushPath or QueryPath || C2bEndpoints.Has($"/{path}") || OrderEndpoints.Has($"/{path}") || PullEndpoints.Has($"/{path}")
            ? DarajaError.WrongVerb(http.Request.Method) : DarajaError.NotFound);

    internal static DarajaError? TokenError(HttpRequest request, DarajaEmulator emulator, out string consumerKey)
    {
        consumerKey = "";
        const string scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(scheme, StringComparison.Ordinal) || header.Length == scheme.Length)
            return DarajaError.NoAuthorization;

        var token = header[scheme.Length..];
        consumerKey = emulator.Tokens.OwnerOf(token) ?? "";
        return consumerKey.Length > 0 ? null : DarajaError.DeadToken(emulator.Options.DeadTokenError, token);
    }

    private static DarajaError? MerchantError(
        JsonElement body, DarajaEmulatorOptions options, string consumerKey, out DarajaMerchant? merchant)
    {
        var shortCode = StkRequest.TextOf(body, "BusinessShortCode");
        merchant = options.Merchants.FirstOrDefault(m =>
            m.ShortCode == shortCode && (!options.TokenOpensOnlyItsShortCodes || m.ConsumerKey == consumerKey));
        if (merchant is null)
            return DarajaError.NoMerchant;
        return StkRequest.PasswordFits(body, merchant) ? null : DarajaError.WrongPassword;
    }

    /// <returns>Null when it is no JSON object or does not say that it is one.</returns>
    internal static async Task<JsonElement?> ReadAsync(HttpRequest request)
    {
        if (!request.HasJsonContentType())
            return null;
        try
        {
            var body = await JsonSerializer.DeserializeAsync<JsonElement>(
                request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return body.ValueKind == JsonValueKind.Object ? body : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static (string Key, string Secret)? BasicPair(HttpRequest request)
    {
        const string scheme = "Basic ";
        var header = request.Headers.Authorization.ToString();
        var buffer = new byte[header.Length];
        if (!header.StartsWith(scheme, StringComparison.Ordinal)
            || !Convert.TryFromBase64String(header[scheme.Length..], buffer, out var length))
        {
            return null;
        }

        var pair = Encoding.UTF8.GetString(buffer, 0, length);
        return pair.Split(':', 2) is [var key, var secret] ? (key, secret) : null;
    }
}
