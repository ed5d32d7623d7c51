using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments.ProviderOrders;

/// <summary>The API operator of one payment account: who gives orders to the provider in its name (mpesa.md, 5.1).</summary>
public sealed class Initiator : TenantEntity
{
    public const int MaxNameLength = 60;
    public const int MaxPasswordLength = 60;

    private Initiator() { }

    public Guid PaymentAccountId { get; private set; }

    /// <summary>As the organisation's portal spells the operator.</summary>
    public string Name { get; private set; } = null!;

    public Secret Password { get; private set; } = null!;

    /// <summary>Safaricom's, as it was uploaded: it encrypts the password.</summary>
    public byte[] Certificate { get; private set; } = null!;

    public DateTimeOffset SetAt { get; private set; }

    /// <summary>When an order of his was last carried out; null since he was last changed.</summary>
    public DateTimeOffset? ProvedAt { get; private set; }

    internal static Initiator Of(PaymentAccount account, DateTimeOffset now) => new()
    {
        TenantId = account.TenantId,
        Id = Guid.CreateVersion7(now),
        PaymentAccountId = account.Id,
    };

    internal void Set(string name, Secret password, byte[] certificate, DateTimeOffset now)
        => (Name, Password, Certificate, SetAt, ProvedAt) = (name, password, certificate, now, null);

    internal void Proved(DateTimeOffset now) => ProvedAt = now;

    /// <exception cref="System.Security.Cryptography.CryptographicException">The stored password cannot be read.</exception>
    internal OperationInitiator Credentials(SecretCodec codec)
        => new(Name, SecurityCredential.Of(codec.Reveal(TenantId, Password), Certificate));
}

internal sealed class InitiatorConfiguration : IEntityTypeConfiguration<Initiator>
{
    public void Configure(EntityTypeBuilder<Initiator> initiator)
    {
        initiator.ToTable("initiators");
        initiator.Property(i => i.Name).HasMaxLength(Initiator.MaxNameLength);
        initiator.References<Initiator, PaymentAccount>(nameof(Initiator.PaymentAccountId));
        initiator.HasIndex(i => new { i.TenantId, i.PaymentAccountId }).IsUnique();
    }
}
