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

        public string InWords => Cause is { } cause
            ? $"the router refused: {(int)cause} {System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(cause.ToString()).Replace('-', ' ')}"
            : "the router refused and did not say why";
    }

    /// <summary>The router is away, its secret is another, or it accepts no orders: all are silent.</summary>
    public sealed record Silence : CoaAnswer;
}
