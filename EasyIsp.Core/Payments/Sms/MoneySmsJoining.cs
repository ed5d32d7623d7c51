using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>
/// Joins SMS that came first with the provider's own word that came after, by the receipt; and has those read again that
/// waited for a prompt to be settled. Over all tenants, so a handful of statements whatever there is.
/// </summary>
public sealed class MoneySmsJoining(PlatformDatabase platform, TimeProvider clock)
{
    /// <summary>What the provider has not told by then it will not tell.</summary>
    private static readonly TimeSpan LooksBack = TimeSpan.FromDays(60);

    private static readonly TimeSpan HeldAtMost = TimeSpan.FromDays(1);
    private static readonly TimeSpan HeldReadEvery = TimeSpan.FromSeconds(30);

    /// <returns>How many hints the provider's word was found for.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await platform.OpenAsync(cancellationToken);
        var joined = await ConfirmAsync(db, now, cancellationToken);
        await ContradictAsync(db, now, cancellationToken);
        await db.MoneySms.IgnoreQueryFilters([QueryFilters.Tenant])
            .Where(s => s.Outcome == MoneySmsOutcome.Held && s.ConfirmedAt == null && s.ReceivedAt > now - HeldAtMost && s.ProcessedAt < now - HeldReadEvery)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.ProcessedAt, (DateTimeOffset?)null), cancellationToken);
        await db.CommitAsync(cancellationToken);
        return joined;
    }

    private static Task<int> ConfirmAsync(IspDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
        => db.Database.ExecuteSqlAsync(
            $"""
            update money_sms s set confirmed_at = {now}
            from payments p
            where s.confirmed_at is null and s.outcome in ('Hint', 'Held', 'Booked') and s.received_at > {now - LooksBack}
              and p.tenant_id = s.tenant_id and p.receipt = s.receipt and p.amount = s.amount
              and (not exists (select from money_sms b where b.tenant_id = s.tenant_id and b.receipt = s.receipt and b.booked_at is not null)
                or exists (select from statement_lines l where l.tenant_id = s.tenant_id and l.receipt = s.receipt and l.amount = p.amount)
                or exists (select from provider_messages m where m.tenant_id = s.tenant_id and m.receipt = s.receipt
                  and m.outcome in ('Settled', 'Repeated', 'Unmatched')))
            """,
            cancellationToken);

    private static Task<int> ContradictAsync(IspDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
        => db.Database.ExecuteSqlAsync(
            $"""
            update money_sms s set outcome = 'Differs', note = 'It says ' || s.amount::numeric(19, 2) || '; ' || p.amount::numeric(19, 2) || ' is booked for its receipt.'
            from payments p
            where s.confirmed_at is null and s.outcome in ('Hint', 'Held') and s.received_at > {now - LooksBack}
              and p.tenant_id = s.tenant_id and p.receipt = s.receipt and p.amount <> s.amount
            """,
            cancellationToken);
}

/// <summary>Forgets what phones sent, after its time, and signatures that nobody could use again.</summary>
public sealed class OldMoneySmsJob(PlatformDatabase platform, TimeProvider clock)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await platform.OpenAsync(cancellationToken);
        await db.UsedSignatures.IgnoreQueryFilters([QueryFilters.Tenant])
            .Where(s => s.At < now - (2 * SmsSignature.Skew))
            .ExecuteDeleteAsync(cancellationToken);
        await db.MoneySms.IgnoreQueryFilters([QueryFilters.Tenant])
            .Where(s => s.Body != null && s.ReceivedAt < now - MoneySms.BodyKeptFor && s.ProcessedAt != null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.Body, (byte[]?)null).SetProperty(s => s.Text, (string?)null), cancellationToken);
        await db.CommitAsync(cancellationToken);
    }
}
