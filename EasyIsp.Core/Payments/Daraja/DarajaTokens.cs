using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using EasyIsp.Core.Shared;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Payments.Daraja;

/// <summary>The OAuth tokens of all accounts: one per environment and consumer key.</summary>
internal sealed partial class DarajaTokens(
    ITokenStore store, IHttpClientFactory http, TimeProvider clock, ILogger<DarajaTokens> logger)
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(300);

    /// <exception cref="DarajaTokenException">Daraja gave none.</exception>
    public Task<AccessToken> GetAsync(DarajaCredentials credentials, CancellationToken cancellationToken)
        => store.GetAsync(KeyOf(credentials), () => FetchAsync(credentials), cancellationToken);

    /// <summary>To be called when Daraja refused <paramref name="token"/>; the next call fetches another.</summary>
    public Task DropAsync(DarajaCredentials credentials, AccessToken token, CancellationToken cancellationToken)
        => store.DropAsync(KeyOf(credentials), token, cancellationToken);

    /// <summary>Fetches a token in any case. All who share the store use it from now on: the one before may be dead.</summary>
    /// <exception cref="DarajaTokenException">Daraja gave none.</exception>
    public async Task RenewAsync(DarajaCredentials credentials, CancellationToken cancellationToken)
    {
        var isNew = false;
        var token = await store.GetAsync(KeyOf(credentials), FetchNewAsync, cancellationToken);
        if (isNew)
            return;

        await DropAsync(credentials, token, cancellationToken);
        await GetAsync(credentials, cancellationToken);

        Task<AccessToken> FetchNewAsync()
        {
            isNew = true;
            return FetchAsync(credentials);
        }
    }

    /// <summary>The secret is in it as well: who knows another's consumer key alone gets nothing, and knocks nobody out.</summary>
    internal static string KeyOf(DarajaCredentials credentials)
        => Convert.ToHexStringLower(SHA256.HashData(
            Encoding.UTF8.GetBytes($"{credentials.ConsumerKey}\n{credentials.ConsumerSecret}\n{credentials.BaseUrl.AbsoluteUri.TrimEnd('/')}")));

    private async Task<AccessToken> FetchAsync(DarajaCredentials credentials)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, DarajaPaths.Under(credentials.BaseUrl, DarajaPaths.Token));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(
            Encoding.UTF8.GetBytes($"{credentials.ConsumerKey}:{credentials.ConsumerSecret}")));

        var answer = await SendAsync(request);
        if (answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            throw new DarajaTokenException($"Consumer key and secret were refused (HTTP {(int)answer.Status}).", credentialsRefused: true);
        if (answer.Status != HttpStatusCode.OK
            || answer.Text("access_token") is not { Length: > 0 } value
            || Life(answer) is not { } life)
        {
            throw new DarajaTokenException($"No token: {answer}.", credentialsRefused: false);
        }

        // A token that lives shorter than the margin is used for half its life rather than fetched for every call.
        var token = new AccessToken(value, clock.GetUtcNow() + (life > 2 * Margin ? life - Margin : life / 2));
        LogFetched(credentials, token.RenewAt);
        return token;
    }

    private async Task<JsonAnswer> SendAsync(HttpRequestMessage request)
    {
        try
        {
            using var client = http.CreateClient(DarajaFeature.HttpClientName);
            using var response = await client.SendAsync(request);
            return await JsonAnswer.ReadAsync(response, CancellationToken.None);
        }
        catch (HttpRequestException exception)
        {
            throw new DarajaTokenException($"No token: {exception.HttpRequestError}.", credentialsRefused: false);
        }
        catch (OperationCanceledException)
        {
            throw new DarajaTokenException("No token: no answer in time.", credentialsRefused: false);
        }
    }

    private static TimeSpan? Life(JsonAnswer answer)
        => int.TryParse(answer.Text("expires_in"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(seconds)
            : null;

    [LoggerMessage(Level = LogLevel.Information, Message = "New Daraja token for {Account}, to renew at {RenewAt:u}")]
    private partial void LogFetched(DarajaCredentials account, DateTimeOffset renewAt);
}
