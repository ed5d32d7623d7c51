using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Identity;

/// <summary>A person who signs in to the console. Belongs to the platform: the same person may work for several tenants.</summary>
public sealed class StaffUser : IdentityUser<Guid>
{
    public const int MaxDisplayNameLength = 120;

    private StaffUser() { }

    public string DisplayName { get; private set; } = null!;

    /// <summary>Runs the installation itself: tenants, jobs, oversight.</summary>
    public bool IsSuperAdmin { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public static StaffUser Invite(string email, string displayName, bool isSuperAdmin, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(email);
        ArgumentException.ThrowIfNullOrWhiteSpace(displayName);
        return new StaffUser
        {
            Id = Guid.CreateVersion7(now),
            Email = email.Trim(),
            UserName = email.Trim(),
            DisplayName = displayName.Trim(),
            IsSuperAdmin = isSuperAdmin,
            CreatedAt = now,
            LockoutEnabled = true,
        };
    }
}

internal sealed class StaffUserConfiguration : IEntityTypeConfiguration<StaffUser>
{
    public void Configure(EntityTypeBuilder<StaffUser> user) => user.Property(u => u.DisplayName).HasMaxLength(StaffUser.MaxDisplayNameLength);
}

/// <summary>ASP.NET Core Identity's tables, in a schema that only the platform role may enter: reached by sign-in alone.</summary>
public sealed class StaffContext(DbContextOptions<StaffContext> options) : IdentityUserContext<StaffUser, Guid>(options)
{
    public const string Schema = "staff";

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDefaultSchema(Schema);
        builder.ApplyConfiguration(new StaffUserConfiguration());
        builder.Entity<StaffUser>().ToTable("users");
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("user_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("user_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("user_tokens");
    }
}
