using EasyIsp.Core.Auditing;
using EasyIsp.Core.Payments.ProviderOrders;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Claims;

/// <summary>"I have paid already": what is known of a receipt, and when nothing is, the question to the provider.</summary>
public sealed class ReceiptClaims(IspDatabase database, OrderBook orders, Actor actor, AuditTrail audit, TimeProvider clock)
{
    /// <summary>A receipt that the provider did not know is not asked after again sooner.</summary>
    public static readonly TimeSpan PauseBetween = TimeSpan.FromMinutes(5);

    /// <summary>Questions of strangers at the portal in an hour; each is one to the provider.</summary>
    public const int MostOfPayersInAnHour = 60;

    /// <param name="receipt">Capitals and digits.</param>
    /// <param name="originId">The hotspot visit; null when staff ask, whose questions are not counted.</param>
    public async Task<ClaimOutcome> AskAsync(string receipt, Guid? originId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        await PaymentRows.LockReceiptAsync(db, receipt, cancellationToken); // two who ask at once ask once
        if (await db.Payments.Where(p => p.Receipt == receipt)
            .Select(p => new ClaimOutcome.Known(p.Id, p.PaymentRequestId)).SingleOrDefaultAsync(cancellationToken) is { } known)
        {
            return known;
        }

        var now = clock.GetUtcNow();
        if (await RecentAsync(db, receipt, originId, now, cancellationToken) is { } recent)
            return new ClaimOutcome.Asked(recent);
        if (originId is not null && await CountAsync(db, now, cancellationToken) >= MostOfPayersInAnHour)
            return new ClaimOutcome.TooMany();

        var accounts = await (
            from account in db.PaymentAccounts
            join initiator in db.Initiators on account.Id equals initiator.PaymentAccountId
            where account.DisabledAt == null
            select account.Id).ToListAsync(cancellationToken);
        if (accounts.Count == 0)
            return new ClaimOutcome.CannotAsk();

        var claim = ReceiptClaim.Make(db.CurrentTenantId, receipt, originId, actor.Name.Truncate(120), now);
        db.ReceiptClaims.Add(claim);
        foreach (var account in accounts)
            orders.AskStatus(db, account, receipt, claim.Id, actor.Name);
        if (originId is null)
            audit.Record(db, "payment.ask-after-receipt", claim.Id, new { Receipt = receipt });
        await db.CommitAsync(cancellationToken);
        return new ClaimOutcome.Asked(claim.Id);
    }

    /// <param name="originId">The visit that asks to see it; null shows any claim, to staff.</param>
    /// <returns>Null when there is no such claim, or it is another visit's.</returns>
    public async Task<ClaimView?> FindAsync(Guid claimId, Guid? originId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var claim = await db.ReceiptClaims.AsNoTracking().SingleOrDefaultAsync(c => c.Id == claimId, cancellationToken);
        if (claim is null || (originId is not null && claim.OriginId != originId))
            return null;

        // Meanwhile it may have come by another way.
        var payment = await db.Payments.AsNoTracking()
            .Where(p => p.Receipt == claim.Receipt || p.Id == claim.PaymentId)
            .OrderByDescending(p => p.Receipt == claim.Receipt) // its account may have said since that it was other money
            .FirstOrDefaultAsync(cancellationToken);
        var waits = claim.State == ReceiptClaimState.Asked && await db.ProviderOrders.AnyAsync(
            o => o.CauseId == claimId && (o.State == ProviderOrderState.Created || o.State == ProviderOrderState.Submitting || o.State == ProviderOrderState.Pending),
            cancellationToken);
        return new ClaimView(claim, payment, waits);
    }

    /// <summary>
    /// The same visit's question is not put again, nor by staff anybody's. Another visit puts its own: it may not see the
    /// first one's claim, and its prompt may be the one that was paid.
    /// </summary>
    private static Task<Guid?> RecentAsync(IspDbContext db, string receipt, Guid? originId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = now - PauseBetween;
        return db.ReceiptClaims
            .Where(c => c.Receipt == receipt && c.AskedAt > since && (originId == null || c.OriginId == originId))
            .OrderByDescending(c => c.AskedAt)
            .Select(c => (Guid?)c.Id)
            .FirstOrDefaultAsync(cancellationToken);
    }

    private static Task<int> CountAsync(IspDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = now.AddHours(-1);
        return db.ReceiptClaims.CountAsync(c => c.AskedAt > since && c.OriginId != null, cancellationToken);
    }
}

public abstract record ClaimOutcome
{
    private ClaimOutcome() { }

    /// <summary>It is in the books.</summary>
    /// <param name="RequestId">The prompt that asked for it; null when none did.</param>
    public sealed record Known(Guid PaymentId, Guid? RequestId) : ClaimOutcome;

    /// <summary>The provider is asked, or was a moment ago.</summary>
    public sealed record Asked(Guid ClaimId) : ClaimOutcome;

    public sealed record TooMany : ClaimOutcome;

    /// <summary>No account has an initiator.</summary>
    public sealed record CannotAsk : ClaimOutcome;
}

/// <param name="Payment">In the books, by this question or by another way; null while it is not.</param>
/// <param name="Waits">An answer may come any moment.</param>
public sealed record ClaimView(ReceiptClaim Claim, Payment? Payment, bool Waits);
