using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Outbox;

/// <summary>Where senders take the messages of all tenants. Taking is a lease and counts as a try.</summary>
internal sealed class MessageQueue(PlatformDatabase database, TimeProvider clock)
{
    /// <summary>Longer than the gateway's time-out; then the sender has died with the message.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    /// <summary>Stands on a message from when it is taken until its outcome is known.</summary>
    public const string OutcomeUnknown = "The sender stopped before the gateway's answer was kept";

    /// <returns>Messages that no other sender has, those that wait longest first.</returns>
    public async Task<IReadOnlyList<Message>> TakeAsync(int max, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await database.OpenAsync(cancellationToken);
        await GiveUpUncertainAsync(db, now, cancellationToken);
        var taken = await db.Messages.FromSql($"""
            with due as (
              select ctid as place from messages where state = 'Waiting' and next_try_at <= {now}
              order by next_try_at limit {max} for update skip locked)
            update messages m set next_try_at = {now + Lease}, tries = m.tries + 1, failure = {OutcomeUnknown}
            from due where m.ctid = due.place
            returning m.*
            """).IgnoreQueryFilters([QueryFilters.Tenant]).AsNoTracking().ToListAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
        return [.. taken.OrderBy(message => message.Id)];
    }

    /// <summary>What came of a message that was taken.</summary>
    public async Task SettleAsync(Message taken, Action<Message> outcome, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        db.Messages.Attach(taken);
        outcome(taken);
        await db.CommitAsync(cancellationToken);
    }

    /// <summary>What may have been sent is only sent again where a double does no harm; promotions are not.</summary>
    private static Task<int> GiveUpUncertainAsync(IspDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
        => db.Messages
            .IgnoreQueryFilters([QueryFilters.Tenant])
            .Where(m => m.State == MessageState.Waiting && m.NextTryAt <= now)
            .Where(m => m.Class == MessageClass.Promotional && m.Failure == OutcomeUnknown)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.State, MessageState.Failed), cancellationToken);
}
