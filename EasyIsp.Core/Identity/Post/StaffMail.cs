using System.Net;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Identity.Post;

/// <summary>What a mail to a member of staff is about.</summary>
public enum StaffMailKind
{
    /// <summary>Somebody says that he forgot the password of this address. Whose it is, if anybody's, is looked up when it is sent.</summary>
    ForgottenPassword,
    PasswordChanged,
    NewDevice,
    SecondFactorOn,
    SecondFactorOff,
    RecoveryCodeUsed,
    PasskeyAdded,
    PasskeyRemoved,
    Invitation,

    /// <summary>Whoever has an account already works for another company from now on.</summary>
    Joined,

    /// <summary>A link that shows that a mailbox is the person's.</summary>
    AddressToVerify,

    /// <summary>To the address that was the account's until now.</summary>
    AddressChanged,

    PhoneSet,
    PhoneRemoved,

    /// <summary>No mail but a text, for who forgot his password: whose the address is is looked up when it is sent, as for a mail.</summary>
    CodeByText,
}

/// <summary>
/// A mail that waits to be sent. It holds no text and no secret: it is written, and a link in it made, when the server takes it.
/// </summary>
public sealed class StaffMail
{
    /// <summary>A mail of yesterday about a sign-in helps nobody.</summary>
    internal static readonly TimeSpan GivesUpAfter = TimeSpan.FromHours(24);

    internal const int MaxAboutLength = 200;
    internal const int MaxFailureLength = 300;

    private StaffMail() { }

    public Guid Id { get; private set; }
    public StaffMailKind Kind { get; private set; }

    /// <summary>As it was typed.</summary>
    public string Address { get; private set; } = null!;

    /// <summary>Null for a forgotten password: nobody has looked yet whose the address is.</summary>
    public Guid? UserId { get; private set; }

    /// <summary>The browser, or the company, that it tells of.</summary>
    public string? About { get; private set; }

    /// <summary>Where the deed came from.</summary>
    public IPAddress? Origin { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Null when it was sent, was for nobody, or was given up.</summary>
    public DateTimeOffset? NextTryAt { get; private set; }

    public int Tries { get; private set; }

    /// <summary>Why the server did not take it, the last time.</summary>
    public string? Failure { get; private set; }

    internal static StaffMail Of(StaffMailKind kind, string address, Guid? userId, string? about, IPAddress? origin, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Kind = kind,
        Address = address,
        UserId = userId,
        About = about?.Truncate(MaxAboutLength),
        Origin = origin,
        CreatedAt = now,
        NextTryAt = now,
    };

    /// <summary>The next try is put down before this one is made: who dies over it leaves it to another.</summary>
    internal void Try(DateTimeOffset now) => NextTryAt = now + TimeSpan.FromMinutes(Math.Min(Math.Pow(2, Tries++), 60));

    internal void Done() => (NextTryAt, Failure) = (null, null);

    internal void Failed(string failure, DateTimeOffset now)
    {
        Failure = failure.Truncate(MaxFailureLength);
        if (now - CreatedAt >= GivesUpAfter)
            NextTryAt = null;
    }
}

internal sealed class StaffMailConfiguration : IEntityTypeConfiguration<StaffMail>, IStaffTable
{
    public void Configure(EntityTypeBuilder<StaffMail> mail)
    {
        mail.ToTable("staff_mails");
        mail.Property(m => m.Kind).HasConversion<string>().HasMaxLength(30);
        mail.Property(m => m.Address).HasMaxLength(EmailAddress.MaxLength);
        mail.Property(m => m.About).HasMaxLength(StaffMail.MaxAboutLength);
        mail.Property(m => m.Failure).HasMaxLength(StaffMail.MaxFailureLength);
        mail.HasIndex(m => m.NextTryAt);
        mail.HasIndex(m => m.CreatedAt);
    }
}
