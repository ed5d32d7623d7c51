namespace EasyIsp.Core.Orders;

/// <summary>What a worker has to say of an order it took.</summary>
/// <param name="Outcome">In words for staff: what the router answered, or why nothing came.</param>
public abstract record OrderReport(string Outcome)
{
    /// <param name="Told">What its session has been told from now on; null where nothing new.</param>
    /// <param name="Returning">The device that was sent away only to come back: it is logged in again by its router's API.</param>
    public sealed record Done(string Outcome, string? Told = null, DeviceAtHotspot? Returning = null) : OrderReport(Outcome);

    /// <param name="MayRetry">False when the router's refusal is final.</param>
    public sealed record Failed(string Outcome, bool MayRetry) : OrderReport(Outcome);

    /// <summary>Not tried at all, which costs no try.</summary>
    public sealed record Postponed(string Outcome, DateTimeOffset Until) : OrderReport(Outcome);
}

/// <summary>The report on one order.</summary>
/// <param name="LeasedUntil">
/// Of the order as it was taken: when it has another one by now, somebody else has it, or it has become another order, and
/// the report counts for nothing. Null counts in any case.
/// </param>
public sealed record OrderResult(Guid TenantId, Guid OrderId, DateTimeOffset? LeasedUntil, OrderReport Report)
{
    public static OrderResult Of(NetworkOrder order, OrderReport report)
        => new(order.TenantId, order.Id, order.NextTryAt, report);
}
