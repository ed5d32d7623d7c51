using System.Collections.Concurrent;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Identity.SignIns;

/// <summary>
/// Whether a sign-in still holds. Asked on every request and click, so answers are kept until the database announces the
/// end of one or a change of its person, and for a minute at most.
/// </summary>
public sealed class SignInDirectory : IDisposable
{
    private static readonly TimeSpan Shelf = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan UseNotedEvery = TimeSpan.FromMinutes(1);

    private readonly IDbContextFactory<StaffContext> _staff;
    private readonly ChangeFeed _changes;
    private readonly TimeProvider _clock;
    private readonly IDisposable _subscription;
    private readonly ConcurrentDictionary<Guid, (SignInStanding SignIn, DateTimeOffset Until)> _known = new();
    private int _changesSeen;

    public SignInDirectory(IDbContextFactory<StaffContext> staff, ChangeFeed changes, TimeProvider clock)
    {
        (_staff, _changes, _clock) = (staff, changes, clock);
        _subscription = changes.Subscribe(Forget);
    }

    /// <returns>Null when there is none; one that is over is still known, and says so.</returns>
    public async Task<SignInStanding?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        if (_known.TryGetValue(id, out var kept) && kept.Until > now)
            return kept.SignIn;

        var changesSeen = Volatile.Read(ref _changesSeen);
        var found = await AskAsync(id, cancellationToken);
        // Without the feed nothing would tell of its end, and one that came during the query is not in the answer.
        if (found is not null && _changes.IsListening && changesSeen == Volatile.Read(ref _changesSeen))
            _known[id] = (found, now + Shelf);
        return found;
    }

    /// <summary>The same, and always of the database.</summary>
    public async Task<SignInStanding?> AskAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await _staff.CreateDbContextAsync(cancellationToken);
        return await (
            from signIn in db.SignIns
            join user in db.Users on signIn.UserId equals user.Id
            where signIn.Id == id
            select new SignInStanding(
                signIn.Id, user.Id, signIn.Method, user.SecurityStamp!, user.IsSuperAdmin, user.TwoFactorEnabled, signIn.LastSeenAt, signIn.EndedAt))
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Writes down that it is in use, at most once a minute.</summary>
    public async Task NoteUseAsync(SignInStanding signIn, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var before = now - UseNotedEvery;
        if (signIn.LastSeenAt > before)
            return;

        if (_known.TryGetValue(signIn.Id, out var kept))
            _known.TryUpdate(signIn.Id, (kept.SignIn with { LastSeenAt = now }, kept.Until), kept);
        await using var db = await _staff.CreateDbContextAsync(cancellationToken);
        await db.SignIns
            .Where(s => s.Id == signIn.Id && s.EndedAt == null && s.LastSeenAt <= before)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.LastSeenAt, now), cancellationToken);
    }

    public void Dispose() => _subscription.Dispose();

    private void Forget(Change change)
    {
        if (!change.IsEverything && change.Table is not ("sign_ins" or "users"))
            return;

        Interlocked.Increment(ref _changesSeen);
        if (change.Ids.Count == 0)
            _known.Clear();
        foreach (var (id, kept) in _known)
        {
            if (change.Ids.Contains(id) || change.Ids.Contains(kept.SignIn.UserId))
                _known.TryRemove(id, out _);
        }
    }
}

/// <param name="Stamp">Of the person's account, as it is now: another than the cookie's means another password.</param>
/// <param name="HasSecondFactor">The person's password alone lets nobody in.</param>
public sealed record SignInStanding(
    Guid Id,
    Guid UserId,
    SignInMethod Method,
    string Stamp,
    bool IsSuperAdmin,
    bool HasSecondFactor,
    DateTimeOffset LastSeenAt,
    DateTimeOffset? EndedAt)
{
    public bool HoldsAt(DateTimeOffset now) => EndedAt is null && LastSeenAt > now - SignIn.IdleLimit;

    /// <summary>More than a password was shown, or would have to be.</summary>
    public bool IsStrong => HasSecondFactor || Method == SignInMethod.Passkey;
}
