using System.Security.Cryptography;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>
/// A phone whose app passes on the SMS that it gets about one payment account: to an address of its own, signed with a key
/// of its own where the app can sign.
/// </summary>
public sealed class ForwardingPhone : TenantEntity
{
    private ForwardingPhone() { }

    /// <summary>Whose money its messages tell of.</summary>
    public Guid PaymentAccountId { get; private set; }

    public string Name { get; private set; } = null!;

    /// <summary>What it signs with; null for an app that cannot sign, whose messages never are more than hints.</summary>
    public Secret? Key { get; private set; }

    /// <summary>The end of its address; null where knowing the address is all that proves the phone.</summary>
    public Secret? AddressKey { get; private set; }

    /// <summary>Whom its owner believes (<see cref="SmsText.Sender"/>): messages of others never book.</summary>
    public IReadOnlyList<string> Senders { get; private set; } = [];

    public string MadeBy { get; private set; } = null!;
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>To the minute.</summary>
    public DateTimeOffset? LastHeardAt { get; private set; }

    /// <summary>When something came to its address that was turned away.</summary>
    public DateTimeOffset? LastRefusedAt { get; private set; }

    public ForwardOutcome? LastRefusal { get; private set; }

    public bool Signs => Key is not null;

    internal static ForwardingPhone Add(
        Guid tenantId, ForwardingPhoneDraft draft, Secret? key, Secret? addressKey, string madeBy, DateTimeOffset now) => new()
        {
            TenantId = tenantId,
            Id = Guid.CreateVersion7(now),
            PaymentAccountId = draft.PaymentAccountId,
            Name = draft.Name.Trim(),
            Key = key,
            AddressKey = addressKey,
            Senders = [.. ForwardingPhoneRules.SendersOf(draft)],
            MadeBy = madeBy,
            CreatedAt = now,
        };

    internal void Revoke(DateTimeOffset now) => RevokedAt ??= now;
}

/// <summary>The registry of addresses: which phone the secret in a path belongs to. Holds its SHA-256 alone.</summary>
public sealed class ForwardingAddress : IRegistryEntry
{
    public const string Path = "/pay/sms";

    private ForwardingAddress() { }

    internal ForwardingAddress(string addressKey, ForwardingPhone phone)
        => (Digest, TenantId, PhoneId) = (DigestOf(addressKey), phone.TenantId, phone.Id);

    public byte[] Digest { get; private set; } = null!;
    public Guid TenantId { get; private set; }
    public Guid PhoneId { get; private set; }

    internal static byte[] DigestOf(string addressKey) => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(addressKey));

    /// <summary>128 random bits, in hexadecimal as the other secret addresses.</summary>
    internal static string NewKey() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}

/// <summary>A signature that was used, so that it is used once. Kept for as long as its time stamp would be accepted.</summary>
public sealed class UsedSignature : TenantEntity
{
    private UsedSignature() { }

    public Guid PhoneId { get; private set; }

    /// <summary>The request's nonce, or its signature where the app sends no nonce.</summary>
    public string Nonce { get; private set; } = null!;

    public DateTimeOffset At { get; private set; }

    internal static UsedSignature Note(Guid tenantId, Guid phoneId, string nonce, DateTimeOffset now)
        => new() { TenantId = tenantId, Id = Guid.CreateVersion7(now), PhoneId = phoneId, Nonce = nonce, At = now };
}

/// <summary>A phone as somebody adds it.</summary>
/// <param name="Signs">False for an app that cannot.</param>
/// <param name="Senders">Separated by commas.</param>
public sealed record ForwardingPhoneDraft(string Name, Guid PaymentAccountId, bool Signs, string Senders = ForwardingPhoneRules.UsualSender);

/// <summary>What cannot stand as it is.</summary>
public enum ForwardingPhoneFault
{
    Name,
    Account,
    Senders,
}

public static class ForwardingPhoneRules
{
    public const int MaxNameLength = 60;
    public const int MaxSenders = 10;

    /// <summary>mpesa.md, 16.</summary>
    public const string UsualSender = "MPESA";

    public static IReadOnlyList<ForwardingPhoneFault> FaultsIn(ForwardingPhoneDraft draft)
    {
        List<ForwardingPhoneFault> faults = [];
        if (draft.Name.Trim().Length is 0 or > MaxNameLength)
            faults.Add(ForwardingPhoneFault.Name);
        if (draft.PaymentAccountId == Guid.Empty)
            faults.Add(ForwardingPhoneFault.Account);
        if (SendersOf(draft).Count() is 0 or > MaxSenders)
            faults.Add(ForwardingPhoneFault.Senders);
        return faults;
    }

    internal static IEnumerable<string> SendersOf(ForwardingPhoneDraft draft)
        => draft.Senders.Split(',').Select(SmsText.Sender).Where(sender => sender.Length > 0).Distinct(StringComparer.Ordinal);
}

internal sealed class ForwardingPhoneConfiguration : IEntityTypeConfiguration<ForwardingPhone>
{
    public void Configure(EntityTypeBuilder<ForwardingPhone> phone)
    {
        phone.ToTable("forwarding_phones");
        phone.Property(p => p.Name).HasMaxLength(ForwardingPhoneRules.MaxNameLength);
        phone.Property(p => p.MadeBy).HasMaxLength(StaffUser.MaxDisplayNameLength);
        phone.References<ForwardingPhone, PaymentAccount>(nameof(ForwardingPhone.PaymentAccountId));
    }
}

internal sealed class ForwardingAddressConfiguration : IEntityTypeConfiguration<ForwardingAddress>
{
    public void Configure(EntityTypeBuilder<ForwardingAddress> address)
    {
        address.ToTable("forwarding_addresses");
        address.HasKey(a => a.Digest);
        address.HasOne<Tenant>().WithMany().HasForeignKey(a => a.TenantId);
        address.HasOne<ForwardingPhone>().WithMany().HasForeignKey(a => new { a.TenantId, a.PhoneId });
    }
}

internal sealed class UsedSignatureConfiguration : IEntityTypeConfiguration<UsedSignature>
{
    public const string OnceOnly = "ix_used_signatures_once";

    public void Configure(EntityTypeBuilder<UsedSignature> signature)
    {
        signature.ToTable("used_signatures");
        signature.Property(s => s.Nonce).HasMaxLength(SmsSignature.MaxNonceLength);
        signature.References<UsedSignature, ForwardingPhone>(nameof(UsedSignature.PhoneId));
        // A request that is sent again as it was is refused here at the latest.
        signature.HasIndex(s => new { s.TenantId, s.PhoneId, s.Nonce }).IsUnique().HasDatabaseName(OnceOnly);
        signature.HasIndex(s => s.At);
    }
}
