using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Limits;

/// <summary>
/// What one key has used up, for all processes together. The table is unlogged: it costs no commit to the disk, a crash of the
/// database empties it, and processes bring back what they remember. Written by <c>take_tries</c> and <c>count_failures</c> alone.
/// </summary>
public sealed class LimitBucket
{
    private LimitBucket() { }

    /// <summary>Of the rule and whoever is counted.</summary>
    public byte[] Key { get; private set; } = null!;

    public string Rule { get; private set; } = null!;

    /// <summary>By then all of it is there again, and the row says nothing more. Each try moves it on by its part of the window.</summary>
    public DateTimeOffset FullAt { get; private set; }

    /// <summary>When somebody was last told of a refusal: once in a window.</summary>
    public DateTimeOffset? ToldAt { get; private set; }

    public int Failures { get; private set; }
    public DateTimeOffset? PausedUntil { get; private set; }
}

internal sealed class LimitBucketConfiguration : IEntityTypeConfiguration<LimitBucket>
{
    public void Configure(EntityTypeBuilder<LimitBucket> bucket)
    {
        bucket.ToTable("limit_buckets");
        bucket.HasKey(b => b.Key);
        bucket.Property(b => b.Rule).HasMaxLength(40);
        bucket.IsUnlogged();
        // No index but the key, and room on each page: a row that is written again and again stays where it is.
        bucket.HasStorageParameter("fillfactor", 60);
    }
}
