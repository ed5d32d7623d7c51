using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using EasyIsp.Core.Shared;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Outbox.Sms;

/// <summary>
/// TextSMS, Celcom Africa and Advanta: the same software on three hosts. The key travels in the body, therefore POST
/// although GET is offered, and no body is ever logged.
/// </summary>
internal sealed partial class PartnerIdGateway(IHttpClientFactory http, ILogger<PartnerIdGateway> logger) : ISmsGateway
{
    private const string SendPath = "/api/services/sendsms/";
    private const string BalancePath = "/api/services/getbalance/";
    private static readonly JsonSerializerOptions AsNamed = new();

    public async Task<SmsSendResult> SendAsync(
        SmsCredentials credentials, string phone, string text, CancellationToken cancellationToken)
    {
        if (!International().IsMatch(phone))
            throw new ArgumentException("Not an E.164 number.", nameof(phone));
        ArgumentException.ThrowIfNullOrWhiteSpace(text);

        var (answer, trouble) = await PostAsync(credentials, SendPath, new
        {
            apikey = credentials.ApiKey,
            partnerID = credentials.PartnerId,
            message = text,
            shortcode = credentials.SenderId,
            mobile = phone.TrimStart('+'),
        }, cancellationToken);

        var result = answer is null ? new SmsSendResult.Unknown(trouble) : PartnerIdReply.OfSend(answer, credentials);
        if (result is SmsSendResult.Accepted)
            LogAccepted(credentials, result);
        else
            LogNotAccepted(credentials, result);
        return result;
    }

    public async Task<SmsBalanceResult> BalanceAsync(SmsCredentials credentials, CancellationToken cancellationToken)
    {
        var (answer, trouble) = await PostAsync(
            credentials, BalancePath, new { apikey = credentials.ApiKey, partnerID = credentials.PartnerId }, cancellationToken);
        return answer is null ? new SmsBalanceResult.Unknown(trouble) : PartnerIdReply.OfBalance(answer, credentials);
    }

    private async Task<(JsonAnswer? Answer, string Trouble)> PostAsync(
        SmsCredentials credentials, string path, object body, CancellationToken cancellationToken)
    {
        try
        {
            using var client = http.CreateClient(SmsFeature.HttpClientName);
            using var content = JsonContent.Create(body, body.GetType(), options: AsNamed);
            var address = new Uri(credentials.BaseUrl.AbsoluteUri.TrimEnd('/') + path);
            using var response = await client.PostAsync(address, content, cancellationToken);
            return (await JsonAnswer.ReadAsync(response, cancellationToken), "");
        }
        catch (HttpRequestException exception)
        {
            return (null, $"The connection failed: {exception.HttpRequestError}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, "No answer in time");
        }
    }

    [GeneratedRegex(@"^\+?[1-9]\d{7,14}\z", RegexOptions.NonBacktracking)]
    private static partial Regex International();

    [LoggerMessage(Level = LogLevel.Debug, Message = "SMS by {Account}: {Result}")]
    private partial void LogAccepted(SmsCredentials account, SmsSendResult result);

    [LoggerMessage(Level = LogLevel.Warning, Message = "SMS by {Account}: {Result}")]
    private partial void LogNotAccepted(SmsCredentials account, SmsSendResult result);
}
