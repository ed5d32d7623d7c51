using System.Net;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Payments.Daraja;

/// <summary>What is known right after an order was submitted. None of these means carried out.</summary>
public abstract record OperationAck
{
    private OperationAck()
    {
    }

    /// <summary>Both are opaque. The outcome names them again.</summary>
    /// <param name="OriginatorConversationId">What the order is asked after by; null where the answer names none.</param>
    public sealed record Accepted(string ConversationId, string? OriginatorConversationId) : OperationAck;

    /// <summary>Surely not carried out.</summary>
    /// <param name="Message">Without tokens and numbers.</param>
    public sealed record Refused(string Code, string Message, ProviderRefusal Kind) : OperationAck;

    /// <summary>It may be carried out, or was long ago: an id that was used before is answered so too.</summary>
    public sealed record OutcomeUnknown(string Reason) : OperationAck;

    internal static OperationAck Of(DarajaReply reply) => reply switch
    {
        DarajaReply.NotSent { CredentialsRefused: true, Reason: var reason } => new Refused("", reason, ProviderRefusal.Credentials),
        DarajaReply.NotSent { Reason: var reason } => new Refused("", reason, ProviderRefusal.Unavailable),
        DarajaReply.Lost { Reason: var reason } => new OutcomeUnknown(reason),
        DarajaReply.Answered { ErrorCode: "", Answer: { Status: HttpStatusCode.OK, Body: { } body } }
            when body.LooseText("ResponseCode") == "0" && DarajaId.Of(body.LooseText("ConversationID")) is { } conversation
            => new Accepted(conversation, DarajaId.Of(body.LooseText("OriginatorConversationID"))),
        DarajaReply.Answered { ErrorCode: "500.002.1001" } answered when answered.Says("duplicate")
            => new OutcomeUnknown("It was submitted before"),
        DarajaReply.Answered answered when StkReading.Refusal(answered) is { } kind
            => new Refused(StkReading.CodeOf(answered), answered.ErrorMessage, kind),
        _ => new OutcomeUnknown(reply.ToString()),
    };
}
