using EasyIsp.Core.Customers;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Subscriptions;

/// <summary>
/// A password for one login of one device, so that a browser or the router's API never carries a stored one. Good for
/// the device it names alone: RADIUS compares its Calling-Station-Id.
/// </summary>
public sealed class LoginToken : TenantEntity
{
    /// <summary>Time enough to cross from the portal to the router.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(3);

    private LoginToken() { }

    public Guid CustomerId { get; private set; }
    public Secret Password { get; private set; } = null!;
    public string MacAddress { get; private set; } = null!;
    public DateTimeOffset ExpiresAt { get; private set; }
    public DateTimeOffset? UsedAt { get; private set; }

    internal static LoginToken Issue(Guid tenantId, Guid customerId, Secret password, string macAddress, DateTimeOffset now) => new()
    {
        TenantId = tenantId,
        Id = Guid.CreateVersion7(now),
        CustomerId = customerId,
        Password = password,
        MacAddress = macAddress,
        ExpiresAt = now + Lifetime,
    };
}

internal sealed class LoginTokenConfiguration : IEntityTypeConfiguration<LoginToken>
{
    public void Configure(EntityTypeBuilder<LoginToken> token)
    {
        token.ToTable("login_tokens");
        token.Property(t => t.MacAddress).HasMaxLength(MacAddress.TextLength);
        token.References<LoginToken, Customer>(nameof(LoginToken.CustomerId));
        token.HasIndex(t => new { t.TenantId, t.CustomerId, t.ExpiresAt });
        token.HasIndex(t => t.ExpiresAt);
    }
}
