using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>Keeps each SMS once.</summary>
internal static class MoneySmsInbox
{
    /// <summary>Participant.</summary>
    /// <returns>False when it was there already; then it is counted, and better proved than before if it is.</returns>
    public static async Task<bool> KeepAsync(IspDbContext db, Delivered delivered, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await LockAsync(db, delivered.Digest, cancellationToken);
        if (await KnownAsync(db, delivered, cancellationToken) is { } known)
        {
            known.Again(delivered);
            return false;
        }

        db.MoneySms.Add(MoneySms.Receive(db.CurrentTenantId, delivered, now));
        return true;
    }

    /// <summary>
    /// Words alone do not make it the same: a stranger may send them first. But what was pasted came from nobody, and is
    /// what a phone passes on afterwards, or has passed on before.
    /// </summary>
    private static Task<MoneySms?> KnownAsync(IspDbContext db, Delivered delivered, CancellationToken cancellationToken)
    {
        var (digest, sender, isPasted) = (delivered.Digest, delivered.Envelope.Sender, delivered.Source == MoneySmsSource.Pasted);
        return db.MoneySms
            .Where(s => s.Digest == digest && (isPasted || s.Sender == sender || s.Source == MoneySmsSource.Pasted))
            .OrderByDescending(s => s.Sender == sender).ThenBy(s => s.Id)
            .FirstOrDefaultAsync(cancellationToken);
    }

    private static Task<int> LockAsync(IspDbContext db, byte[] digest, CancellationToken cancellationToken)
        => db.Database.ExecuteSqlAsync(
            $"select pg_advisory_xact_lock(hashtextextended({$"{db.CurrentTenantId} sms {Convert.ToHexString(digest)}"}, 0))", cancellationToken);
}
