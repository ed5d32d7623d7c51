using System.Net;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace EasyIsp.Core.Payments;

/// <summary>Whose a callback address is.</summary>
public sealed record CallbackOwner(Guid TenantId, Guid PaymentAccountId);

/// <summary>Finds out, before a tenant is known, whose a callback address is.</summary>
public sealed class CallbackAddresses(PlatformDataSource platform, TimeProvider clock)
{
    private const string Sql = """
        select a.tenant_id, a.payment_account_id from callback_addresses a
        join payment_accounts p on p.tenant_id = a.tenant_id and p.id = a.payment_account_id
        where a.key_digest = $1 and (a.valid_until is null or a.valid_until > $2) and (p.rail <> 'Mpesa') = $3
        """;

    /// <returns>Null when no M-Pesa account has this key, or has it no longer: of other rails it opens the signed door alone.</returns>
    public Task<CallbackOwner?> FindAsync(string accountKey, CancellationToken cancellationToken)
        => FindAsync(accountKey, isSigned: false, cancellationToken);

    /// <returns>Null when no account of a provider that signs has this key, or has it no longer.</returns>
    public Task<CallbackOwner?> FindSignedAsync(string accountKey, CancellationToken cancellationToken)
        => FindAsync(accountKey, isSigned: true, cancellationToken);

    private async Task<CallbackOwner?> FindAsync(string accountKey, bool isSigned, CancellationToken cancellationToken)
    {
        await using var connection = await platform.Value.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<byte[]> { TypedValue = CallbackKeys.DigestOf(accountKey) },
                new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() },
                new NpgsqlParameter<bool> { TypedValue = isSigned },
            },
        };
        await command.PrepareAsync(cancellationToken);
        await using var found = await command.ExecuteReaderAsync(cancellationToken);
        return await found.ReadAsync(cancellationToken) ? new CallbackOwner(found.GetGuid(0), found.GetGuid(1)) : null;
    }
}

/// <summary>
/// Keeps what a provider posts, as it came, before anything is made of it. What is taken at any rate is one statement and its
/// commit, of the owner's tenant and no other: providers send faster than it can be read.
/// </summary>
public sealed class CallbackInbox(IspDatabase database, PlatformDataSource platform, PaymentProviders providers, TimeProvider clock)
{
    private const string Sql = """
        insert into provider_messages (tenant_id, id, payment_account_id, kind, source, received_at, body, payment_request_id, provider_order_id)
        select $1, $2, $3, $4, $5, $6, $7,
          (select r.id from payment_requests r where r.tenant_id = $1 and r.id = $8 and r.payment_account_id = $3),
          (select o.id from provider_orders o where o.tenant_id = $1 and o.id = $9 and o.payment_account_id = $3)
        """;

    /// <summary>When this returns, the message is on disk and the provider may be told so.</summary>
    /// <param name="body">At most <see cref="ProviderMessage.MaxBodyBytes"/>.</param>
    public Task StoreAsync(
        CallbackOwner owner, string accountKey, string attemptKey, IPAddress? source, byte[] body, CancellationToken cancellationToken)
        => StoreAsync(
            owner, ProviderMessageKind.Callback, source, body, CallbackKeys.RequestOf(accountKey, attemptKey), orderId: null, cancellationToken);

    /// <summary>As <see cref="StoreAsync(CallbackOwner, string, string, IPAddress?, byte[], CancellationToken)"/>, of money that came to the account's own address.</summary>
    public Task StoreConfirmationAsync(CallbackOwner owner, IPAddress? source, byte[] body, CancellationToken cancellationToken)
        => StoreAsync(owner, ProviderMessageKind.Confirmation, source, body, requestId: null, orderId: null, cancellationToken);

    /// <summary>As <see cref="StoreAsync(CallbackOwner, string, string, IPAddress?, byte[], CancellationToken)"/>, of an order's outcome, or that it is to stay unknown.</summary>
    /// <param name="kind">Result or time-out, by the address it came to.</param>
    public Task StoreResultAsync(
        CallbackOwner owner, string accountKey, string orderKey, ProviderMessageKind kind, IPAddress? source, byte[] body, CancellationToken cancellationToken)
        => StoreAsync(owner, kind, source, body, requestId: null, CallbackKeys.RequestOf(accountKey, orderKey), cancellationToken);

    /// <summary>As <see cref="StoreAsync(CallbackOwner, string, string, IPAddress?, byte[], CancellationToken)"/>, of what a provider signed and sent to the account's own address.</summary>
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

    private async Task StoreAsync(
        CallbackOwner owner, ProviderMessageKind kind, IPAddress? source, byte[] body, Guid? requestId, Guid? orderId, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(body.Length, ProviderMessage.MaxBodyBytes);
        var now = clock.GetUtcNow();
        await using var connection = await platform.Value.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = owner.TenantId },
                new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7(now) },
                new NpgsqlParameter<Guid> { TypedValue = owner.PaymentAccountId },
                new NpgsqlParameter<string> { TypedValue = kind.ToString() },
                new NpgsqlParameter { Value = (object?)source ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Inet },
                new NpgsqlParameter<DateTimeOffset> { TypedValue = now },
                new NpgsqlParameter<byte[]> { TypedValue = body },
                new NpgsqlParameter { Value = (object?)requestId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
                new NpgsqlParameter { Value = (object?)orderId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
            },
        };
        await command.PrepareAsync(cancellationToken);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
