using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Payments;

/// <summary>
/// Sends the prompts that wait. Each is claimed before it is sent and is never sent twice: after a crash in between it
/// is not known whether the payer saw it, and only the provider's word settles it.
/// </summary>
public sealed partial class PromptSender(
    PlatformDatabase platform, TenantRounds rounds, TimeProvider clock, ILogger<PromptSender> logger) : IDisposable
{
    /// <summary>A prompt later than this would surprise a payer who has walked away.</summary>
    private static readonly TimeSpan TooLate = TimeSpan.FromMinutes(1);

    /// <summary>Where the provider has no name for it there is nothing to ask by; a callback still settles it after this.</summary>
    private static readonly TimeSpan Hopeless = TimeSpan.FromHours(3);

    private const int AtOnce = 256;

    /// <summary>A provider that takes its time, or its keys that do not work, leave the others their places.</summary>
    private const int AtOnceOfAccount = 32;

    private readonly SemaphoreSlim _places = new(AtOnce);

    /// <summary>Sends what is due, and waits for the provider's answers.</summary>
    /// <returns>How many were claimed; more may wait when there was no place for them.</returns>
    public async Task<int> SendDueAsync(CancellationToken cancellationToken)
    {
        var sending = await BeginDueAsync(cancellationToken);
        await Task.WhenAll(sending);
        return sending.Count;
    }

    /// <summary>
    /// Begins to send what is due, as far as there are places, and waits for one when there is none: a provider that is slow
    /// to answer one prompt holds up no other.
    /// </summary>
    /// <returns>Those that are on their way now. They do not fail, and what was begun is not cancelled.</returns>
    public async Task<IReadOnlyCollection<Task>> BeginDueAsync(CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        var places = 1;
        try
        {
            while (places < AtOnce && await _places.WaitAsync(TimeSpan.Zero, cancellationToken))
                places++;
            var now = clock.GetUtcNow();
            var claimed = await ClaimAsync(places, now, cancellationToken);
            places -= claimed.Count;
            return claimed.ConvertAll(row => SendAsync(row, now));
        }
        finally
        {
            Free(places);
        }
    }

    /// <summary>Waits until nothing is on its way any more, as long as the host lets it. Nothing must be begun meanwhile.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        var places = 0;
        try
        {
            for (; places < AtOnce; places++)
                await _places.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogLeft(AtOnce - places - _places.CurrentCount);
        }
        finally
        {
            Free(places);
        }
    }

    public void Dispose() => _places.Dispose();

    /// <summary>The provider's client has a time-out of its own; a stop must not lose the answer.</summary>
    private async Task SendAsync(RowKey row, DateTimeOffset claimedAt)
    {
        try
        {
            await rounds.ForEachAsync<PromptDelivery>(
                [row], 1, (delivery, request, token) => delivery.SendAsync(request, claimedAt, token), CancellationToken.None);
        }
        finally
        {
            Free(1);
        }
    }

    private void Free(int places)
    {
        if (places == 0)
            return;
        try
        {
            _places.Release(places);
        }
        catch (ObjectDisposedException)
        {
            // The host waited no longer: nobody wants a place any more.
        }
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
                .SetProperty(r => r.State, PaymentRequestState.SubmittedUnknown)
                .SetProperty(r => r.NextQueryAt, r => r.CheckoutRequestId == null ? null : clock.GetUtcNow()), cancellationToken);
        var longAgo = clock.GetUtcNow() - Hopeless;
        var hopeless = await requests
            .Where(r => r.State == PaymentRequestState.SubmittedUnknown && r.CheckoutRequestId == null && r.CreatedAt < longAgo)
            .ExecuteUpdateAsync(set => set
                .SetProperty(r => r.State, PaymentRequestState.Expired)
                .SetProperty(r => r.SettledAt, clock.GetUtcNow()), cancellationToken);
        await db.CommitAsync(cancellationToken);
        if (unsent + lost + hopeless > 0)
            LogSwept(unsent, lost, hopeless);
        return unsent + lost + hopeless;
    }

    /// <summary>The oldest first; what of its account is on its way already, by whichever process, counts.</summary>
    private async Task<List<RowKey>> ClaimAsync(int most, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var oldest = now - TooLate;
        await using var db = await platform.OpenAsync(cancellationToken);
        var claimed = await db.Database.SqlQuery<RowKey>($"""
            with due as (
              select one.place
              from (select distinct tenant_id, payment_account_id from payment_requests
                    where state = 'Created' and created_at >= {oldest}) account
              cross join lateral (
                  select w.ctid as place, w.created_at from payment_requests w
                  where w.tenant_id = account.tenant_id and w.payment_account_id = account.payment_account_id
                    and w.state = 'Created' and w.created_at >= {oldest}
                  order by w.created_at
                  limit greatest(0, {AtOnceOfAccount} - (
                      select count(*) from payment_requests s
                      where s.tenant_id = account.tenant_id and s.payment_account_id = account.payment_account_id
                        and s.state = 'Submitting' and s.submitted_at >= {oldest}))
                  for update skip locked) one
              order by one.created_at limit {most})
            update payment_requests r set state = 'Submitting', submitted_at = {now} from due where r.ctid = due.place
            returning r.tenant_id, r.id
            """).ToListAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
        return claimed;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} prompts were on their way when the process ended")]
    private partial void LogLeft(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Unsent} prompts were not sent in time, of {Lost} the answer was lost, {Hopeless} are given up")]
    private partial void LogSwept(int unsent, int lost, int hopeless);
}

/// <summary>One prompt on its way to one phone, in its tenant's scope.</summary>
internal sealed partial class PromptDelivery(
    IspDatabase database, PaymentProviders providers, TimeProvider clock, ILogger<PromptDelivery> logger)
{
    /// <summary>How long a database that is away is waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    public async Task SendAsync(Guid requestId, DateTimeOffset claimedAt, CancellationToken cancellationToken)
    {
        if (await ReadOrPutBackAsync(requestId, claimedAt, cancellationToken) is not { } read)
            return;

        var (account, prompt) = read;
        var result = await providers.StartAsync(account, prompt, cancellationToken);
        LogResult(requestId, result);
        // Nobody else has what the provider said: lost, the prompt could not be asked after.
        await InsistAsync(requestId, () => SaveAsync(requestId, result, cancellationToken), cancellationToken);
    }

    /// <returns>Null when the database was away: nothing was sent, and somebody else may do so once it is back.</returns>
    private async Task<(PaymentAccount Account, PromptToSend Prompt)?> ReadOrPutBackAsync(
        Guid requestId, DateTimeOffset claimedAt, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(requestId, cancellationToken);
        }
        catch (Exception exception) when (DatabaseAway.Explains(exception))
        {
            LogNotRead(exception, requestId);
        }

        await Task.Delay(BetweenTries, clock, cancellationToken);
        await InsistAsync(requestId, () => PutBackAsync(requestId, claimedAt, cancellationToken), cancellationToken);
        return null;
    }

    /// <param name="save">Changes nothing the second time: a commit may have worked whose answer was lost.</param>
    private async Task InsistAsync(Guid requestId, Func<Task> save, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await save();
                return;
            }
            catch (Exception exception) when (DatabaseAway.Explains(exception) && clock.GetElapsedTime(began) < Patience)
            {
                LogNotSaved(exception, requestId);
                await Task.Delay(BetweenTries, clock, cancellationToken);
            }
        }
    }

    private async Task PutBackAsync(Guid requestId, DateTimeOffset claimedAt, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        (await PaymentRows.LockRequestAsync(db, requestId, cancellationToken))!.PutBack(claimedAt);
        await db.CommitAsync(cancellationToken);
    }

    private async Task SaveAsync(Guid requestId, PromptResult result, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var request = await PaymentRows.LockRequestAsync(db, requestId, cancellationToken);
        switch (result)
        {
            case PromptResult.Accepted accepted:
                request!.Accepted(accepted.SubmissionId, accepted.Reference, clock.GetUtcNow());
                break;
            case PromptResult.Refused refused:
                request!.Rejected(refused.Kind.ToString(), refused.Message.Truncate(300), clock.GetUtcNow());
                break;
            case PromptResult.OutcomeUnknown unknown:
                request!.OutcomeUnknown(unknown.Reason.Truncate(300), clock.GetUtcNow());
                break;
        }

        await db.CommitAsync(cancellationToken);
    }

    private async Task<(PaymentAccount, PromptToSend)> ReadAsync(Guid requestId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var read = await (
            from asked in db.PaymentRequests
            join at in db.PaymentAccounts on asked.PaymentAccountId equals at.Id
            join customer in db.Customers on asked.CustomerId equals customer.Id
            join tenant in db.Tenants on asked.TenantId equals tenant.Id
            where asked.Id == requestId
            select new { Request = asked, Account = at, customer.Number, customer.Email, tenant.Currency }).AsNoTracking().SingleAsync(cancellationToken);
        var request = read.Request;
        return (read.Account, new PromptToSend(
            request.Id, request.Phone, request.Amount, read.Currency, request.Reference ?? $"{read.Number}", request.CheckoutRequestId, read.Email));
    }

    private void LogResult(Guid requestId, PromptResult result)
    {
        if (result is PromptResult.Refused refused)
            LogRefused(requestId, refused.Kind, refused.Code, refused.Message);
        else if (result is PromptResult.OutcomeUnknown unknown)
            LogUnknown(requestId, unknown.Reason);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Prompt {RequestId} could not be read, and was not sent; it is put back")]
    private partial void LogNotRead(Exception exception, Guid requestId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What became of prompt {RequestId} could not be written; it is tried again")]
    private partial void LogNotSaved(Exception exception, Guid requestId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Prompt {RequestId} was refused ({Kind}, {Code}): {Message}")]
    private partial void LogRefused(Guid requestId, ProviderRefusal kind, string code, string message);

    [LoggerMessage(Level = LogLevel.Warning, Message = "It is not known whether prompt {RequestId} reached the payer: {Reason}")]
    private partial void LogUnknown(Guid requestId, string reason);
}
