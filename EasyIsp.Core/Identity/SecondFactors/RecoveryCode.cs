using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Identity.SecondFactors;

/// <summary>Stands in for the authenticator app once, when the phone is lost. Found by a keyed digest; the code itself is kept nowhere.</summary>
public sealed class RecoveryCode
{
    internal const int Count = 10;
    private const int Length = 10;

    private RecoveryCode() { }

    internal RecoveryCode(Guid userId, byte[] digest) => (UserId, Digest) = (userId, digest);

    public Guid UserId { get; private set; }
    public byte[] Digest { get; private set; } = null!;

    /// <summary>As it is shown: K7MXP-3RWTE.</summary>
    internal static string New() => RandomText.Readable(Length).Insert(Length / 2, "-");

    /// <returns>The letters alone, however they were typed; null when they cannot be a code.</returns>
    internal static string? Read(string typed)
    {
        var letters = string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        return letters.Length == Length ? letters : null;
    }
}

internal sealed class RecoveryCodeConfiguration : IEntityTypeConfiguration<RecoveryCode>, IStaffTable
{
    public void Configure(EntityTypeBuilder<RecoveryCode> code)
    {
        code.ToTable("recovery_codes");
        code.HasKey(c => new { c.UserId, c.Digest });
        code.HasOne<StaffUser>().WithMany().HasForeignKey(c => c.UserId);
    }
}
