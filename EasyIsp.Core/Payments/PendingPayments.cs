using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Payments;

/// <summary>Asks the provider after requests that stay silent: callbacks get lost, money must not.</summary>
public sealed class PendingPayments(PlatformDatabase platform, TenantRounds rounds, TimeProvider clock)
{
    private const int Batch = 200;
    private const int AtOnce = 8;

    /// <returns>How many were asked after.</returns>
    public async Task<int> AskAsync(CancellationToken cancellationToken)
    {
        var due = await DueAsync(cancellationToken);
        await rounds.ForEachAsync<PaymentInquiry>(
            due, AtOnce, (inquiry, request, token) => inquiry.AskAsync(request, token), cancellationToken);
        return due.Count;
    }

    private async Task<List<RowKey>> DueAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await platform.OpenAsync(cancellationToken);
        return await db.PaymentRequests.IgnoreQueryFilters([QueryFilters.Tenant])
            .Where(r => r.NextQueryAt <= now)
            .OrderBy(r => r.NextQueryAt)
            .Take(Batch)
            .Select(r => new RowKey(r.TenantId, r.Id))
            .ToListAsync(cancellationToken);
    }
}

/// <summary>One question to the provider about one request, in its tenant's scope.</summary>
public sealed partial class PaymentInquiry(
    IspDatabase database, PaymentProviders providers, PromptBooking booking, TimeProvider clock, ILogger<PaymentInquiry> logger)
{
    /// <summary>Safe to run twice at once: whoever writes second finds the request settled.</summary>
    /// <returns>The state of the request afterwards.</returns>
    public async Task<PaymentRequestState?> AskAsync(Guid requestId, CancellationToken cancellationToken)
    {
        if (await ReadAsync(requestId, cancellationToken) is not { } question)
            return null;

        var account = question.Account;
        var answer = await providers.QueryAsync(account, question.Reference, cancellationToken);

        await using var db = await database.OpenAsync(cancellationToken);
        if (answer is PromptState.Paid paid)
            await PromptBooking.LockAsync(db, account, question.Amount, paid, cancellationToken);
        var request = await PaymentRows.LockRequestAsync(db, requestId, cancellationToken);
        if (request is null || !PaymentRequest.IsOpen(request.State))
            return request?.State;

        await ApplyAsync(db, request, account.Rail, answer, cancellationToken);
        await db.CommitAsync(cancellationToken);
        return request.State;
    }

    private async Task ApplyAsync(IspDbContext db, PaymentRequest request, Rail rail, PromptState answer, CancellationToken cancellationToken)
    {
        switch (answer)
        {
            case PromptState.Paid paid:
                await PaidAsync(db, request, rail, paid, cancellationToken);
                break;
            case PromptState.Failed failed:
                request.Failed(failed.Code, failed.Description.Truncate(300), clock.GetUtcNow());
                break;
            default:
                request.AskAgain(clock.GetUtcNow());
                break;
        }
    }

    /// <summary>What cannot be booked as it is told is kept for a person, once.</summary>
    private async Task PaidAsync(IspDbContext db, PaymentRequest request, Rail rail, PromptState.Paid paid, CancellationToken cancellationToken)
    {
        var (outcome, note) = await booking.PaidAsync(db, request, rail, paid, cancellationToken);
        if (request.State == PaymentRequestState.Paid)
        {
            LogPaid(request.Id);
            return;
        }

        if (PaymentRequest.IsOpen(request.State))
            request.AskAgain(clock.GetUtcNow());
        if (paid.Body is not { } body
            || await db.ProviderMessages.AnyAsync(m => m.PaymentRequestId == request.Id && m.Outcome == outcome, cancellationToken))
        {
            return;
        }

        db.ProviderMessages.Add(ProviderMessage.Answered(request, paid.Receipt, body, outcome, note?.Truncate(300), clock.GetUtcNow()));
        LogFlagged(request.Id, outcome, note);
    }

    private async Task<Question?> ReadAsync(Guid requestId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var request = await db.PaymentRequests.AsNoTracking().SingleOrDefaultAsync(r => r.Id == requestId, cancellationToken);
        if (request?.CheckoutRequestId is not { } reference || !PaymentRequest.IsOpen(request.State))
            return null;

        var account = await db.PaymentAccounts.AsNoTracking().SingleAsync(a => a.Id == request.PaymentAccountId, cancellationToken);
        return new Question(account, reference, request.Amount);
    }

    private sealed record Question(PaymentAccount Account, string Reference, decimal Amount);

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} is paid, says the provider when asked; its callback has not come")]
    private partial void LogPaid(Guid requestId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What the provider says of request {RequestId} when asked is flagged as {Outcome}: {Note}")]
    private partial void LogFlagged(Guid requestId, ProviderMessageOutcome outcome, string? note);
}
