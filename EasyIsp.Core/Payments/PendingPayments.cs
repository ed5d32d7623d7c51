using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
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
    IspDatabase database, IDarajaClient daraja, Settlement settlement, SecretCodec codec, TimeProvider clock, ILogger<PaymentInquiry> logger)
{
    /// <summary>Safe to run twice at once: whoever writes second finds the request settled.</summary>
    /// <returns>The state of the request afterwards.</returns>
    public async Task<PaymentRequestState?> AskAsync(Guid requestId, CancellationToken cancellationToken)
    {
        if (await ReadAsync(requestId, cancellationToken) is not { } question)
            return null;

        var answer = await daraja.QueryAsync(question.Credentials, question.CheckoutRequestId, cancellationToken);

        await using var db = await database.OpenAsync(cancellationToken);
        if (answer is StkQueryResult.Paid && question.Credentials.TransactionType == StkTransactionType.CustomerBuyGoodsOnline)
            await PaymentRows.LockTillAsync(db, question.Credentials.ShortCode, question.Amount, cancellationToken);
        var request = await PaymentRows.LockRequestAsync(db, requestId, cancellationToken);
        if (request is null || !PaymentRequest.IsOpen(request.State))
            return request?.State;

        await ApplyAsync(db, request, answer, cancellationToken);
        await db.CommitAsync(cancellationToken);
        return request.State;
    }

    private async Task ApplyAsync(IspDbContext db, PaymentRequest request, StkQueryResult answer, CancellationToken cancellationToken)
    {
        switch (answer)
        {
            case StkQueryResult.Paid:
                await settlement.SettleAsync(db, request, new PaidEvidence(Receipt: null, PaidAt: null), cancellationToken);
                LogPaid(request.Id);
                break;
            // Of a code that nobody knows only a callback is believed (mpesa.md, 3.9).
            case StkQueryResult.Failed failed when StkResultCode.Of(failed.Code).Class is not StkResultClass.Unknown:
                request.Failed(failed.Code, failed.Description.Truncate(300), clock.GetUtcNow());
                break;
            default:
                request.AskAgain(clock.GetUtcNow());
                break;
        }
    }

    private async Task<Question?> ReadAsync(Guid requestId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var request = await db.PaymentRequests.AsNoTracking().SingleOrDefaultAsync(r => r.Id == requestId, cancellationToken);
        if (request?.CheckoutRequestId is not { } checkoutRequestId || !PaymentRequest.IsOpen(request.State))
            return null;

        var account = await db.PaymentAccounts.AsNoTracking().SingleAsync(a => a.Id == request.PaymentAccountId, cancellationToken);
        return new Question(account.Credentials(codec), checkoutRequestId, request.Amount);
    }

    private sealed record Question(DarajaCredentials Credentials, string CheckoutRequestId, decimal Amount);

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} is paid, says the provider when asked; its callback has not come")]
    private partial void LogPaid(Guid requestId);
}
