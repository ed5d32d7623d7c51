using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments.Daraja;

/// <summary>The access token that all processes use for one consumer key of one environment.</summary>
public sealed class SharedToken
{
    private SharedToken() { }

    public SharedToken(string key) => Key = key;

    /// <summary>The digest of environment and consumer key (<see cref="DarajaTokens.KeyOf"/>).</summary>
    public string Key { get; private set; } = null!;

    public Secret Value { get; private set; } = null!;

    /// <summary>SHA-256 of the token: two protections of one text differ, so they cannot be compared.</summary>
    public byte[] Digest { get; private set; } = null!;

    public DateTimeOffset RenewAt { get; private set; }

    internal void Replace(Secret value, byte[] digest, DateTimeOffset renewAt) => (Value, Digest, RenewAt) = (value, digest, renewAt);
}

internal sealed class SharedTokenConfiguration : IEntityTypeConfiguration<SharedToken>
{
    public void Configure(EntityTypeBuilder<SharedToken> token)
    {
        token.ToTable("provider_tokens");
        token.HasKey(t => t.Key);
        token.Property(t => t.Key).HasMaxLength(64);
    }
}
