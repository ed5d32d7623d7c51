using System.Security.Cryptography;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Outbox.Sms;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Outbox;

/// <summary>Sets up by which gateway a tenant's texts go. One account is in use at a time.</summary>
public sealed class SmsAccounts(
    IspDatabase database, SecretCodec codec, ISmsGateway gateway, AuditTrail audit, TimeProvider clock)
{
    /// <returns>The account in use; null when there is none and no text is sent.</returns>
    public async Task<SmsAccountRow?> FindAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await InUse(db)
            .Select(a => new SmsAccountRow(a.Id, a.BaseUrl, a.PartnerId, a.SenderId, a.CreatedAt))
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>The account takes the place of the one in use; what waits to be sent goes by it.</summary>
    public async Task<SmsAccountOutcome> OpenAsync(NewSmsAccount wanted, CancellationToken cancellationToken)
    {
        if (SmsAccountRules.FaultsIn(wanted) is { Count: > 0 } faults)
            return new SmsAccountOutcome.Refused(faults);

        await using var db = await database.OpenAsync(cancellationToken);
        foreach (var previous in await InUse(db).ToListAsync(cancellationToken))
            previous.Disable(clock.GetUtcNow());

        var account = SmsAccount.Open(
            db.CurrentTenantId,
            wanted.BaseUrl,
            wanted.PartnerId,
            codec.Protect(db.CurrentTenantId, wanted.ApiKey),
            wanted.SenderId,
            clock.GetUtcNow());
        db.SmsAccounts.Add(account);
        audit.Record(db, "sms-account.open", account.Id, new { account.BaseUrl, account.PartnerId, account.SenderId });
        await db.CommitAsync(cancellationToken);
        return new SmsAccountOutcome.Opened(account.Id);
    }

    /// <summary>No text is sent until another account is opened; what waits is given up when its turn comes.</summary>
    /// <returns>False when none was in use.</returns>
    public async Task<bool> DisableAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var accounts = await InUse(db).ToListAsync(cancellationToken);
        foreach (var account in accounts)
        {
            account.Disable(clock.GetUtcNow());
            audit.Record(db, "sms-account.disable", account.Id, new { account.BaseUrl, account.SenderId });
        }

        await db.CommitAsync(cancellationToken);
        return accounts.Count > 0;
    }

    /// <returns>Null when no account is in use.</returns>
    public async Task<SmsBalanceResult?> BalanceAsync(CancellationToken cancellationToken)
    {
        if (await ReadAsync(cancellationToken) is not { } account)
            return null;

        try
        {
            return await gateway.BalanceAsync(account.Credentials(codec), cancellationToken);
        }
        catch (CryptographicException)
        {
            return new SmsBalanceResult.Unknown("The stored key cannot be read; enter it again");
        }
    }

    /// <summary>Writes a text to be sent like any other, so that it proves the whole way.</summary>
    /// <param name="phone">In any spelling of the tenant's country.</param>
    public async Task<TestTextOutcome> SendTestAsync(string? phone, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var tenant = await db.Tenants.AsNoTracking().SingleAsync(t => t.Id == db.CurrentTenantId, cancellationToken);
        if (PhoneNumber.Normalize(phone, tenant.Country) is not { } recipient)
            return new TestTextOutcome.NoPhone();
        if (!await InUse(db).AnyAsync(cancellationToken))
            return new TestTextOutcome.NoAccount();

        var text = tenant.Language == "sw" ? $"{tenant.Name}: ujumbe wa majaribio." : $"{tenant.Name}: this is a test message.";
        var message = Message.Sms(
            tenant.Id, recipient, SmsSegments.Simplify(text), MessageClass.Transactional, customerId: null, causeId: null, clock.GetUtcNow());
        db.Messages.Add(message);
        audit.Record(db, "sms-account.send-test", message.Id, new { message.Recipient });
        await db.CommitAsync(cancellationToken);
        return new TestTextOutcome.Written(message.Id, recipient);
    }

    private static IQueryable<SmsAccount> InUse(IspDbContext db)
        => db.SmsAccounts.Where(a => a.DisabledAt == null).OrderByDescending(a => a.Id);

    private async Task<SmsAccount?> ReadAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await InUse(db).AsNoTracking().FirstOrDefaultAsync(cancellationToken);
    }
}

public sealed record SmsAccountRow(Guid Id, string BaseUrl, string PartnerId, string SenderId, DateTimeOffset CreatedAt);

public abstract record SmsAccountOutcome
{
    private SmsAccountOutcome() { }

    public sealed record Opened(Guid AccountId) : SmsAccountOutcome;

    public sealed record Refused(IReadOnlyList<SmsAccountFault> Faults) : SmsAccountOutcome;
}

public abstract record TestTextOutcome
{
    private TestTextOutcome() { }

    /// <summary>It waits in the outbox; what came of it is on its row.</summary>
    public sealed record Written(Guid MessageId, string Recipient) : TestTextOutcome;

    /// <summary>What was typed is no phone number.</summary>
    public sealed record NoPhone : TestTextOutcome;

    public sealed record NoAccount : TestTextOutcome;
}
