using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments;

/// <summary>
/// The account is this router's own: what is asked for there goes by it. An account with any such row is asked nowhere else,
/// one without serves wherever a router has none of its own.
/// </summary>
public sealed class PaymentAccountRouter : TenantEntity
{
    private PaymentAccountRouter() { }

    public Guid PaymentAccountId { get; private set; }
    public Guid RouterId { get; private set; }

    internal static PaymentAccountRouter Bind(PaymentAccount account, Guid routerId, DateTimeOffset now) => new()
    {
        TenantId = account.TenantId,
        Id = Guid.CreateVersion7(now),
        PaymentAccountId = account.Id,
        RouterId = routerId,
    };
}

internal sealed class PaymentAccountRouterConfiguration : IEntityTypeConfiguration<PaymentAccountRouter>
{
    public void Configure(EntityTypeBuilder<PaymentAccountRouter> binding)
    {
        binding.ToTable("payment_account_routers");
        binding.References<PaymentAccountRouter, PaymentAccount>(nameof(PaymentAccountRouter.PaymentAccountId));
        binding.References<PaymentAccountRouter, Router>(nameof(PaymentAccountRouter.RouterId));
        binding.HasIndex(b => new { b.TenantId, b.PaymentAccountId, b.RouterId }).IsUnique();
        binding.HasIndex(b => new { b.TenantId, b.RouterId });
    }
}
