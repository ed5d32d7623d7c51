using System.Net;
using EasyIsp.Core.Payments.Providers;

namespace EasyIsp.Core.Payments.Daraja;

/// <summary>
/// What Daraja's answers mean. One errorCode has several meanings, so both it and the words of the message decide;
/// what is not known here is an unknown outcome, never a failure.
/// </summary>
internal static class StkReading
{
    public static PromptResult OfPush(DarajaReply reply) => reply switch
    {
        DarajaReply.NotSent { CredentialsRefused: true, Reason: var reason }
            => new PromptResult.Refused("", reason, ProviderRefusal.Credentials),
        DarajaReply.NotSent { Reason: var reason } => new PromptResult.Refused("", reason, ProviderRefusal.Unavailable),
        DarajaReply.Lost { Reason: var reason } => new PromptResult.OutcomeUnknown(reason),
        DarajaReply.Answered answered when AcceptedPush(answered) is { } accepted => accepted,
        DarajaReply.Answered answered when Refusal(answered) is { } kind
            => new PromptResult.Refused(CodeOf(answered), answered.ErrorMessage, kind),
        _ => new PromptResult.OutcomeUnknown(reply.ToString()),
    };

    public static StkQueryResult OfQuery(DarajaReply reply, string checkoutRequestId)
    {
        if (reply is not DarajaReply.Answered { ErrorCode: "", Answer: { Status: HttpStatusCode.OK } answer }
            || answer.Text("ResultCode") is not { Length: > 0 } code)
        {
            return new StkQueryResult.NoAnswer(ReasonOf(reply));
        }

        if (answer.Text("CheckoutRequestID") is { } answered && answered != checkoutRequestId)
            return new StkQueryResult.NoAnswer("The answer is about another request");

        return StkResultCode.Of(code).Class switch
        {
            StkResultClass.Paid => new StkQueryResult.Paid(),
            StkResultClass.Pending => new StkQueryResult.StillPending(),
            StkResultClass.Unknown => new StkQueryResult.NoAnswer($"Result code {code} is not known"),
            _ => new StkQueryResult.Failed(code, answer.Text("ResultDesc") ?? ""),
        };
    }

    private static PromptResult.Accepted? AcceptedPush(DarajaReply.Answered answered)
        => answered is { ErrorCode: "", Answer: { Status: HttpStatusCode.OK } answer }
            && answer.Text("ResponseCode") == "0"
            && answer.Text("CheckoutRequestID") is { Length: > 0 and <= 64 } checkoutRequestId
                ? new PromptResult.Accepted(answer.Text("MerchantRequestID") ?? "", checkoutRequestId)
                : null;

    /// <returns>Null when it is not known whether it was carried out.</returns>
    public static ProviderRefusal? Refusal(DarajaReply.Answered answered) => answered switch
    {
        { LacksProduct: true } => ProviderRefusal.Configuration,
        { RefusesToken: true } => ProviderRefusal.Credentials,
        { ErrorCode: "400.002.02" } when answered.Says("BusinessShortCode") || answered.Says("CallBackURL")
            => ProviderRefusal.Configuration,
        { ErrorCode: "400.002.02" or "400.002.05" or "400.003.02" or "405.001" } => ProviderRefusal.BadInput,
        { ErrorCode: "404.001.01" or "404.002.01" or "404.003.01" or "404.001.04" } => ProviderRefusal.Configuration,
        { ErrorCode: "500.001.1001" } when answered.Says("merchant does not exist") => ProviderRefusal.Configuration,
        { ErrorCode: "500.001.1001" } when answered.Says("wrong credentials") => ProviderRefusal.Credentials,
        { ErrorCode: "500.001.1001" } when answered.Says("unable to lock subscriber") => ProviderRefusal.SubscriberBusy,
        { ErrorCode: "500.002.1001" } when answered.Says("maintenance") => ProviderRefusal.Unavailable,
        { ErrorCode: "500.003.02" } when answered.Says("busy") || answered.Says("spike arrest") => ProviderRefusal.Throttled,
        { ErrorCode: "500.003.03" } => ProviderRefusal.Throttled,
        { ErrorCode: "", Answer.Status: HttpStatusCode.TooManyRequests } => ProviderRefusal.Throttled,
        _ => null,
    };

    public static string CodeOf(DarajaReply.Answered answered)
        => answered.ErrorCode.Length > 0 ? answered.ErrorCode : $"HTTP {(int)answered.Answer.Status}";

    private static string ReasonOf(DarajaReply reply) => reply switch
    {
        DarajaReply.NotSent { Reason: var reason } => reason,
        DarajaReply.Lost { Reason: var reason } => reason,
        _ => reply.ToString(),
    };
}
