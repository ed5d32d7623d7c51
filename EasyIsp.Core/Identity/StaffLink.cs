using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Identity;

/// <summary>What an address in a mail opens.</summary>
public enum StaffLinkPurpose
{
    /// <summary>A new password for who forgot his.</summary>
    NewPassword,

    /// <summary>The first password and name of who was invited.</summary>
    Invitation,

    /// <summary>Shows that a mailbox is the person's: of the present address, or of one that is to take its place.</summary>
    Address,
}

/// <summary>An address that is good once and for a while, sent to the one who may use it. The address itself is kept nowhere.</summary>
public sealed class StaffLink
{
    private StaffLink() { }

    public byte[] Digest { get; private set; } = null!;
    public Guid UserId { get; private set; }
    public StaffLinkPurpose Purpose { get; private set; }
    public DateTimeOffset ExpiresAt { get; private set; }
    public DateTimeOffset? UsedAt { get; private set; }

    /// <summary>Where it was mailed: whoever uses it reads that mailbox. Null for one that an admin handed over.</summary>
    public string? Address { get; private set; }

    public static TimeSpan GoodFor(StaffLinkPurpose purpose)
        => purpose switch
        {
            StaffLinkPurpose.Invitation => TimeSpan.FromDays(7),
            StaffLinkPurpose.Address => TimeSpan.FromDays(1),
            _ => TimeSpan.FromHours(1),
        };

    /// <param name="address">See <see cref="Address"/>.</param>
    /// <param name="key">256 random bits: so much chance needs no slow hash.</param>
    internal static StaffLink Make(Guid userId, StaffLinkPurpose purpose, string? address, DateTimeOffset now, out string key)
    {
        key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return new StaffLink { Digest = DigestOf(key), UserId = userId, Purpose = purpose, Address = address, ExpiresAt = now + GoodFor(purpose) };
    }

    internal static byte[] DigestOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

internal sealed class StaffLinkConfiguration : IEntityTypeConfiguration<StaffLink>, IStaffTable
{
    public void Configure(EntityTypeBuilder<StaffLink> link)
    {
        link.ToTable("links");
        link.HasKey(l => l.Digest);
        link.Property(l => l.Purpose).HasConversion<string>().HasMaxLength(20);
        link.Property(l => l.Address).HasMaxLength(EmailAddress.MaxLength);
        link.HasOne<StaffUser>().WithMany().HasForeignKey(l => l.UserId);
        link.HasIndex(l => l.UserId);
    }
}
