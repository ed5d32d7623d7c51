using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Tenancy;

/// <summary>
/// Where a customer lands who has proved who he is and may not come in all the same: a pool or an address list from
/// which the router shows him a page that says why and takes his money. None for a reason: he is refused.
/// </summary>
public sealed class LimitedAccess : TenantEntity
{
    private LimitedAccess() { }

    public LimitedReason Reason { get; private set; }
    public string? AddressPool { get; private set; }
    public string? AddressList { get; private set; }
    public int Kbps { get; private set; }

    /// <summary>Until he has to log in again, and is let in for good if he has paid meanwhile.</summary>
    public TimeSpan Length { get; private set; }

    public static LimitedAccess Offer(Guid tenantId, LimitedAccessTerms terms, DateTimeOffset now)
    {
        var access = new LimitedAccess { TenantId = tenantId, Id = Guid.CreateVersion7(now), Reason = terms.Reason };
        access.Change(terms);
        return access;
    }

    public void Change(LimitedAccessTerms terms)
        => (AddressPool, AddressList, Kbps, Length) = (RouterName.Typed(terms.AddressPool), RouterName.Typed(terms.AddressList), terms.Kbps, terms.Length);
}

/// <summary>Why somebody known is not let in, as far as money or a word with staff would change it.</summary>
public enum LimitedReason
{
    /// <summary>What was bought has ended, or nothing ever was.</summary>
    Expired,
    Suspended,
    DataUsedUp,
    WrongDevice,
}

/// <param name="AddressPool">It or the list is needed, or both.</param>
/// <param name="Kbps">Either way.</param>
public sealed record LimitedAccessTerms(LimitedReason Reason, string? AddressPool, string? AddressList, int Kbps, TimeSpan Length)
{
    public const int MaxKbps = 100_000;
    public static readonly TimeSpan MinLength = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan MaxLength = TimeSpan.FromHours(1);

    /// <returns>The name of the first property that cannot stand; null when all is well.</returns>
    public static string? FaultIn(LimitedAccessTerms terms) => terms switch
    {
        _ when RouterName.Typed(terms.AddressPool) is null && RouterName.Typed(terms.AddressList) is null => nameof(AddressPool),
        _ when RouterName.Typed(terms.AddressPool) is { } pool && !RouterName.IsValid(pool) => nameof(AddressPool),
        _ when RouterName.Typed(terms.AddressList) is { } list && !RouterName.IsValid(list) => nameof(AddressList),
        { Kbps: < 1 or > MaxKbps } => nameof(Kbps),
        _ when terms.Length < MinLength || terms.Length > MaxLength => nameof(Length),
        _ => null,
    };
}

internal sealed class LimitedAccessConfiguration : IEntityTypeConfiguration<LimitedAccess>
{
    public void Configure(EntityTypeBuilder<LimitedAccess> access)
    {
        access.ToTable("limited_access", table =>
        {
            table.HasCheckConstraint("ck_limited_access_place", "address_pool is not null or address_list is not null");
            table.HasCheckConstraint("ck_limited_access_speed", "kbps > 0");
            table.HasCheckConstraint("ck_limited_access_length", "length between interval '1 minute' and interval '1 hour'");
        });
        access.Property(a => a.AddressPool).HasMaxLength(RouterName.MaxLength);
        access.Property(a => a.AddressList).HasMaxLength(RouterName.MaxLength);
        access.HasIndex(a => new { a.TenantId, a.Reason }).IsUnique();
    }
}
