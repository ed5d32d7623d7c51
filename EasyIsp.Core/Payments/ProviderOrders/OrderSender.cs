using System.Security.Cryptography;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EasyIsp.Core.Payments.ProviderOrders;

/// <summary>
/// Sends the orders that wait. Each is claimed before it is sent and is never sent twice: after a crash in between its
/// outcome is unknown.
/// </summary>
public sealed partial class OrderSender(PlatformDatabase platform, TenantRounds rounds, TimeProvider clock, ILogger<OrderSender> logger)
{
    private const int Batch = 16;

    /// <summary>What could not be put together is tried again, but not in a circle.</summary>
    public static readonly TimeSpan TriedAgainAfter = TimeSpan.FromSeconds(30);

    /// <summary>Longer than a submission may take.</summary>
    private static readonly TimeSpan CrashedAfter = TimeSpan.FromMinutes(2);

    /// <returns>How many were claimed; more may wait when it is a full batch.</returns>
    public async Task<int> SendDueAsync(CancellationToken cancellationToken)
    {
        var claimed = await ClaimAsync(cancellationToken);
        await rounds.ForEachAsync<OrderDelivery>(
            claimed, Batch, (delivery, order, token) => delivery.SendAsync(order, token), cancellationToken);
        return claimed.Count;
    }

    /// <summary>Orders that a crash left between claim and answer.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var before = now - CrashedAfter;
        await using var db = await platform.OpenAsync(cancellationToken);
        var lost = await db.Database.ExecuteSqlAsync(
            $"""
            update provider_orders
            set state = 'Unknown', result_text = 'The answer to its submission was lost',
                next_look_at = case kind when 'Payout' then {now}::timestamptz when 'Reversal' then {now + ProviderOrder.MayStillBeTold}::timestamptz end
            where state = 'Submitting' and created_at < {before} and submitted_at < {before}
            """, cancellationToken);
        await db.CommitAsync(cancellationToken);
        if (lost > 0)
            LogSwept(lost);
        return lost;
    }

    private async Task<List<RowKey>> ClaimAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var triedBefore = now - TriedAgainAfter;
        await using var db = await platform.OpenAsync(cancellationToken);
        var claimed = await db.Database.SqlQuery<RowKey>($"""
            with due as (
              select ctid as place from provider_orders
              where state = 'Created' and (submitted_at is null or submitted_at <= {triedBefore})
              order by created_at limit {Batch} for update skip locked)
            update provider_orders o set state = 'Submitting', submitted_at = {now} from due where o.ctid = due.place
            returning o.tenant_id, o.id
            """).ToListAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
        return claimed;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Of {Count} orders to the provider the answer was lost; they are not sent again")]
    private partial void LogSwept(int count);
}

/// <summary>One order on its way to the provider, in its tenant's scope.</summary>
internal sealed partial class OrderDelivery(
    IspDatabase database,
    IDarajaOperations daraja,
    SecretCodec codec,
    IEnumerable<IOrderOutcome> outcomes,
    IOptions<PaymentsOptions> options,
    ProviderMetrics metrics,
    TimeProvider clock,
    ILogger<OrderDelivery> logger)
{
    public async Task SendAsync(Guid orderId, CancellationToken cancellationToken)
    {
        var ack = await SubmitAsync(orderId, cancellationToken);

        // What the provider answered is kept also when the process is to stop: its numbers are what the order is asked after by.
        await using var db = await database.OpenAsync(CancellationToken.None);
        var order = (await OrderRows.LockAsync(db, orderId, CancellationToken.None))!;
        var now = clock.GetUtcNow();
        switch (ack)
        {
            case OperationAck.Accepted accepted:
                order.Accepted(accepted, now);
                break;
            case OperationAck.Refused refused when order.IsUnanswered:
                order.Refused(refused.Kind.ToString(), refused.Message.Truncate(300), now);
                LogRefused(orderId, order.Kind, refused.Code, refused.Message);
                await outcomes.TellAsync(db, order, result: null, CancellationToken.None);
                break;
            case OperationAck.OutcomeUnknown unknown:
                order.OutcomeUnknown(unknown.Reason.Truncate(300), now);
                LogUnknown(orderId, order.Kind, unknown.Reason);
                break;
        }

        metrics.Ordered(order);
        await db.CommitAsync(CancellationToken.None);
    }

    private async Task<OperationAck> SubmitAsync(Guid orderId, CancellationToken cancellationToken)
    {
        DarajaCredentials credentials;
        OperationOrder order;
        try
        {
            if (await ReadAsync(orderId, cancellationToken) is not { } read)
                return new OperationAck.Refused("", "The account has no initiator any more.", ProviderRefusal.Configuration);
            (credentials, order) = read;
        }
        catch (CryptographicException)
        {
            return new OperationAck.Refused("", "The stored keys or the certificate cannot be used.", ProviderRefusal.Configuration);
        }
        catch
        {
            await PutBackAsync(orderId);
            throw;
        }

        return await daraja.SubmitAsync(credentials, order, CancellationToken.None); // what is sent is not called back
    }

    /// <summary>Nothing was sent: the order waits as before. Also when the process is to stop.</summary>
    private async Task PutBackAsync(Guid orderId)
    {
        await using var db = await database.OpenAsync(CancellationToken.None);
        (await OrderRows.LockAsync(db, orderId, CancellationToken.None))?.NotSent();
        await db.CommitAsync(CancellationToken.None);
    }

    private async Task<(DarajaCredentials, OperationOrder)?> ReadAsync(Guid orderId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var order = await db.ProviderOrders.AsNoTracking().SingleAsync(o => o.Id == orderId, cancellationToken);
        var account = await db.PaymentAccounts.AsNoTracking().SingleAsync(a => a.Id == order.PaymentAccountId, cancellationToken);
        var initiator = await db.Initiators.AsNoTracking().SingleOrDefaultAsync(i => i.PaymentAccountId == account.Id, cancellationToken);
        return initiator is null ? null : (account.Credentials(codec), OrderOf(order, account, initiator));
    }

    private OperationOrder OrderOf(ProviderOrder order, PaymentAccount account, Initiator initiator)
    {
        var who = initiator.Credentials(codec);
        var addresses = AddressesOf(codec.Reveal(account.TenantId, account.CallbackKey), order.Id);
        return order.Kind switch
        {
            ProviderOrderKind.Reversal => new OperationOrder.Reversal(order.Receipt!, order.Amount!.Value)
            {
                Initiator = who, Addresses = addresses, Remarks = order.Remarks,
            },
            ProviderOrderKind.Payout => new OperationOrder.Payout(order.OriginatorConversationId!, order.Phone!.TrimStart('+'), order.Amount!.Value)
            {
                Initiator = who, Addresses = addresses, Remarks = order.Remarks,
            },
            ProviderOrderKind.Balance => new OperationOrder.Balance { Initiator = who, Addresses = addresses, Remarks = order.Remarks },
            _ => new OperationOrder.Status
            {
                Initiator = who, Addresses = addresses, Remarks = order.Remarks, Receipt = order.Receipt, ConversationId = order.OriginatorConversationId,
            },
        };
    }

    private OperationAddresses AddressesOf(string accountKey, Guid orderId)
    {
        var key = $"{accountKey}/{CallbackKeys.AttemptKey(accountKey, orderId)}";
        var portal = options.Value.PublicUrl.TrimEnd('/');
        return new OperationAddresses(new Uri($"{portal}/pay/res/{key}"), new Uri($"{portal}/pay/out/{key}"));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Order {OrderId} ({Kind}) was refused ({Code}): {Message}")]
    private partial void LogRefused(Guid orderId, ProviderOrderKind kind, string code, string message);

    [LoggerMessage(Level = LogLevel.Warning, Message = "It is not known whether order {OrderId} ({Kind}) was taken: {Reason}")]
    private partial void LogUnknown(Guid orderId, ProviderOrderKind kind, string reason);
}
