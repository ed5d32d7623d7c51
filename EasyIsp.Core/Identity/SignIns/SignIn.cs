using System.Net;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Identity.SignIns;

/// <summary>By what a person showed who he is.</summary>
public enum SignInMethod
{
    Password,

    /// <summary>Password, then a code of the authenticator app or a recovery code.</summary>
    PasswordAndCode,

    Passkey,
}

/// <summary>Whoever sits before a browser, as its requests tell it.</summary>
/// <param name="Agent">The browser's own description of itself.</param>
/// <param name="Device">Digest of what we once left in this browser, by which it is known again.</param>
public sealed record Visitor(IPAddress? Address, string Agent, byte[] Device);

/// <summary>One person at one browser, from signing in until it ends. The cookie names it, and is worth nothing without it.</summary>
public sealed class SignIn
{
    /// <summary>Unused for so long it is over.</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromHours(12);

    internal const int MaxAgentLength = 400;

    private SignIn() { }

    public Guid Id { get; private set; }
    public Guid UserId { get; private set; }
    public SignInMethod Method { get; private set; }
    public DateTimeOffset BeganAt { get; private set; }

    /// <summary>To the minute.</summary>
    public DateTimeOffset LastSeenAt { get; private set; }

    public IPAddress? Address { get; private set; }
    public string Agent { get; private set; } = null!;
    public byte[] Device { get; private set; } = null!;
    public DateTimeOffset? EndedAt { get; private set; }

    internal static SignIn Begin(Guid userId, SignInMethod method, Visitor visitor, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        UserId = userId,
        Method = method,
        BeganAt = now,
        LastSeenAt = now,
        Address = visitor.Address,
        Agent = visitor.Agent.Truncate(MaxAgentLength),
        Device = visitor.Device,
    };
}

internal sealed class SignInConfiguration : IEntityTypeConfiguration<SignIn>, IStaffTable
{
    public void Configure(EntityTypeBuilder<SignIn> signIn)
    {
        signIn.ToTable("sign_ins");
        signIn.Property(s => s.Method).HasConversion<string>().HasMaxLength(20);
        signIn.Property(s => s.Agent).HasMaxLength(SignIn.MaxAgentLength);
        signIn.HasOne<StaffUser>().WithMany().HasForeignKey(s => s.UserId);
        signIn.HasIndex(s => s.UserId);
    }
}
