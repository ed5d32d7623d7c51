using System.Net;
using System.Security.Cryptography;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>A phone as its address is asked for, before a tenant is known.</summary>
public sealed record ForwardingCaller(Guid TenantId, Guid PhoneId, Guid PaymentAccountId, Secret? Key, bool IsRevoked);

/// <summary>Finds out whose a forwarding address is.</summary>
public sealed class ForwardingAddresses(PlatformDatabase platform)
{
    /// <returns>Null when no phone has this address.</returns>
    public async Task<ForwardingCaller?> FindAsync(string addressKey, CancellationToken cancellationToken)
    {
        var digest = ForwardingAddress.DigestOf(addressKey);
        await using var db = await platform.OpenAsync(cancellationToken);
        return await (
            from address in db.ForwardingAddresses
            join phone in db.ForwardingPhones.IgnoreQueryFilters([QueryFilters.Tenant])
                on new { address.TenantId, Id = address.PhoneId } equals new { phone.TenantId, phone.Id }
            where address.Digest == digest
            select new ForwardingCaller(phone.TenantId, phone.Id, phone.PaymentAccountId, phone.Key, phone.RevokedAt != null))
            .SingleOrDefaultAsync(cancellationToken);
    }
}

/// <summary>
/// Takes what a forwarding phone sends: proves it, and keeps it as it came before anything is made of it. In the tenant's
/// scope.
/// </summary>
public sealed class ForwardingDoor(IspDatabase database, SecretCodec codec, TimeProvider clock)
{
    private static readonly TimeSpan NotedEvery = TimeSpan.FromMinutes(1);

    /// <summary>When this returns <see cref="ForwardOutcome.Stored"/> or Known, the message is on disk and the phone may forget it.</summary>
    /// <param name="signature">Null when the request has none.</param>
    /// <param name="body">At most <see cref="MoneySms.MaxBodyBytes"/>.</param>
    public async Task<ForwardOutcome> TakeAsync(
        ForwardingCaller caller, SmsSignature? signature, IPAddress? from, byte[] body, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(body.Length, MoneySms.MaxBodyBytes);
        if (RefusalOf(caller, signature, body) is { } refusal)
        {
            await NoteRefusalAsync(caller, refusal, cancellationToken);
            return refusal;
        }

        var delivered = new Delivered(
            caller.Key is null ? MoneySmsSource.SecretAddress : MoneySmsSource.SignedByPhone, body, SmsEnvelope.Open(body), caller.PhoneId, caller.PaymentAccountId)
        {
            CameFrom = from,
        };
        try
        {
            return await StoreAsync(caller, signature, delivered, cancellationToken);
        }
        catch (DbUpdateException exception)
            when (exception.InnerException is PostgresException { ConstraintName: UsedSignatureConfiguration.OnceOnly })
        {
            return ForwardOutcome.Replayed;
        }
    }

    private ForwardOutcome? RefusalOf(ForwardingCaller caller, SmsSignature? signature, byte[] body)
    {
        if (caller.IsRevoked)
            return ForwardOutcome.Revoked;
        if (caller.Key is not { } key)
            return null;
        if (signature is null)
            return ForwardOutcome.NotSigned;
        if (!IsSigned(caller.TenantId, key, signature, body))
            return ForwardOutcome.Forged;
        return signature.IsFreshAt(clock.GetUtcNow()) ? null : ForwardOutcome.ClockApart;
    }

    private bool IsSigned(Guid tenantId, Secret key, SmsSignature signature, byte[] body)
    {
        try
        {
            return signature.IsOf(codec.Reveal(tenantId, key), body);
        }
        catch (CryptographicException)
        {
            return false; // a key of another installation: the phone is to be added again
        }
    }

    private async Task<ForwardOutcome> StoreAsync(
        ForwardingCaller caller, SmsSignature? signature, Delivered delivered, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await database.OpenAsync(cancellationToken);
        if (caller.Key is not null && await WasUsedAsync(db, caller.PhoneId, signature!, cancellationToken))
            return ForwardOutcome.Replayed;
        if (caller.Key is not null)
            db.UsedSignatures.Add(UsedSignature.Note(caller.TenantId, caller.PhoneId, signature!.OnceOnly, now));
        var isNew = await MoneySmsInbox.KeepAsync(db, delivered, now, cancellationToken);
        await db.ForwardingPhones
            .Where(p => p.Id == caller.PhoneId && (p.LastHeardAt == null || p.LastHeardAt < now - NotedEvery))
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.LastHeardAt, now), cancellationToken);
        await db.CommitAsync(cancellationToken);
        return isNew ? ForwardOutcome.Stored : ForwardOutcome.Known;
    }

    private static Task<bool> WasUsedAsync(IspDbContext db, Guid phoneId, SmsSignature signature, CancellationToken cancellationToken)
        => db.UsedSignatures.AnyAsync(s => s.PhoneId == phoneId && s.Nonce == signature.OnceOnly, cancellationToken);

    /// <summary>So that whoever set the phone up sees why nothing comes.</summary>
    private async Task NoteRefusalAsync(ForwardingCaller caller, ForwardOutcome refusal, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await database.OpenAsync(cancellationToken);
        await db.ForwardingPhones
            .Where(p => p.Id == caller.PhoneId && (p.LastRefusedAt == null || p.LastRefusedAt < now - NotedEvery || p.LastRefusal != refusal))
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.LastRefusedAt, now).SetProperty(p => p.LastRefusal, refusal), cancellationToken);
        await db.CommitAsync(cancellationToken);
    }
}

public enum ForwardOutcome
{
    Stored,

    /// <summary>The same SMS was stored before.</summary>
    Known,
    NotSigned,

    /// <summary>The signature is not the phone's, over this body.</summary>
    Forged,

    /// <summary>The time stamp is further from our clock than <see cref="SmsSignature.Skew"/>.</summary>
    ClockApart,

    /// <summary>The same request came before.</summary>
    Replayed,
    Revoked,
}
