using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Payments.Paystack;

/// <summary>One call to Paystack, made once: nothing here repeats what may have moved money.</summary>
internal sealed class PaystackTransport(IHttpClientFactory http)
{
    /// <summary>The named <see cref="HttpClient"/>.</summary>
    public const string HttpClientName = "paystack";

    private static readonly JsonSerializerOptions AsNamed = new();

    /// <param name="path">With its leading slash.</param>
    /// <param name="body">Null for a question.</param>
    public async Task<PaystackReply> CallAsync(
        PaystackCredentials credentials, HttpMethod verb, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(verb, new Uri(credentials.BaseUrl.AbsoluteUri.TrimEnd('/') + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credentials.SecretKey);
        if (body is not null)
            request.Content = JsonContent.Create(body, body.GetType(), options: AsNamed);
        try
        {
            using var client = http.CreateClient(HttpClientName);
            using var response = await client.SendAsync(request, cancellationToken);
            return new PaystackReply.Answered(await JsonAnswer.ReadAsync(response, cancellationToken));
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError
            is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError)
        {
            return new PaystackReply.NotSent($"Paystack was not reached: {exception.HttpRequestError}");
        }
        catch (HttpRequestException exception)
        {
            return new PaystackReply.Lost($"The connection broke: {exception.HttpRequestError}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new PaystackReply.Lost("No answer in time");
        }
    }
}

/// <summary>How one call to Paystack ended, before anyone asks what it means.</summary>
internal abstract partial record PaystackReply
{
    private PaystackReply() { }

    /// <summary>It never left.</summary>
    public sealed record NotSent(string Reason) : PaystackReply;

    /// <summary>It may have been carried out, but no answer came.</summary>
    public sealed record Lost(string Reason) : PaystackReply;

    public sealed partial record Answered(JsonAnswer Answer) : PaystackReply
    {
        private const int LongestMessage = 200;

        /// <summary>Paystack's own <c>status</c>: whether it did what was asked, whatever became of it then.</summary>
        public bool IsGood => Answer is { Status: System.Net.HttpStatusCode.OK, Body: { } body } && body.Member("status") is { ValueKind: JsonValueKind.True };

        /// <summary>Paystack's own <c>status</c> says no: it did not do what was asked.</summary>
        public bool IsRefusal => (int)Answer.Status is >= 400 and < 500 && Answer.Body?.Member("status") is { ValueKind: JsonValueKind.False };

        public JsonElement? Data => Answer.Body?.Member("data");

        public string Code => $"HTTP {(int)Answer.Status}";

        /// <summary>Without keys and numbers, whoever prints it.</summary>
        public string Message => Scrub(Answer.Text("message") ?? "");

        public override string ToString() => Message.Length > 0 ? $"{Code} {Message}" : Answer.ToString();

        public static string Scrub(string message)
            => Secretive().Replace(message.Length <= LongestMessage ? message : message[..LongestMessage], "***");

        [GeneratedRegex(@"[sp]k_\w+|[A-Za-z0-9+/=]{24,}|\d{9,}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
        private static partial Regex Secretive();
    }
}
