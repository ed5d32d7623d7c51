using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Identity.ApiTokens;

/// <summary>
/// By which other software acts for the member of staff who made it: it may what both the token and that person may at
/// the moment of use, so whoever leaves or loses a right takes it from his tokens too. The token itself is kept nowhere.
/// </summary>
public sealed class ApiToken : TenantEntity
{
    private ApiToken() { }

    public string Name { get; private set; } = null!;

    /// <summary>How the token begins, so that people can tell which one a program has.</summary>
    public string Hint { get; private set; } = null!;

    public IReadOnlyList<Permission> Permissions { get; private set; } = [];
    public Guid MadeBy { get; private set; }

    /// <summary>As the person was called then; accounts belong to the platform.</summary>
    public string MadeByName { get; private set; } = null!;

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The first moment it is no longer good; null for one without end.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <summary>To the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; private set; }

    public DateTimeOffset? RevokedAt { get; private set; }

    internal static ApiToken Make(
        Guid tenantId, ApiTokenDraft draft, string text, Guid madeBy, string madeByName, DateTimeOffset now) => new()
        {
            TenantId = tenantId,
            Id = Guid.CreateVersion7(now),
            Name = draft.Name.Trim(),
            Hint = ApiTokenText.HintOf(text),
            Permissions = [.. draft.Permissions.Distinct().Order()],
            MadeBy = madeBy,
            MadeByName = madeByName,
            CreatedAt = now,
            ExpiresAt = draft.ExpiresAt,
        };

    internal void Revoke(DateTimeOffset now) => RevokedAt ??= now;
}

/// <summary>The registry of tokens: whoever shows the one with this digest is this token of this tenant.</summary>
public sealed class ApiTokenKey : IRegistryEntry
{
    private ApiTokenKey() { }

    internal ApiTokenKey(byte[] digest, Guid tenantId, Guid tokenId)
        => (Digest, TenantId, TokenId) = (digest, tenantId, tokenId);

    public byte[] Digest { get; private set; } = null!;
    public Guid TenantId { get; private set; }
    public Guid TokenId { get; private set; }
}

internal sealed class ApiTokenConfiguration : IEntityTypeConfiguration<ApiToken>
{
    public void Configure(EntityTypeBuilder<ApiToken> token)
    {
        token.ToTable("api_tokens");
        token.Property(t => t.Name).HasMaxLength(ApiTokenRules.MaxNameLength);
        token.Property(t => t.Hint).HasMaxLength(ApiTokenText.HintLength);
        token.Property(t => t.MadeByName).HasMaxLength(StaffUser.MaxDisplayNameLength);
        token.PrimitiveCollection(t => t.Permissions).ElementType().HasConversion<string>();
    }
}

internal sealed class ApiTokenKeyConfiguration : IEntityTypeConfiguration<ApiTokenKey>
{
    public void Configure(EntityTypeBuilder<ApiTokenKey> key)
    {
        key.ToTable("api_token_keys");
        key.HasKey(k => k.Digest);
        key.HasOne<Tenant>().WithMany().HasForeignKey(k => k.TenantId);
        key.HasOne<ApiToken>().WithMany().HasForeignKey(k => new { k.TenantId, k.TokenId });
    }
}
