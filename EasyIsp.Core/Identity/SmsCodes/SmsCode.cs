using System.Globalization;
using System.Security.Cryptography;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Identity.SmsCodes;

public enum SmsCodePurpose
{
    /// <summary>Sets a new password in the place of a forgotten one.</summary>
    NewPassword,

    /// <summary>Shows that a phone is the person's.</summary>
    Phone,
}

/// <summary>
/// A number that a text brings to a phone: good once, for ten minutes and for five tries. Compared by a keyed digest; the
/// number itself is kept nowhere but in the text, until that is sent.
/// </summary>
public sealed class SmsCode
{
    public static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(10);

    internal const int MostTries = 5;

    /// <summary>For the limit of codes in an hour; after that it only says who asked.</summary>
    internal static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    private const int Digits = 8;

    private SmsCode() { }

    public Guid Id { get; private set; }
    public Guid UserId { get; private set; }
    public SmsCodePurpose Purpose { get; private set; }

    /// <summary>Where it was sent, E.164.</summary>
    public string Phone { get; private set; } = null!;

    public byte[] Digest { get; private set; } = null!;
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset ExpiresAt { get; private set; }
    public int Tries { get; private set; }

    /// <summary>When it was used, or a newer one took its place.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    internal static SmsCode Make(Guid userId, SmsCodePurpose purpose, string phone, BlindIndex index, DateTimeOffset now, out string digits)
    {
        digits = RandomNumberGenerator.GetInt32(100_000_000).ToString($"D{Digits}", CultureInfo.InvariantCulture);
        var id = Guid.CreateVersion7(now);
        return new SmsCode
        {
            Id = id, UserId = userId, Purpose = purpose, Phone = phone, Digest = index.Of(id, digits), CreatedAt = now, ExpiresAt = now + GoodFor,
        };
    }

    /// <returns>The digits alone, however they were typed; null when they cannot be a code.</returns>
    internal static string? Read(string? typed)
    {
        var digits = string.Concat((typed ?? "").Where(char.IsAsciiDigit));
        return digits.Length == Digits ? digits : null;
    }
}

internal sealed class SmsCodeConfiguration : IEntityTypeConfiguration<SmsCode>, IStaffTable
{
    public void Configure(EntityTypeBuilder<SmsCode> code)
    {
        code.ToTable("sms_codes");
        code.Property(c => c.Purpose).HasConversion<string>().HasMaxLength(20);
        code.Property(c => c.Phone).HasMaxLength(PhoneNumber.MaxLength);
        code.HasOne<StaffUser>().WithMany().HasForeignKey(c => c.UserId);
        code.HasIndex(c => new { c.UserId, c.Purpose });
        code.HasIndex(c => c.CreatedAt);
    }
}
