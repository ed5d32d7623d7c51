using EasyIsp.Core.Payments;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Subscriptions;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Reports;

/// <summary>What still stands between a new tenant and its first sale.</summary>
public sealed class FirstSteps(IspDatabase database)
{
    /// <returns>Null once something was sold: whoever sells knows the way.</returns>
    public async Task<FirstStepsTaken?> ReadAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await db.Purchases.AnyAsync(p => p.PaidBy != PurchaseMeans.Gift, cancellationToken))
            return null;

        return new FirstStepsTaken(
            await db.Packages.AnyAsync(p => p.ArchivedAt == null, cancellationToken),
            await db.Routers.AnyAsync(r => r.ArchivedAt == null, cancellationToken),
            await db.Routers.AnyAsync(r => r.ArchivedAt == null && r.LastHeardAt != null, cancellationToken),
            await db.PaymentAccounts.AnyAsync(a => (a.Rail == Rail.Mpesa || a.Rail == Rail.Paystack) && a.DisabledAt == null, cancellationToken),
            await db.SmsAccounts.AnyAsync(a => a.DisabledAt == null, cancellationToken));
    }
}

/// <param name="HasHeardRouter">Its RADIUS packets reach us and are believed.</param>
public sealed record FirstStepsTaken(bool HasPackage, bool HasRouter, bool HasHeardRouter, bool HasPaymentAccount, bool HasSmsAccount);
