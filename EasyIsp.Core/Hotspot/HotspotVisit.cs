using System.Net;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Hotspot;

/// <summary>
/// A device before the portal: what its router said of it, and how far it came. Kept here because a captive browser
/// keeps nothing. What the browser says of itself grants nothing: tokens work for the device that RADIUS sees alone.
/// </summary>
public sealed class HotspotVisit : TenantEntity
{
    public const int KeyLength = 22;
    public const int MaxLinkLoginLength = 500;
    public const int MaxLinkOrigLength = 2000;
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>A challenge expires with the router's page, at a time that the router does not tell (mikrotik.md, 5.3).</summary>
    public static readonly TimeSpan ChallengeLifetime = TimeSpan.FromSeconds(60);

    private HotspotVisit() { }

    /// <summary>The unguessable part of the visit's addresses.</summary>
    public string Key { get; private set; } = null!;

    public Guid RouterId { get; private set; }
    public string? MacAddress { get; private set; }
    public IPAddress? Address { get; private set; }

    /// <summary>Where the browser posts user name and password; only ever a private address or the router's own name.</summary>
    public string? LinkLoginOnly { get; private set; }

    /// <summary>The page that the person wanted.</summary>
    public string? LinkOrig { get; private set; }

    /// <summary>One octet, when the hotspot demands CHAP.</summary>
    public byte[]? ChapId { get; private set; }

    /// <summary>Good for one try, and only as long as the router's page lives.</summary>
    public byte[]? ChapChallenge { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the router last sent the browser here: its challenge is as old as that.</summary>
    public DateTimeOffset ArrivedAt { get; private set; }

    /// <summary>Who the person turned out to be: by paying, by a voucher, or by a receipt.</summary>
    public Guid? CustomerId { get; private set; }

    internal static HotspotVisit Begin(Guid tenantId, Guid routerId, HotspotArrival arrival, DateTimeOffset now)
    {
        var visit = new HotspotVisit
        {
            TenantId = tenantId,
            Id = Guid.CreateVersion7(now),
            Key = RandomText.Key(),
            RouterId = routerId,
            CreatedAt = now,
        };
        visit.ArriveAgain(arrival, now);
        return visit;
    }

    /// <summary>The router sent the browser again: its newest words count.</summary>
    internal void ArriveAgain(HotspotArrival arrival, DateTimeOffset now)
    {
        (MacAddress, Address) = (arrival.MacAddress, arrival.Address);
        (LinkLoginOnly, LinkOrig) = (arrival.LinkLoginOnly, arrival.LinkOrig);
        (ChapId, ChapChallenge, ArrivedAt) = (arrival.ChapId, arrival.ChapChallenge, now);
    }

    internal void BelongsTo(Guid customerId) => CustomerId = customerId;

    /// <summary>The hotspot demands CHAP, and the challenge we had is used or too old.</summary>
    internal bool LacksChallenge(DateTimeOffset now)
        => ChapId is not null && (ChapChallenge is null || now - ArrivedAt > ChallengeLifetime);

    /// <summary>A challenge is good for one try.</summary>
    internal byte[]? TakeChallenge()
    {
        var challenge = ChapChallenge;
        ChapChallenge = null;
        return challenge;
    }

    /// <summary>True between the use of a challenge and the arrival of the next.</summary>
    internal bool AwaitsChallenge => ChapId is not null && ChapChallenge is null;
}

internal sealed class HotspotVisitConfiguration : IEntityTypeConfiguration<HotspotVisit>
{
    public void Configure(EntityTypeBuilder<HotspotVisit> visit)
    {
        visit.ToTable("hotspot_visits");
        visit.Property(v => v.Key).HasMaxLength(HotspotVisit.KeyLength);
        visit.Property(v => v.MacAddress).HasMaxLength(MacAddress.TextLength);
        visit.Property(v => v.LinkLoginOnly).HasMaxLength(HotspotVisit.MaxLinkLoginLength);
        visit.Property(v => v.LinkOrig).HasMaxLength(HotspotVisit.MaxLinkOrigLength);
        visit.References<HotspotVisit, Router>(nameof(HotspotVisit.RouterId));
        visit.References<HotspotVisit, Customer>(nameof(HotspotVisit.CustomerId));
        visit.HasIndex(v => new { v.TenantId, v.Key }).IsUnique();
        visit.HasIndex(v => new { v.TenantId, v.RouterId, v.MacAddress });
        visit.HasIndex(v => v.CreatedAt);
    }
}
