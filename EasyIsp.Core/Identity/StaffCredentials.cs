using EasyIsp.Core.Identity.SecondFactors;
using EasyIsp.Core.Secrets;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EasyIsp.Core.Identity;

public enum CredentialCheck
{
    Right,
    Wrong,

    /// <summary>Not even looked at: too many were wrong.</summary>
    LockedOut,
}

/// <summary>
/// Checks what a person shows. Each try is counted before it is looked at, in one statement, so that many at once are no
/// way around the lock; passwords and codes share one count.
/// </summary>
public sealed class StaffCredentials(
    StaffContext db,
    UserManager<StaffUser> users,
    SecretCodec secrets,
    BlindIndex index,
    StaffAudit audit,
    IOptions<IdentityOptions> options,
    TimeProvider clock)
{
    internal static readonly StaffUser Nobody = StaffUser.Invite("nobody@invalid", "Nobody", isSuperAdmin: false, DateTimeOffset.UnixEpoch);

    private static readonly Lazy<string> NobodysHash = new(() => new PasswordHasher<StaffUser>().HashPassword(Nobody, "a password of nobody"));

    /// <summary>As long as a real check takes, so that time does not tell which addresses exist, or which of them are locked.</summary>
    public void CheckNobody(string password) => users.PasswordHasher.VerifyHashedPassword(Nobody, NobodysHash.Value, password);

    /// <summary>Where a code is asked for after it, a right password gives back its own try alone: wrong codes before it still count.</summary>
    public async Task<CredentialCheck> CheckPasswordAsync(StaffUser user, string password, CancellationToken cancellationToken)
    {
        if (await CountTryAsync(user, cancellationToken) is not { } isLast)
        {
            CheckNobody(password);
            return CredentialCheck.LockedOut;
        }

        var isRight = user.PasswordHash is not null && await users.CheckPasswordAsync(user, password);
        if (user.PasswordHash is null)
            CheckNobody(password);
        return isRight
            ? await SettleAsync(user, onlyThis: user.TwoFactorEnabled, cancellationToken)
            : await FailAsync(user, "password", isLast, cancellationToken);
    }

    /// <returns>Whether it was no code of the app but one of the recovery codes, which is used up now, as the second.</returns>
    public async Task<(CredentialCheck Check, bool UsedRecoveryCode)> CheckCodeAsync(StaffUser user, string typed, CancellationToken cancellationToken)
    {
        if (await CountTryAsync(user, cancellationToken) is not { } isLast)
            return (CredentialCheck.LockedOut, false);
        if (await TakeAppCodeAsync(user, typed, cancellationToken))
            return (await SettleAsync(user, onlyThis: false, cancellationToken), false);
        if (await TakeRecoveryCodeAsync(user, typed, cancellationToken))
            return (await SettleAsync(user, onlyThis: false, cancellationToken), true);

        return (await FailAsync(user, "code", isLast, cancellationToken), false);
    }

    private async Task<bool> TakeAppCodeAsync(StaffUser user, string typed, CancellationToken cancellationToken)
    {
        if (user is not { TwoFactorEnabled: true, AuthenticatorKey: { } key }
            || AuthenticatorCodes.StepOf(typed, secrets.Reveal(user.Id, key), user.LastCodeStep, clock.GetUtcNow()) is not { } step)
        {
            return false;
        }

        // Of two who come with the same code at once, one finds the step taken.
        return await db.Users
            .Where(u => u.Id == user.Id && (u.LastCodeStep == null || u.LastCodeStep < step))
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.LastCodeStep, step), cancellationToken) == 1;
    }

    private async Task<bool> TakeRecoveryCodeAsync(StaffUser user, string typed, CancellationToken cancellationToken)
    {
        if (!user.TwoFactorEnabled || RecoveryCode.Read(typed) is not { } code)
            return false;

        var digest = index.Of(user.Id, code);
        return await db.RecoveryCodes.Where(c => c.UserId == user.Id && c.Digest == digest).ExecuteDeleteAsync(cancellationToken) == 1;
    }

    /// <returns>Whether this is the try that locks, should it be wrong; null while the account is locked, or when it is nobody's.</returns>
    private async Task<bool?> CountTryAsync(StaffUser user, CancellationToken cancellationToken)
    {
        var (now, most) = (clock.GetUtcNow(), options.Value.Lockout.MaxFailedAccessAttempts);
        var lockedUntil = now + options.Value.Lockout.DefaultLockoutTimeSpan;
        var counted = await db.Database.SqlQuery<bool>($"""
            update staff.users
            set lockout_end = case when access_failed_count + 1 >= {most} then {lockedUntil} else lockout_end end,
              access_failed_count = case when access_failed_count + 1 >= {most} then 0 else access_failed_count + 1 end
            where id = {user.Id} and deleted_at is null and (lockout_end is null or lockout_end <= {now})
            returning coalesce(lockout_end > {now}, false)
            """).ToListAsync(cancellationToken);
        return counted is [var isLast] ? isLast : null;
    }

    private async Task<CredentialCheck> FailAsync(StaffUser user, string what, bool isLast, CancellationToken cancellationToken)
    {
        if (isLast)
        {
            await audit.RecordAsync(db, user, "staff.lock-out", new { Wrong = what }, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
        }

        return CredentialCheck.Wrong;
    }

    /// <summary>The try was right. The last one before the lock has locked already: that is undone too.</summary>
    private async Task<CredentialCheck> SettleAsync(StaffUser user, bool onlyThis, CancellationToken cancellationToken)
    {
        var most = options.Value.Lockout.MaxFailedAccessAttempts;
        await db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(
            set => set
                .SetProperty(u => u.AccessFailedCount, u => !onlyThis ? 0 : u.AccessFailedCount == 0 ? most - 1 : u.AccessFailedCount - 1)
                .SetProperty(u => u.LockoutEnd, u => null),
            cancellationToken);
        // What was changed past the entity is not to be overwritten by it.
        await db.Entry(user).ReloadAsync(cancellationToken);
        return CredentialCheck.Right;
    }
}
