using System.Net;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>Whose a callback address is.</summary>
public sealed record CallbackOwner(Guid TenantId, Guid PaymentAccountId);

/// <summary>Finds out, before a tenant is known, whose a callback address is.</summary>
public sealed class CallbackAddresses(PlatformDatabase platform, TimeProvider clock)
{
    /// <returns>Null when no M-Pesa account has this key, or has it no longer: of other rails it opens the signed door alone.</returns>
    public Task<CallbackOwner?> FindAsync(string accountKey, CancellationToken cancellationToken)
        => FindAsync(accountKey, isSigned: false, cancellationToken);

    /// <returns>Null when no account of a provider that signs has this key, or has it no longer.</returns>
    public Task<CallbackOwner?> FindSignedAsync(string accountKey, CancellationToken cancellationToken)
        => FindAsync(accountKey, isSigned: true, cancellationToken);

    private async Task<CallbackOwner?> FindAsync(string accountKey, bool isSigned, CancellationToken cancellationToken)
    {
        var (digest, now) = (CallbackKeys.DigestOf(accountKey), clock.GetUtcNow());
        await using var db = await platform.OpenAsync(cancellationToken);
        var accounts = db.PaymentAccounts.IgnoreQueryFilters([QueryFilters.Tenant]);
        return await db.CallbackAddresses
            .Where(a => a.KeyDigest == digest && (a.ValidUntil == null || a.ValidUntil > now))
            .Where(a => accounts.Any(p => p.TenantId == a.TenantId && p.Id == a.PaymentAccountId && (p.Rail != Rail.Mpesa) == isSigned))
            .Select(a => new CallbackOwner(a.TenantId, a.PaymentAccountId))
            .SingleOrDefaultAsync(cancellationToken);
    }
}

/// <summary>Keeps what a provider posts, as it came, before anything is made of it.</summary>
public sealed class CallbackInbox(IspDatabase database, PaymentProviders providers, TimeProvider clock)
{
    /// <summary>When this returns, the message is on disk and the provider may be told so.</summary>
    /// <param name="body">At most <see cref="ProviderMessage.MaxBodyBytes"/>.</param>
    public async Task StoreAsync(
        CallbackOwner owner, string accountKey, string attemptKey, IPAddress? source, byte[] body, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(body.Length, ProviderMessage.MaxBodyBytes);
        var requestId = CallbackKeys.RequestOf(accountKey, attemptKey);
        await using var db = await database.OpenAsync(cancellationToken);
        if (requestId is { } id && !await db.PaymentRequests.AnyAsync(r => r.Id == id && r.PaymentAccountId == owner.PaymentAccountId, cancellationToken))
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

    /// <summary>As <see cref="StoreAsync"/>, of what a provider signed and sent to the account's own address.</summary>
    /// <param name="header">Gives a header of the request by its name.</param>
    /// <returns>False when it is not signed, or with another key than the account's; nothing is kept of it.</returns>
    public async Task<bool> StoreSignedAsync(
        CallbackOwner owner, Func<string, string?> header, IPAddress? source, byte[] body, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(body.Length, ProviderMessage.MaxBodyBytes);
        await using var db = await database.OpenAsync(cancellationToken);
        var account = await db.PaymentAccounts.AsNoTracking().SingleAsync(a => a.Id == owner.PaymentAccountId, cancellationToken);
        if (!providers.Of(account.Rail).IsSigned(account, body, header))
            return false;

        db.ProviderMessages.Add(ProviderMessage.Receive(
            owner, ProviderMessageKind.Event, paymentRequestId: null, source, body, clock.GetUtcNow()));
        await db.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>As <see cref="StoreAsync"/>, of an order's outcome, or that it is to stay unknown.</summary>
    /// <param name="kind">Result or time-out, by the address it came to.</param>
    public async Task StoreResultAsync(
        CallbackOwner owner, string accountKey, string orderKey, ProviderMessageKind kind, IPAddress? source, byte[] body, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(body.Length, ProviderMessage.MaxBodyBytes);
        var orderId = CallbackKeys.RequestOf(accountKey, orderKey);
        await using var db = await database.OpenAsync(cancellationToken);
        if (orderId is { } id && !await db.ProviderOrders.AnyAsync(o => o.Id == id && o.PaymentAccountId == owner.PaymentAccountId, cancellationToken))
            orderId = null;

        db.ProviderMessages.Add(ProviderMessage.ReceiveResult(owner, kind, orderId, source, body, clock.GetUtcNow()));
        await db.CommitAsync(cancellationToken);
    }
}
