using System.Text.RegularExpressions;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Routers;

/// <summary>The registry of portal addresses: <c>/h/{code}</c> is this tenant's portal at this router.</summary>
public sealed partial class PortalSite : IRegistryEntry
{
    public const int MaxCodeLength = 40;

    private PortalSite() { }

    public string Code { get; private set; } = null!;
    public Guid TenantId { get; private set; }
    public Guid RouterId { get; private set; }

    /// <exception cref="ArgumentException">The code is not made of lower-case letters, digits and hyphens.</exception>
    public static PortalSite Claim(string code, Guid tenantId, Guid routerId)
    {
        if (!IsCode(code))
            throw new ArgumentException("A site code is 2 to 40 lower-case letters, digits or hyphens.", nameof(code));
        return new PortalSite { Code = code, TenantId = tenantId, RouterId = routerId };
    }

    public static bool IsCode(string code) => CodePattern().IsMatch(code);

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{1,39}$", RegexOptions.None, 100)]
    private static partial Regex CodePattern();
}

internal sealed class PortalSiteConfiguration : IEntityTypeConfiguration<PortalSite>
{
    public void Configure(EntityTypeBuilder<PortalSite> site)
    {
        site.ToTable("portal_sites");
        site.HasKey(s => s.Code);
        site.Property(s => s.Code).HasMaxLength(PortalSite.MaxCodeLength);
        site.HasOne<Tenant>().WithMany().HasForeignKey(s => s.TenantId);
        site.HasOne<Router>().WithMany().HasForeignKey(s => new { s.TenantId, s.RouterId });
    }
}
