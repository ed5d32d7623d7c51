using System.Net;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>Whose a callback address is.</summary>
public sealed record CallbackOwner(Guid TenantId, Guid PaymentAccountId);

/// <summary>Finds out, before a tenant is known, whose a callback address is.</summary>
public sealed class CallbackAddresses(PlatformDatabase platform)
{
    /// <returns>Null when no account has this key.</returns>
    public async Task<CallbackOwner?> FindAsync(string accountKey, CancellationToken cancellationToken)
    {
        var digest = CallbackKeys.DigestOf(accountKey);
        await using var db = await platform.OpenAsync(cancellationToken);
        return await db.CallbackAddresses
            .Where(a => a.KeyDigest == digest)
            .Select(a => new CallbackOwner(a.TenantId, a.PaymentAccountId))
            .SingleOrDefaultAsync(cancellationToken);
    }
}

/// <summary>Keeps what a provider posts, as it came, before anything is made of it.</summary>
public sealed class CallbackInbox(IspDatabase database, TimeProvider clock)
{
    /// <summary>When this returns, the message is on disk and the provider may be told so.</summary>
    /// <param name="body">At most <see cref="ProviderMessage.MaxBodyBytes"/>.</param>
    public async Task StoreAsync(
        CallbackOwner owner, string accountKey, string attemptKey, IPAddress? source, byte[] body, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(body.Length, ProviderMessage.MaxBodyBytes);
        var requestId = CallbackKeys.RequestOf(accountKey, attemptKey);
        await using var db = await database.OpenAsync(cancellationToken);
        if (requestId is { } id && !await db.PaymentRequests.AnyAsync(r => r.Id == id, cancellationToken))
            requestId = null;

        db.ProviderMessages.Add(ProviderMessage.Receive(
            owner, ProviderMessageKind.Callback, requestId, source, body, clock.GetUtcNow()));
        await db.CommitAsync(cancellationToken);
    }

    /// <summary>As <see cref="StoreAsync"/>, of money that came to the account's own address.</summary>
    public async Task StoreConfirmationAsync(CallbackOwner owner, IPAddress? source, byte[] body, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(body.Length, ProviderMessage.MaxBodyBytes);
        await using var db = await database.OpenAsync(cancellationToken);
        db.ProviderMessages.Add(ProviderMessage.Receive(
            owner, ProviderMessageKind.Confirmation, paymentRequestId: null, source, body, clock.GetUtcNow()));
        await db.CommitAsync(cancellationToken);
    }
}
