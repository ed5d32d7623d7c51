using System.Text.Json;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Orders;

/// <summary>How a router took an order.</summary>
internal abstract record CoaAnswer
{
    private CoaAnswer()
    {
    }

    public sealed record Acknowledged : CoaAnswer;

    /// <param name="Cause">Null where the router gave none.</param>
    public sealed record Refused(ErrorCause? Cause) : CoaAnswer
    {
        public bool IsSessionUnknown => Cause is ErrorCause.SessionContextNotFound;

        /// <summary><c>402 missing attribute</c>.</summary>
        public string CauseInWords => Cause is { } cause
            ? $"{(int)cause} {JsonNamingPolicy.KebabCaseLower.ConvertName(cause.ToString()).Replace('-', ' ')}"
            : "it did not say why";
    }

    /// <summary>The router is away, its secret is another, or it accepts no orders: all are silent.</summary>
    public sealed record Silence : CoaAnswer;

    /// <summary>Nothing reached the router.</summary>
    /// <param name="Why">In words for staff.</param>
    public sealed record NotSent(string Why) : CoaAnswer;
}
