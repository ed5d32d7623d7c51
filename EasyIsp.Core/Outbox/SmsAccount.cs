using EasyIsp.Core.Outbox.Sms;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Outbox;

/// <summary>A tenant's account at an SMS gateway of the partner-id platform (TextSMS, Celcom, Advanta; sms.md, 1).</summary>
public sealed class SmsAccount : TenantEntity
{
    private SmsAccount() { }

    /// <summary>The gateway's address without path, as <c>https://sms.textsms.co.ke</c>.</summary>
    public string BaseUrl { get; private set; } = null!;

    public string PartnerId { get; private set; } = null!;
    public Secret ApiKey { get; private set; } = null!;

    /// <summary>The approved sender id ("shortcode"), case-sensitive.</summary>
    public string SenderId { get; private set; } = null!;

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? DisabledAt { get; private set; }

    public static SmsAccount Open(
        Guid tenantId, string baseUrl, string partnerId, Secret apiKey, string senderId, DateTimeOffset now)
    {
        if (!SmsAccountRules.IsAddress(baseUrl))
            throw new ArgumentException("The gateway's address begins with https://.", nameof(baseUrl));
        ArgumentException.ThrowIfNullOrWhiteSpace(partnerId);
        ArgumentException.ThrowIfNullOrWhiteSpace(senderId);

        return new SmsAccount
        {
            TenantId = tenantId,
            Id = Guid.CreateVersion7(now),
            BaseUrl = baseUrl.TrimEnd('/'),
            PartnerId = partnerId,
            ApiKey = apiKey,
            SenderId = senderId,
            CreatedAt = now,
        };
    }

    public void Disable(DateTimeOffset now) => DisabledAt ??= now;

    /// <exception cref="System.Security.Cryptography.CryptographicException">The key cannot be read in this installation.</exception>
    internal SmsCredentials Credentials(SecretCodec codec) => new(new Uri(BaseUrl), codec.Reveal(TenantId, ApiKey), PartnerId, SenderId);
}

internal sealed class SmsAccountConfiguration : IEntityTypeConfiguration<SmsAccount>
{
    public void Configure(EntityTypeBuilder<SmsAccount> account)
    {
        account.ToTable("sms_accounts");
        account.Property(a => a.BaseUrl).HasMaxLength(SmsAccountRules.MaxBaseUrlLength);
        account.Property(a => a.PartnerId).HasMaxLength(SmsAccountRules.MaxPartnerIdLength);
        account.Property(a => a.SenderId).HasMaxLength(SmsAccountRules.MaxSenderIdLength);
    }
}
