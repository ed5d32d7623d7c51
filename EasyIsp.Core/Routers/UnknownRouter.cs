using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Routers;

/// <summary>
/// An address that sends RADIUS packets without being a router of anybody. Nobody knows whose it is, so it belongs to no
/// tenant; the RADIUS workers write it, and it goes when a router with this address is added.
/// </summary>
public sealed class UnknownRouter
{
    /// <summary>Addresses kept; made-up ones must not fill the table.</summary>
    public const int Capacity = 1000;

    public const int MaxNasIdentifierLength = 64;

    /// <summary>From the last packet on.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private UnknownRouter() { }

    public Guid Id { get; private set; }
    public IPAddress Address { get; private set; } = null!;

    /// <summary>What it calls itself, as RouterOS sends its identity. Unproven: anybody may send any name from any address.</summary>
    public string? NasIdentifier { get; private set; }

    /// <summary>Datagrams on the port for logins, repeated ones among them.</summary>
    public long LoginPackets { get; private set; }

    /// <summary>Datagrams on the port for accounting.</summary>
    public long AccountingPackets { get; private set; }

    public DateTimeOffset FirstSeenAt { get; private set; }
    public DateTimeOffset LastSeenAt { get; private set; }
}

internal sealed class UnknownRouterConfiguration : IEntityTypeConfiguration<UnknownRouter>
{
    public void Configure(EntityTypeBuilder<UnknownRouter> unknown)
    {
        unknown.ToTable("unknown_routers");
        unknown.Property(u => u.Id).ValueGeneratedNever();
        unknown.Property(u => u.NasIdentifier).HasMaxLength(UnknownRouter.MaxNasIdentifierLength);
    }
}
