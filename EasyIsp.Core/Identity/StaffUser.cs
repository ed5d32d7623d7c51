using EasyIsp.Core.Auditing;
using EasyIsp.Core.Identity.Post;
using EasyIsp.Core.Identity.SecondFactors;
using EasyIsp.Core.Identity.SignIns;
using EasyIsp.Core.Identity.SmsCodes;
using EasyIsp.Core.Secrets;
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

    /// <summary>What the authenticator app shares with us; while <see cref="IdentityUser{TKey}.TwoFactorEnabled"/> is false it waits for its first code.</summary>
    public Secret? AuthenticatorKey { get; private set; }

    /// <summary>The time step of the last code that was taken: none is taken twice (RFC 6238, 5.2).</summary>
    public long? LastCodeStep { get; private set; }

    /// <summary>The account is nobody's any more. The row and the name stay for what the audit says of it.</summary>
    public DateTimeOffset? DeletedAt { get; private set; }

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

    internal void Rename(string displayName) => DisplayName = displayName.Trim();

    /// <summary>Whoever reads that mailbox has this account, so it is verified.</summary>
    internal void Answer(string email) => (Email, UserName, EmailConfirmed) = (email, email, true);

    /// <param name="phone">E.164, and shown to be the person's by a code; null for none.</param>
    internal void Reach(string? phone) => (PhoneNumber, PhoneNumberConfirmed) = (phone, phone is not null);

    /// <summary>A new authenticator app, which has to show a first code before anything depends on it.</summary>
    internal void PrepareSecondFactor(Secret key) => (AuthenticatorKey, LastCodeStep, TwoFactorEnabled) = (key, null, false);

    internal void TurnSecondFactorOn(long step) => (TwoFactorEnabled, LastCodeStep) = (true, step);

    /// <summary>Nothing is left to sign in with, and the address is free for another account.</summary>
    internal void Wipe(DateTimeOffset now)
    {
        TurnSecondFactorOff();
        Reach(phone: null);
        (Email, UserName, EmailConfirmed, PasswordHash) = ($"{Id:N}@deleted.invalid", $"{Id:N}@deleted.invalid", false, null);
        (LockoutEnd, AccessFailedCount) = (null, 0);
        DeletedAt = now;
    }

    internal void TurnSecondFactorOff() => (AuthenticatorKey, LastCodeStep, TwoFactorEnabled) = (null, null, false);
}

/// <summary>Configures a table of the schema of staff, which the model of the tenants knows nothing of.</summary>
internal interface IStaffTable;

internal sealed class StaffUserConfiguration : IEntityTypeConfiguration<StaffUser>, IStaffTable
{
    public void Configure(EntityTypeBuilder<StaffUser> user) => user.Property(u => u.DisplayName).HasMaxLength(StaffUser.MaxDisplayNameLength);
}

/// <summary>
/// ASP.NET Core Identity's tables and what belongs to them, in a schema that only the platform role may enter: reached by
/// sign-in and by people's own accounts. Holds the audit trail too, so that a deed and its entry are one transaction.
/// </summary>
public sealed class StaffContext(DbContextOptions<StaffContext> options) : IdentityUserContext<StaffUser, Guid>(options)
{
    public const string Schema = "staff";

    public DbSet<SignIn> SignIns => Set<SignIn>();
    public DbSet<StaffLink> StaffLinks => Set<StaffLink>();
    public DbSet<StaffMail> StaffMails => Set<StaffMail>();
    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();
    public DbSet<SmsCode> SmsCodes => Set<SmsCode>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
        => configurationBuilder.Properties<Secret>().HaveConversion<SecretConverter>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDefaultSchema(Schema);
        builder.Entity<StaffUser>().ToTable("users");
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("user_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("user_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("user_tokens");
        builder.Entity<IdentityUserPasskey<Guid>>(ConfigurePasskeys);
        builder.ApplyConfigurationsFromAssembly(typeof(StaffContext).Assembly, type => type.IsAssignableTo(typeof(IStaffTable)));
        builder.ApplyConfiguration(new AuditEventConfiguration());
        builder.Entity<AuditEvent>(audit =>
        {
            audit.ToTable("audit_events", "public", table => table.ExcludeFromMigrations());
            audit.HasKey(a => new { a.TenantId, a.Id });
        });
    }

    /// <summary>As Identity's schema of version 3 has it. Said here, since a context that migrates has no options to read the version from.</summary>
    private static void ConfigurePasskeys(EntityTypeBuilder<IdentityUserPasskey<Guid>> passkey)
    {
        passkey.ToTable("user_passkeys");
        passkey.HasKey(p => p.CredentialId);
        // What WebAuthn allows a credential's id to have (level 3, 4).
        passkey.Property(p => p.CredentialId).HasMaxLength(1024);
        passkey.OwnsOne(p => p.Data).ToJson();
        passkey.HasOne<StaffUser>().WithMany().HasForeignKey(p => p.UserId).IsRequired();
    }
}
