using System.Net;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Orders;

/// <summary>
/// Something the network is to be told. The row is the order: written with the deed that wants it, taken by a worker
/// with <c>FOR UPDATE SKIP LOCKED</c>, and kept with its outcome.
/// </summary>
public sealed class NetworkOrder : TenantEntity, IAtRouter
{
    public const int MaxTries = 6;
    public const int MaxOutcomeLength = 500;

    private NetworkOrder() { }

    public NetworkOrderKind Kind { get; private set; }
    public Guid RouterId { get; private set; }
    public Guid? CustomerId { get; private set; }

    /// <summary>The open session that a disconnect or a change is about.</summary>
    public Guid? SessionId { get; private set; }

    /// <summary>The waiting device that a login is about.</summary>
    public string? MacAddress { get; private set; }

    public IPAddress? Address { get; private set; }

    /// <summary>Why, in a word that people read: <c>expired</c>, <c>suspended</c>, <c>paid</c>, <c>staff</c>.</summary>
    public string Reason { get; private set; } = null!;

    /// <summary>The row that wanted it (a payment request, a subscription), for the timeline.</summary>
    public Guid? CauseId { get; private set; }

    public NetworkOrderState State { get; private set; }
    public int Tries { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset NextTryAt { get; private set; }
    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>What the router answered, or why nothing came.</summary>
    public string? Outcome { get; private set; }

    public static NetworkOrder Disconnect(
        Guid tenantId, Guid routerId, Guid sessionId, Guid? customerId, string reason, DateTimeOffset now)
        => Place(tenantId, NetworkOrderKind.Disconnect, routerId, customerId, reason, now, sessionId);

    public static NetworkOrder HotspotLogin(
        Guid tenantId, Guid routerId, Guid customerId, DeviceAtHotspot device, Guid? causeId, DateTimeOffset now)
    {
        var order = Place(tenantId, NetworkOrderKind.HotspotLogin, routerId, customerId, "paid", now, sessionId: null);
        (order.MacAddress, order.Address, order.CauseId) = (device.MacAddress, device.Address, causeId);
        return order;
    }

    private static NetworkOrder Place(
        Guid tenantId, NetworkOrderKind kind, Guid routerId, Guid? customerId, string reason, DateTimeOffset now, Guid? sessionId) => new()
        {
            TenantId = tenantId,
            Id = Guid.CreateVersion7(now),
            Kind = kind,
            RouterId = routerId,
            CustomerId = customerId,
            SessionId = sessionId,
            Reason = reason,
            State = NetworkOrderState.Waiting,
            CreatedAt = now,
            NextTryAt = now,
        };
}

/// <summary>A device as its router knows it.</summary>
public sealed record DeviceAtHotspot(string MacAddress, IPAddress Address);

public enum NetworkOrderKind
{
    /// <summary>End a session by Disconnect-Request (RFC 5176).</summary>
    Disconnect,

    /// <summary>
    /// Bring a session in line with what its customer now has: by CoA-Request (RFC 5176), and what that cannot change by an
    /// end and a return.
    /// </summary>
    Change,

    /// <summary>Bring a waiting device online by the router's API.</summary>
    HotspotLogin,
}

public enum NetworkOrderState
{
    Waiting,
    Done,
    Failed,
}

internal sealed class NetworkOrderConfiguration : IEntityTypeConfiguration<NetworkOrder>
{
    public void Configure(EntityTypeBuilder<NetworkOrder> order)
    {
        order.ToTable("network_orders");
        order.Property(o => o.MacAddress).HasMaxLength(MacAddress.TextLength);
        order.Property(o => o.Reason).HasMaxLength(40);
        order.Property(o => o.Outcome).HasMaxLength(NetworkOrder.MaxOutcomeLength);
        order.References<NetworkOrder, Router>(nameof(NetworkOrder.RouterId));
        // A session is ended once, however many want it at the same instant.
        order.HasIndex(o => new { o.TenantId, o.SessionId }, "ux_network_orders_waiting_session").IsUnique()
            .HasFilter("state = 'Waiting' and session_id is not null");
        order.HasIndex(o => new { o.TenantId, o.SessionId });
        order.HasIndex(o => new { o.TenantId, o.CustomerId });
        order.HasIndex(o => new { o.TenantId, o.CauseId });
        // What the workers look for, over all tenants.
        order.HasIndex(o => new { o.Kind, o.NextTryAt }).HasFilter("state = 'Waiting'");
    }
}
