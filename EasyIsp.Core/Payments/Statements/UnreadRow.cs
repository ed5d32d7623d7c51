using System.Security.Cryptography;
using System.Text;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments.Statements;

/// <summary>
/// A row of a pulled statement of which nothing could be made. While nobody has said what it is, the hours in which it came
/// prove nothing: the money that it may tell of is missing.
/// </summary>
public sealed class UnreadRow : TenantEntity
{
    public const int MaxTextLength = 500;
    public const int MaxReasonLength = 300;

    private UnreadRow() { }

    public Guid PaymentAccountId { get; private set; }

    /// <summary>SHA-256 of the whole row: the next pull brings it again.</summary>
    public byte[] Digest { get; private set; } = null!;

    /// <summary>Its beginning, as it came.</summary>
    public string Text { get; private set; } = null!;

    /// <summary>When it was first pulled: it came in the two hours before.</summary>
    public DateTimeOffset SeenAt { get; private set; }

    /// <summary>What a person found out; null while nobody has.</summary>
    public string? Reason { get; private set; }

    public DateTimeOffset? ExplainedAt { get; private set; }

    internal static UnreadRow Of(PaymentAccount account, string row, DateTimeOffset now) => new()
    {
        TenantId = account.TenantId,
        Id = Guid.CreateVersion7(now),
        PaymentAccountId = account.Id,
        Digest = DigestOf(row),
        Text = new string([.. row.Where(letter => !char.IsControl(letter) && !char.IsSurrogate(letter))]).Truncate(MaxTextLength),
        SeenAt = now,
    };

    internal static byte[] DigestOf(string row) => SHA256.HashData(Encoding.UTF8.GetBytes(row));

    /// <returns>False when somebody has said so before.</returns>
    internal bool Explain(string reason, DateTimeOffset now)
    {
        if (Reason is not null)
            return false;

        (Reason, ExplainedAt) = (reason.Truncate(MaxReasonLength), now);
        return true;
    }
}

internal sealed class UnreadRowConfiguration : IEntityTypeConfiguration<UnreadRow>
{
    public void Configure(EntityTypeBuilder<UnreadRow> row)
    {
        row.ToTable("unread_rows");
        row.Property(r => r.Text).HasMaxLength(UnreadRow.MaxTextLength);
        row.Property(r => r.Reason).HasMaxLength(UnreadRow.MaxReasonLength);
        row.References<UnreadRow, PaymentAccount>(nameof(UnreadRow.PaymentAccountId));
        row.HasIndex(r => new { r.TenantId, r.PaymentAccountId, r.Digest }).IsUnique();
    }
}
