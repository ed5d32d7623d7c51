using EasyIsp.Core.Auditing;
using EasyIsp.Core.Identity.Post;
using EasyIsp.Core.Identity.SignIns;
using EasyIsp.Core.Identity.SmsCodes;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Identity;

public abstract record PasswordOutcome
{
    private PasswordOutcome() { }

    public sealed record Changed : PasswordOutcome;

    /// <summary>The new one breaks a rule.</summary>
    public sealed record Refused(string Why) : PasswordOutcome;

    /// <summary>The link was used, is too old, or never was one.</summary>
    public sealed record LinkIsDead : PasswordOutcome;

    /// <summary>What was shown, the present password or a code, is not right, or too many were wrong.</summary>
    public sealed record NotProven(CredentialCheck Check) : PasswordOutcome;
}

/// <summary>How a person comes to another password. His other sign-ins end with the old one, and a mail tells him.</summary>
public sealed class StaffPasswords(
    StaffContext db,
    UserManager<StaffUser> users,
    StaffCredentials credentials,
    SignInLog signIns,
    StaffTexts texts,
    StaffPost post,
    StaffAudit audit,
    Actor actor,
    TimeProvider clock)
{
    /// <summary>Mails a link to whoever this address belongs to, if anybody; or texts a code to his phone, if he has one.</summary>
    public Task AskAsync(string typed, bool byText, Visitor visitor, CancellationToken cancellationToken)
        => post.AskForNewPasswordAsync(
            db, byText ? StaffMailKind.CodeByText : StaffMailKind.ForgottenPassword, typed, visitor.Address, cancellationToken);

    /// <returns>Whose password the link sets; null when it is good no more.</returns>
    public async Task<StaffUser?> OwnerOfAsync(string? key, StaffLinkPurpose purpose, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(key))
            return null;

        var (digest, now) = (StaffLink.DigestOf(key), clock.GetUtcNow());
        return await db.StaffLinks
            .Where(l => l.Digest == digest && l.Purpose == purpose && l.UsedAt == null && l.ExpiresAt > now)
            .Join(db.Users, l => l.UserId, u => u.Id, (_, user) => user)
            .SingleOrDefaultAsync(u => u.DeletedAt == null, cancellationToken);
    }

    /// <summary>By a link. Whoever got it by mail reads that mailbox, so the address is verified by this; one that an admin handed over verifies nothing.</summary>
    /// <param name="displayName">As the invited person wants to be called; null leaves it.</param>
    public async Task<PasswordOutcome> SetAsync(
        string key, StaffLinkPurpose purpose, string password, string? displayName, Visitor visitor, CancellationToken cancellationToken)
    {
        if (await OwnerOfAsync(key, purpose, cancellationToken) is not { } user)
            return new PasswordOutcome.LinkIsDead();

        actor.Become(user.Id, displayName ?? user.DisplayName, visitor.Address);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var (digest, now) = (StaffLink.DigestOf(key), clock.GetUtcNow());
        var mailedTo = await db.StaffLinks.Where(l => l.Digest == digest).Select(l => l.Address).SingleAsync(cancellationToken);
        if (await db.StaffLinks.Where(l => l.Digest == digest && l.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), cancellationToken) == 0)
        {
            return new PasswordOutcome.LinkIsDead();
        }

        if (displayName is not null)
            user.Rename(displayName);
        user.EmailConfirmed |= string.Equals(mailedTo, user.Email, StringComparison.OrdinalIgnoreCase);
        var isFirst = purpose == StaffLinkPurpose.Invitation;
        if (await ResetAsync(user, password, isFirst ? "staff.accept-invitation" : "staff.reset-password", null, cancellationToken) is { } why)
            return new PasswordOutcome.Refused(why);

        if (!isFirst)
            post.Tell(db, user, StaffMailKind.PasswordChanged, visitor);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new PasswordOutcome.Changed();
    }

    /// <summary>
    /// By a code that was sent to the person's phone. Says the same, and takes as long, whether the address is anybody's; a
    /// code of the authenticator app is still asked for when signing in.
    /// </summary>
    public async Task<PasswordOutcome> SetByCodeAsync(string typed, string? code, string password, Visitor visitor, CancellationToken cancellationToken)
    {
        // What is wrong with it for anybody is said before anything is looked up.
        if (await FaultInAsync(StaffCredentials.Nobody, password) is { } fault)
            return new PasswordOutcome.Refused(fault);

        credentials.CheckNobody(password);
        var user = await users.FindByEmailAsync(typed.Trim());
        if (await texts.CheckAsync(db, user?.Id, SmsCodePurpose.NewPassword, code, cancellationToken) is not { } shown || user is not { DeletedAt: null })
            return new PasswordOutcome.NotProven(CredentialCheck.Wrong);

        actor.Become(user.Id, user.DisplayName, visitor.Address);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await texts.UseAsync(db, shown, cancellationToken))
            return new PasswordOutcome.NotProven(CredentialCheck.Wrong);
        if (await ResetAsync(user, password, "staff.reset-password", new { By = "SMS" }, cancellationToken) is { } why)
        {
            await transaction.RollbackAsync(cancellationToken);
            await StaffTexts.GiveBackAsync(db, shown, cancellationToken);
            return new PasswordOutcome.Refused(why);
        }

        post.Tell(db, user, StaffMailKind.PasswordChanged, visitor);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new PasswordOutcome.Changed();
    }

    /// <param name="signInId">Where the person sits: this one stays.</param>
    public async Task<PasswordOutcome> ChangeAsync(
        StaffUser user, string present, string password, Guid? signInId, Visitor visitor, CancellationToken cancellationToken)
    {
        if (await credentials.CheckPasswordAsync(user, present, cancellationToken) is var check and not CredentialCheck.Right)
            return new PasswordOutcome.NotProven(check);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await ReplaceAsync(user, password) is { } why)
            return new PasswordOutcome.Refused(why);

        await EndOtherWaysAsync(user, cancellationToken);
        await signIns.EndAllAsync(user.Id, signInId, cancellationToken);
        await audit.RecordAsync(db, user, "staff.change-password", null, cancellationToken);
        post.Tell(db, user, StaffMailKind.PasswordChanged, visitor);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new PasswordOutcome.Changed();
    }

    /// <summary>
    /// Participant: another password for who did not show the one he had. A lock is lifted, but not where a code of the app is
    /// still to come: else a mailbox or a phone would give new tries at it again and again.
    /// </summary>
    /// <returns>As <see cref="ReplaceAsync"/>.</returns>
    private async Task<string?> ResetAsync(StaffUser user, string password, string action, object? details, CancellationToken cancellationToken)
    {
        if (!user.TwoFactorEnabled)
            (user.LockoutEnd, user.AccessFailedCount) = (null, 0);
        if (await ReplaceAsync(user, password) is { } why)
            return why;

        await EndOtherWaysAsync(user, cancellationToken);
        await signIns.EndAllAsync(user.Id, except: null, cancellationToken);
        await audit.RecordAsync(db, user, action, details, cancellationToken);
        return null;
    }

    /// <summary>Links and codes that are on their way would set yet another password.</summary>
    private async Task EndOtherWaysAsync(StaffUser user, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await db.StaffLinks.Where(l => l.UserId == user.Id && l.UsedAt == null).ExecuteDeleteAsync(cancellationToken);
        await db.SmsCodes.Where(c => c.UserId == user.Id && c.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.EndedAt, now), cancellationToken);
    }

    /// <returns>Null when it was replaced, in the transaction that is open; else the rule that it breaks.</returns>
    private async Task<string?> ReplaceAsync(StaffUser user, string password)
    {
        if (await FaultInAsync(user, password) is { } fault)
            return fault;

        user.PasswordHash = users.PasswordHasher.HashPassword(user, password);
        var result = await users.UpdateSecurityStampAsync(user);
        return result.Succeeded ? null : throw new InvalidOperationException($"The password of {user.Id} could not be stored: {result}");
    }

    private async Task<string?> FaultInAsync(StaffUser user, string password)
    {
        foreach (var rule in users.PasswordValidators)
        {
            if (await rule.ValidateAsync(users, user, password) is { Succeeded: false } verdict)
                return string.Join(' ', verdict.Errors.Select(error => error.Description));
        }

        return null;
    }
}
