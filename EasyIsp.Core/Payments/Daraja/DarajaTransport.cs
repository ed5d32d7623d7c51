using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Payments.Daraja;

/// <summary>Calls with a token; a refused token is replaced once and the call made once more.</summary>
internal sealed class DarajaTransport(IHttpClientFactory http, DarajaTokens tokens)
{
    private static readonly JsonSerializerOptions AsNamed = new();

    public Task<DarajaReply> PostAsync(
        DarajaCredentials credentials, string path, object body, CancellationToken cancellationToken)
        => CallAsync(credentials, HttpMethod.Post, path, body, cancellationToken);

    /// <param name="verb">GET too carries its body: so the pull query is documented (mpesa.md, 10).</param>
    public async Task<DarajaReply> CallAsync(
        DarajaCredentials credentials, HttpMethod verb, string path, object body, CancellationToken cancellationToken)
    {
        try
        {
            var token = await tokens.GetAsync(credentials, cancellationToken);
            var reply = await SendAsync(credentials, verb, path, body, token, cancellationToken);
            if (reply is not DarajaReply.Answered { RefusesToken: true })
                return reply;

            await tokens.DropAsync(credentials, token, cancellationToken);
            token = await tokens.GetAsync(credentials, cancellationToken);
            return await SendAsync(credentials, verb, path, body, token, cancellationToken);
        }
        catch (DarajaTokenException exception)
        {
            return new DarajaReply.NotSent(exception.Message, exception.CredentialsRefused);
        }
    }

    private async Task<DarajaReply> SendAsync(
        DarajaCredentials credentials, HttpMethod verb, string path, object body, AccessToken token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(verb, DarajaPaths.Under(credentials.BaseUrl, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        request.Content = JsonContent.Create(body, body.GetType(), options: AsNamed);
        try
        {
            using var client = http.CreateClient(DarajaFeature.HttpClientName);
            using var response = await client.SendAsync(request, cancellationToken);
            return new DarajaReply.Answered(await JsonAnswer.ReadAsync(response, cancellationToken));
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError
            is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError)
        {
            return new DarajaReply.NotSent($"Daraja was not reached: {exception.HttpRequestError}", CredentialsRefused: false);
        }
        catch (HttpRequestException exception)
        {
            return new DarajaReply.Lost($"The connection broke: {exception.HttpRequestError}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new DarajaReply.Lost("No answer in time");
        }
    }
}
