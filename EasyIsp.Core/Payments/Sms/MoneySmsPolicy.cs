using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>
/// Which messages about one account book without the provider's own word. An account without a row lets none: every SMS is
/// a hint.
/// </summary>
public sealed class MoneySmsPolicy : TenantEntity
{
    private MoneySmsPolicy() { }

    public Guid PaymentAccountId { get; private set; }
    public IReadOnlyList<MoneySmsFamily> Books { get; private set; } = [];

    internal static MoneySmsPolicy Of(Guid tenantId, Guid accountId, DateTimeOffset now)
        => new() { TenantId = tenantId, Id = Guid.CreateVersion7(now), PaymentAccountId = accountId };

    internal void Let(IEnumerable<MoneySmsFamily> families) => Books = [.. families.Distinct().Order()];
}

internal sealed class MoneySmsPolicyConfiguration : IEntityTypeConfiguration<MoneySmsPolicy>
{
    public void Configure(EntityTypeBuilder<MoneySmsPolicy> policy)
    {
        policy.ToTable("money_sms_policies");
        policy.PrimitiveCollection(p => p.Books).ElementType().HasConversion<string>();
        policy.References<MoneySmsPolicy, PaymentAccount>(nameof(MoneySmsPolicy.PaymentAccountId));
        policy.HasIndex(p => new { p.TenantId, p.PaymentAccountId }).IsUnique();
    }
}
