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
        SmsAccount account, string phone, string text, CancellationToken cancellationToken)
    {
        if (!International().IsMatch(phone))
            throw new ArgumentException("Not an E.164 number.", nameof(phone));
        ArgumentException.ThrowIfNullOrWhiteSpace(text);

        var (answer, trouble) = await PostAsync(account, SendPath, new
        {
            apikey = account.ApiKey,
            partnerID = account.PartnerId,
            message = text,
            shortcode = account.SenderId,
            mobile = phone.TrimStart('+'),
        }, cancellationToken);

        var result = answer is null ? new SmsSendResult.Unknown(trouble) : PartnerIdReply.OfSend(answer, account);
        if (result is SmsSendResult.Accepted)
            LogAccepted(account, result);
        else
            LogNotAccepted(account, result);
        return result;
    }

    public async Task<SmsBalanceResult> BalanceAsync(SmsAccount account, CancellationToken cancellationToken)
    {
        var (answer, trouble) = await PostAsync(
            account, BalancePath, new { apikey = account.ApiKey, partnerID = account.PartnerId }, cancellationToken);
        return answer is null ? new SmsBalanceResult.Unknown(trouble) : PartnerIdReply.OfBalance(answer, account);
    }

    private async Task<(JsonAnswer? Answer, string Trouble)> PostAsync(
        SmsAccount account, string path, object body, CancellationToken cancellationToken)
    {
        try
        {
            using var client = http.CreateClient(SmsFeature.HttpClientName);
            using var content = JsonContent.Create(body, body.GetType(), options: AsNamed);
            var address = new Uri(account.BaseUrl.AbsoluteUri.TrimEnd('/') + path);
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
    private partial void LogAccepted(SmsAccount account, SmsSendResult result);

    [LoggerMessage(Level = LogLevel.Warning, Message = "SMS by {Account}: {Result}")]
    private partial void LogNotAccepted(SmsAccount account, SmsSendResult result);
}
