using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Secrets;

/// <summary>The keys of the installation, in a schema of their own: Data Protection's ring, and the named keys it protects.</summary>
public sealed class KeyRingContext(DbContextOptions<KeyRingContext> options) : DbContext(options), IDataProtectionKeyContext
{
    public const string Schema = "keyring";

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();
    public DbSet<NamedKey> NamedKeys => Set<NamedKey>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.ApplyConfiguration(new NamedKeyConfiguration());
    }
}

/// <summary>A key that must outlive Data Protection's rotation, protected by it.</summary>
public sealed class NamedKey
{
    private NamedKey() { }

    public NamedKey(string name, byte[] protectedValue) => (Name, ProtectedValue) = (name, protectedValue);

    public string Name { get; private set; } = null!;
    public byte[] ProtectedValue { get; private set; } = null!;
}

internal sealed class NamedKeyConfiguration : IEntityTypeConfiguration<NamedKey>
{
    public void Configure(EntityTypeBuilder<NamedKey> key)
    {
        key.ToTable("named_keys");
        key.HasKey(k => k.Name);
        key.Property(k => k.Name).HasMaxLength(60);
    }
}
