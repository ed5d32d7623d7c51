using System.Security.Cryptography;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>What staff do with the phones that pass SMS on, and with what their messages may do.</summary>
public sealed class ForwardingDesk(IspDatabase database, SecretCodec codec, Actor actor, AuditTrail audit, TimeProvider clock)
{
    private const int MostListed = 200;

    /// <summary>Those that are not revoked first, the newest first.</summary>
    public async Task<IReadOnlyList<ForwardingPhoneRow>> PhonesAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var rows = await (
            from phone in db.ForwardingPhones
            join account in db.PaymentAccounts on phone.PaymentAccountId equals account.Id
            orderby phone.RevokedAt != null, phone.Id descending
            select new { Phone = phone, Account = account.Name }).Take(MostListed).AsNoTracking().ToListAsync(cancellationToken);
        return [.. rows.Select(row => RowOf(row.Phone, row.Account))];
    }

    public async Task<AddPhoneOutcome> AddAsync(ForwardingPhoneDraft draft, CancellationToken cancellationToken)
    {
        if (ForwardingPhoneRules.FaultsIn(draft) is { Count: > 0 } faults)
            return new AddPhoneOutcome.Refused(faults);

        await using var db = await database.OpenAsync(cancellationToken);
        if (!await db.PaymentAccounts.AtOwnShortCode().AnyAsync(a => a.Id == draft.PaymentAccountId, cancellationToken))
            return new AddPhoneOutcome.Refused([ForwardingPhoneFault.Account]);

        var (tenantId, addressKey, key) = (db.CurrentTenantId, ForwardingAddress.NewKey(), draft.Signs ? NewSigningKey() : null);
        var phone = ForwardingPhone.Add(
            tenantId,
            draft,
            key is null ? null : codec.Protect(tenantId, key),
            key is null ? null : codec.Protect(tenantId, addressKey),
            actor.Name.Truncate(Identity.StaffUser.MaxDisplayNameLength),
            clock.GetUtcNow());
        db.ForwardingPhones.Add(phone);
        db.ForwardingAddresses.Add(new ForwardingAddress(addressKey, phone));
        audit.Record(db, "forwarding-phone.add", tenantId, new { phone.Name, phone.Signs, phone.Senders, Account = draft.PaymentAccountId });
        await db.CommitAsync(cancellationToken);
        return new AddPhoneOutcome.Added(phone.Id, PathOf(addressKey), key);
    }

    /// <summary>What it sends is refused at once; what it has sent stays.</summary>
    /// <returns>False when it was revoked before, or never was.</returns>
    public async Task<bool> RevokeAsync(Guid phoneId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await db.ForwardingPhones.SingleOrDefaultAsync(p => p.Id == phoneId && p.RevokedAt == null, cancellationToken) is not { } phone)
            return false;

        phone.Revoke(clock.GetUtcNow());
        audit.Record(db, "forwarding-phone.revoke", phone.TenantId, new { phone.Name });
        await db.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Every account that is not disabled, with what its messages may do.</summary>
    public async Task<IReadOnlyList<MoneySmsPolicyRow>> PoliciesAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var books = await db.MoneySmsPolicies.AsNoTracking().ToDictionaryAsync(p => p.PaymentAccountId, p => p.Books, cancellationToken);
        var accounts = await db.PaymentAccounts.AtOwnShortCode()
            .Where(a => a.DisabledAt == null)
            .OrderByDescending(a => a.Id)
            .Select(a => new { a.Id, a.Name, Kind = a.Kind!.Value, a.ShortCode, a.ConfirmedSince })
            .ToListAsync(cancellationToken);
        return [.. accounts.Select(a => new MoneySmsPolicyRow(
            a.Id, a.Name, a.Kind, a.ShortCode, a.ConfirmedSince is not null, books.TryGetValue(a.Id, out var families) ? families : []))];
    }

    /// <param name="books">Empty: every SMS waits for the provider's own word.</param>
    /// <returns>False when there is no such account.</returns>
    public async Task<bool> LetBookAsync(Guid accountId, IReadOnlyCollection<MoneySmsFamily> books, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await db.PaymentAccounts.AtOwnShortCode().Where(a => a.Id == accountId).Select(a => a.Name).SingleOrDefaultAsync(cancellationToken) is not { } name)
            return false;

        var policy = await db.MoneySmsPolicies.SingleOrDefaultAsync(p => p.PaymentAccountId == accountId, cancellationToken);
        if (policy is null)
            db.MoneySmsPolicies.Add(policy = MoneySmsPolicy.Of(db.CurrentTenantId, accountId, clock.GetUtcNow()));
        policy.Let(books);
        audit.Record(db, "money-sms.policy", accountId, new { Account = name, Books = policy.Books.Select(family => family.ToString()) });
        await db.CommitAsync(cancellationToken);
        return true;
    }

    internal static string PathOf(string addressKey) => $"{ForwardingAddress.Path}/{addressKey}";

    private ForwardingPhoneRow RowOf(ForwardingPhone phone, string account) => new(
        phone.Id, phone.Name, account, phone.Signs, phone.Senders, phone.AddressKey is { } key ? PathOf(codec.Reveal(phone.TenantId, key)) : null,
        phone.MadeBy, phone.CreatedAt, phone.LastHeardAt, phone.LastRefusedAt, phone.LastRefusal, phone.RevokedAt);

    /// <summary>256 random bits, in hexadecimal: people carry it from one screen to another.</summary>
    private static string NewSigningKey() => RandomNumberGenerator.GetHexString(64, lowercase: true);
}

public abstract record AddPhoneOutcome
{
    private AddPhoneOutcome() { }

    /// <param name="Path">Below the portal's address.</param>
    /// <param name="Key">The only copy there is; null for a phone that does not sign, whose path is its secret.</param>
    public sealed record Added(Guid PhoneId, string Path, string? Key) : AddPhoneOutcome;

    public sealed record Refused(IReadOnlyList<ForwardingPhoneFault> Faults) : AddPhoneOutcome;
}

/// <param name="Path">Null where it is a secret that was shown once.</param>
public sealed record ForwardingPhoneRow(
    Guid Id,
    string Name,
    string Account,
    bool Signs,
    IReadOnlyList<string> Senders,
    string? Path,
    string MadeBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastHeardAt,
    DateTimeOffset? LastRefusedAt,
    ForwardOutcome? LastRefusal,
    DateTimeOffset? RevokedAt);

/// <param name="IsRegistered">The provider confirms what comes to it, so that hints get confirmed.</param>
public sealed record MoneySmsPolicyRow(
    Guid PaymentAccountId, string Account, ShortCodeKind Kind, string ShortCode, bool IsRegistered, IReadOnlyList<MoneySmsFamily> Books);
