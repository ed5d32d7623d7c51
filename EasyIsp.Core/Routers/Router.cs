using System.Net;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Routers;

/// <summary>A NAS: it asks RADIUS, reports usage and takes orders.</summary>
public sealed class Router : TenantEntity, IRouterItself
{
    public const int MaxNameLength = 60;
    public const int DefaultCoaPort = 3799;
    public static readonly TimeSpan MaxSecretWindow = TimeSpan.FromDays(30);

    private Router() { }

    public string Name { get; private set; } = null!;

    /// <summary>
    /// The source address of its RADIUS packets, and where its API and CoA ports answer. Another tenant may have the
    /// same one behind a shared address; the secret then tells whose packet it is.
    /// </summary>
    public IPAddress Address { get; private set; } = null!;

    /// <summary>Its address inside a tunnel, beside its own one: packets from there are its too, and orders go there.</summary>
    public IPAddress? TunnelAddress { get; private set; }

    /// <summary>Ranges that its packets may come from as well.</summary>
    public IReadOnlyList<IPNetwork> SourceNetworks { get; private set; } = [];

    public Secret RadiusSecret { get; private set; } = null!;

    /// <summary>The other secret that is good until <see cref="PreviousSecretUntil"/>; null outside a change of secrets.</summary>
    public Secret? PreviousSecret { get; private set; }

    public DateTimeOffset? PreviousSecretUntil { get; private set; }

    /// <summary>Whether the router last proved the previous one. The RADIUS worker writes it.</summary>
    public bool UsesPreviousSecret { get; private set; }

    /// <summary>Since when it uses the one that <see cref="UsesPreviousSecret"/> says; null until it was heard after the change.</summary>
    public DateTimeOffset? SecretUsedSince { get; private set; }

    public MessageAuthenticatorRule MessageAuthenticator { get; private set; }

    /// <summary>Set when the router once sent a valid Message-Authenticator: from then on <see cref="MessageAuthenticatorRule.Auto"/> demands it.</summary>
    public DateTimeOffset? SentMessageAuthenticatorAt { get; private set; }

    /// <summary>A RADIUS proxy that we trust: its Proxy-State passes also where its packets carry no Message-Authenticator.</summary>
    public bool IsTrustedProxy { get; private set; }

    /// <summary>UDP port of Disconnect and CoA requests (RFC 5176: 3799; RouterOS documents 1700 as its default).</summary>
    public int CoaPort { get; private set; }

    /// <summary>Null: the router's API is not used, devices log in by their browser.</summary>
    public RouterApiAccess? Api { get; private set; }

    /// <summary>The hotspot's dns-name, where it has one: the portal sends one-time tokens only there or to a private address.</summary>
    public string? HotspotHost { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? LastHeardAt { get; private set; }
    public DateTimeOffset? ArchivedAt { get; private set; }

    public static Router Add(Guid tenantId, string name, IPAddress address, Secret radiusSecret, DateTimeOffset now)
    {
        var router = new Router { TenantId = tenantId, Id = Guid.CreateVersion7(now), CreatedAt = now, CoaPort = DefaultCoaPort };
        router.Change(name, address, DefaultCoaPort, MessageAuthenticatorRule.Auto);
        router.RadiusSecret = radiusSecret;
        return router;
    }

    public void Change(string name, IPAddress address, int coaPort, MessageAuthenticatorRule rule)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(coaPort, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(coaPort, 65535);
        (Name, Address, CoaPort, MessageAuthenticator) = (name.Trim(), address, coaPort, rule);
    }

    /// <summary>Where its API and CoA ports are reached.</summary>
    public IPAddress OrdersAddress => TunnelAddress ?? Address;

    public void SendFrom(IPAddress? tunnelAddress, IReadOnlyList<IPNetwork> networks) => (TunnelAddress, SourceNetworks) = (tunnelAddress, networks);

    /// <param name="window">How long the present secret stays good beside the new one; zero ends it at once.</param>
    public void RotateSecret(Secret secret, TimeSpan window, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, MaxSecretWindow);
        // A second change before the router has followed the first keeps the secret that the router has.
        var kept = IsSecretChanging(now) && UsesPreviousSecret ? PreviousSecret : RadiusSecret;
        RadiusSecret = secret;
        EndSecretChange();
        if (window > TimeSpan.Zero)
            (PreviousSecret, PreviousSecretUntil, UsesPreviousSecret) = (kept, now + window, true);
    }

    public bool IsSecretChanging(DateTimeOffset now) => PreviousSecretUntil > now;

    /// <summary>The previous secret is the router's again; the other stays good as long as was said.</summary>
    /// <exception cref="InvalidOperationException">There is no previous secret.</exception>
    public void RollBackSecret()
    {
        if (PreviousSecret is not { } previous)
            throw new InvalidOperationException("The router has no previous secret.");
        (RadiusSecret, PreviousSecret, UsesPreviousSecret) = (previous, RadiusSecret, !UsesPreviousSecret);
    }

    /// <summary>Only the present secret is good from now on.</summary>
    public void EndSecretChange()
        => (PreviousSecret, PreviousSecretUntil, UsesPreviousSecret, SecretUsedSince) = (null, null, false, null);

    public void TrustAsProxy(bool isTrusted) => IsTrustedProxy = isTrusted;

    public void ServeHotspotAt(string? host) => HotspotHost = string.IsNullOrWhiteSpace(host) ? null : host.Trim().ToLowerInvariant();

    public void ReachByApi(RouterApiAccess? api) => Api = api;

    public void Archive(DateTimeOffset now) => ArchivedAt ??= now;
}

/// <summary>How the platform signs in to the router's API (RouterOS binary API, 8728 or with TLS 8729).</summary>
public sealed class RouterApiAccess
{
    private RouterApiAccess() { }

    public RouterApiAccess(string user, Secret password, int port, string? certificateFingerprint)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        (User, Password, Port, CertificateFingerprint) = (user, password, port, certificateFingerprint);
    }

    public string User { get; private set; } = null!;
    public Secret Password { get; private set; } = null!;
    public int Port { get; private set; }

    /// <summary>SHA-256 of the certificate in hexadecimal; null means no TLS.</summary>
    public string? CertificateFingerprint { get; private set; }
}

/// <summary>Whether an Access-Request must carry a Message-Authenticator (CVE-2024-3596, "BlastRADIUS").</summary>
public enum MessageAuthenticatorRule
{
    /// <summary>Required once the router has sent a valid one.</summary>
    Auto,
    Required,
    Off,
}

internal sealed class RouterConfiguration : IEntityTypeConfiguration<Router>
{
    public void Configure(EntityTypeBuilder<Router> router)
    {
        router.ToTable("routers");
        router.Property(r => r.Name).HasMaxLength(Router.MaxNameLength);
        router.Property(r => r.HotspotHost).HasMaxLength(120);
        router.OwnsOne(r => r.Api, api =>
        {
            api.Property(a => a.User).HasMaxLength(60).HasColumnName("api_user");
            api.Property(a => a.Password).HasColumnName("api_password");
            api.Property(a => a.Port).HasColumnName("api_port");
            api.Property(a => a.CertificateFingerprint).HasMaxLength(64).HasColumnName("api_certificate_fingerprint");
        });
        router.HasIndex(r => new { r.TenantId, r.Name }).IsUnique().HasFilter("archived_at is null");
        // The RADIUS worker finds the NAS by its address, whoever it belongs to.
        router.HasIndex(r => r.Address);
        router.PrimitiveCollection(r => r.SourceNetworks).HasColumnType("cidr[]").HasDefaultValueSql("'{}'");
    }
}
