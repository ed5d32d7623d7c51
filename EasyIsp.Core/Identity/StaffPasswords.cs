using EasyIsp.Core.Auditing;
using EasyIsp.Core.Identity.Post;
using EasyIsp.Core.Identity.SignIns;
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

    /// <summary>The present password is not right, or too many were wrong.</summary>
    public sealed record NotProven(CredentialCheck Check) : PasswordOutcome;
}

/// <summary>How a person comes to another password. His other sign-ins end with the old one, and a mail tells him.</summary>
public sealed class StaffPasswords(
    StaffContext db, UserManager<StaffUser> users, StaffCredentials credentials, SignInLog signIns, StaffPost post, StaffAudit audit, Actor actor, TimeProvider clock)
{
    /// <summary>Mails a link to whoever this address belongs to, if anybody.</summary>
    public Task AskAsync(string typed, Visitor visitor, CancellationToken cancellationToken)
        => post.AskForNewPasswordAsync(db, typed, visitor.Address, cancellationToken);

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

    /// <summary>By the link of a mail. Whoever reads that mailbox has the address, so it is verified by this.</summary>
    /// <param name="displayName">As the invited person wants to be called; null leaves it.</param>
    public async Task<PasswordOutcome> SetAsync(
        string key, StaffLinkPurpose purpose, string password, string? displayName, Visitor visitor, CancellationToken cancellationToken)
    {
        if (await OwnerOfAsync(key, purpose, cancellationToken) is not { } user)
            return new PasswordOutcome.LinkIsDead();

        actor.Become(user.Id, displayName ?? user.DisplayName, visitor.Address);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var (digest, now) = (StaffLink.DigestOf(key), clock.GetUtcNow());
        if (await db.StaffLinks.Where(l => l.Digest == digest && l.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), cancellationToken) == 0)
        {
            return new PasswordOutcome.LinkIsDead();
        }

        if (displayName is not null)
            user.Rename(displayName);
        (user.EmailConfirmed, user.LockoutEnd, user.AccessFailedCount) = (true, null, 0);
        if (await ReplaceAsync(user, password) is { } why)
            return new PasswordOutcome.Refused(why);

        await db.StaffLinks.Where(l => l.UserId == user.Id && l.UsedAt == null).ExecuteDeleteAsync(cancellationToken);
        await signIns.EndAllAsync(user.Id, except: null, cancellationToken);
        var isFirst = purpose == StaffLinkPurpose.Invitation;
        await audit.RecordAsync(db, user, isFirst ? "staff.accept-invitation" : "staff.reset-password", null, cancellationToken);
        if (!isFirst)
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

        await db.StaffLinks.Where(l => l.UserId == user.Id && l.UsedAt == null).ExecuteDeleteAsync(cancellationToken);
        await signIns.EndAllAsync(user.Id, signInId, cancellationToken);
        await audit.RecordAsync(db, user, "staff.change-password", null, cancellationToken);
        post.Tell(db, user, StaffMailKind.PasswordChanged, visitor);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new PasswordOutcome.Changed();
    }

    /// <returns>Null when it was replaced, in the transaction that is open; else the rule that it breaks.</returns>
    private async Task<string?> ReplaceAsync(StaffUser user, string password)
    {
        foreach (var rule in users.PasswordValidators)
        {
            if (await rule.ValidateAsync(users, user, password) is { Succeeded: false } verdict)
                return string.Join(' ', verdict.Errors.Select(error => error.Description));
        }

        user.PasswordHash = users.PasswordHasher.HashPassword(user, password);
        var result = await users.UpdateSecurityStampAsync(user);
        return result.Succeeded ? null : throw new InvalidOperationException($"The password of {user.Id} could not be stored: {result}");
    }
}
