using EasyIsp.Core.Hotspot;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Portal.Payments;

/// <summary>Finds who paid, for a person who holds the provider's receipt and lost the way back.</summary>
internal sealed class PaidReceipts(IspDatabase database, PaymentInquiry inquiry, HotspotVisits visits, HotspotAccess access)
{
    /// <returns>The customer whose payment has this receipt; null when no such payment has come.</returns>
    public async Task<Guid?> PayerOfAsync(string receipt, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.Payments.Where(p => p.Receipt == receipt).Select(p => p.CustomerId).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Asks the provider about what this visit has open: its callback may be lost, and a query names no receipt.</summary>
    /// <returns>The request, when it turns out to be paid.</returns>
    public async Task<Guid?> AskAfterOpenAsync(HotspotVisit visit, CancellationToken cancellationToken)
    {
        if (await OpenAsync(visit, cancellationToken) is not { } requestId)
            return null;

        return await inquiry.AskAsync(requestId, cancellationToken) == PaymentRequestState.Paid ? requestId : null;
    }

    /// <summary>The visit goes on as this customer's.</summary>
    /// <returns>False when what he bought is over.</returns>
    public async Task<bool> WelcomeAsync(HotspotVisit visit, Guid customerId, CancellationToken cancellationToken)
    {
        await visits.RememberCustomerAsync(visit.Key, customerId, cancellationToken);
        return await visits.FindAsync(visit.Key, cancellationToken) is { } known
            && await access.OfAsync(known, cancellationToken) is { IsUsable: true };
    }

    private async Task<Guid?> OpenAsync(HotspotVisit visit, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.PaymentRequests
            .Where(r => r.OriginId == visit.Id)
            .Where(r => r.State == PaymentRequestState.Pending || r.State == PaymentRequestState.SubmittedUnknown)
            .OrderByDescending(r => r.Id)
            .Select(r => (Guid?)r.Id)
            .FirstOrDefaultAsync(cancellationToken);
    }
}
