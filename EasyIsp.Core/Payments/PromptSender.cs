using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EasyIsp.Core.Payments;

/// <summary>
/// Sends the prompts that wait. Each is claimed before it is sent and is never sent twice: after a crash in between it
/// is not known whether the payer saw it, and only the provider's word settles it.
/// </summary>
public sealed partial class PromptSender(
    PlatformDatabase platform, TenantRounds rounds, TimeProvider clock, ILogger<PromptSender> logger)
{
    /// <summary>A prompt later than this would surprise a payer who has walked away.</summary>
    private static readonly TimeSpan TooLate = TimeSpan.FromMinutes(1);

    /// <summary>Without a checkout id there is nothing to ask the provider by; a callback still settles it after this.</summary>
    private static readonly TimeSpan Hopeless = TimeSpan.FromHours(3);

    private const int Batch = 32;

    /// <returns>How many were claimed; more may wait when it is a full batch.</returns>
    public async Task<int> SendDueAsync(CancellationToken cancellationToken)
    {
        var claimed = await ClaimAsync(cancellationToken);
        await rounds.ForEachAsync<PromptDelivery>(
            claimed, Batch, (delivery, request, token) => delivery.SendAsync(request, token), cancellationToken);
        return claimed.Count;
    }

    /// <summary>Requests that a crash left between claim and answer, and those that nobody sent in time.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - TooLate;
        await using var db = await platform.OpenAsync(cancellationToken);
        var requests = db.PaymentRequests.IgnoreQueryFilters([QueryFilters.Tenant]).Where(r => r.CreatedAt < before);
        var unsent = await requests.Where(r => r.State == PaymentRequestState.Created)
            .ExecuteUpdateAsync(set => set
                .SetProperty(r => r.State, PaymentRequestState.Expired)
                .SetProperty(r => r.SettledAt, clock.GetUtcNow()), cancellationToken);
        var lost = await requests.Where(r => r.State == PaymentRequestState.Submitting && r.SubmittedAt < before)
            .ExecuteUpdateAsync(set => set
                .SetProperty(r => r.State, PaymentRequestState.SubmittedUnknown), cancellationToken);
        var longAgo = clock.GetUtcNow() - Hopeless;
        var hopeless = await requests.Where(r => r.State == PaymentRequestState.SubmittedUnknown && r.CreatedAt < longAgo)
            .ExecuteUpdateAsync(set => set
                .SetProperty(r => r.State, PaymentRequestState.Expired)
                .SetProperty(r => r.SettledAt, clock.GetUtcNow()), cancellationToken);
        await db.CommitAsync(cancellationToken);
        if (unsent + lost + hopeless > 0)
            LogSwept(unsent, lost, hopeless);
        return unsent + lost + hopeless;
    }

    private async Task<List<RowKey>> ClaimAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var oldest = now - TooLate;
        await using var db = await platform.OpenAsync(cancellationToken);
        var claimed = await db.Database.SqlQuery<RowKey>($"""
            update payment_requests r set state = 'Submitting', submitted_at = {now}
            from (select tenant_id, id from payment_requests
                  where state = 'Created' and created_at >= {oldest}
                  order by created_at limit {Batch} for update skip locked) due
            where r.tenant_id = due.tenant_id and r.id = due.id
            returning r.tenant_id, r.id
            """).ToListAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
        return claimed;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Unsent} prompts were not sent in time, of {Lost} the answer was lost, {Hopeless} are given up")]
    private partial void LogSwept(int unsent, int lost, int hopeless);
}

/// <summary>One prompt on its way to one phone, in its tenant's scope.</summary>
internal sealed partial class PromptDelivery(
    IspDatabase database, IDarajaClient daraja, SecretCodec codec, IOptions<PaymentsOptions> options, TimeProvider clock, ILogger<PromptDelivery> logger)
{
    public async Task SendAsync(Guid requestId, CancellationToken cancellationToken)
    {
        var result = await PushAsync(requestId, cancellationToken);

        await using var db = await database.OpenAsync(cancellationToken);
        var request = await PaymentRows.LockRequestAsync(db, requestId, cancellationToken);
        switch (result)
        {
            case StkPushResult.Accepted accepted:
                request!.Accepted(accepted.MerchantRequestId, accepted.CheckoutRequestId, clock.GetUtcNow());
                break;
            case StkPushResult.Refused refused:
                request!.Rejected(refused.Kind.ToString(), refused.Message.Truncate(300), clock.GetUtcNow());
                LogRefused(requestId, refused.Kind, refused.Code, refused.Message);
                break;
            case StkPushResult.OutcomeUnknown unknown:
                request!.OutcomeUnknown(unknown.Reason.Truncate(300));
                LogUnknown(requestId, unknown.Reason);
                break;
        }

        await db.CommitAsync(cancellationToken);
    }

    private async Task<StkPushResult> PushAsync(Guid requestId, CancellationToken cancellationToken)
    {
        DarajaCredentials credentials;
        StkPushOrder order;
        try
        {
            (credentials, order) = await ReadAsync(requestId, cancellationToken);
        }
        catch (ArgumentException exception)
        {
            // What the provider would refuse is refused here, and nothing was sent: the payer may try again.
            return new StkPushResult.Refused("", exception.Message, StkRefusal.BadInput);
        }

        return await daraja.PushAsync(credentials, order, cancellationToken);
    }

    private async Task<(DarajaCredentials, StkPushOrder)> ReadAsync(Guid requestId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var request = await db.PaymentRequests.AsNoTracking().SingleAsync(r => r.Id == requestId, cancellationToken);
        var account = await db.PaymentAccounts.AsNoTracking().SingleAsync(a => a.Id == request.PaymentAccountId, cancellationToken);
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == request.CustomerId, cancellationToken);
        var accountKey = codec.Reveal(account.TenantId, account.CallbackKey);
        var callback = new Uri($"{options.Value.PublicUrl.TrimEnd('/')}/pay/cb/{accountKey}/{CallbackKeys.AttemptKey(accountKey, request.Id)}");
        return (
            account.Credentials(codec),
            new StkPushOrder(request.Phone, request.Amount, request.Reference ?? $"{customer.Number}", "Internet", callback));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Prompt {RequestId} was refused ({Kind}, {Code}): {Message}")]
    private partial void LogRefused(Guid requestId, StkRefusal kind, string code, string message);

    [LoggerMessage(Level = LogLevel.Warning, Message = "It is not known whether prompt {RequestId} reached the payer: {Reason}")]
    private partial void LogUnknown(Guid requestId, string reason);
}
