using EasyIsp.Core.Auditing;
using EasyIsp.Core.Identity.Post;
using EasyIsp.Core.Identity.SignIns;
using EasyIsp.Core.Shared;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Identity;

public abstract record AddressOutcome
{
    private AddressOutcome() { }

    /// <summary>A link is on its way to the address; nothing is another until it is followed.</summary>
    public sealed record Asked : AddressOutcome;

    /// <summary>The address is the account's, and verified.</summary>
    public sealed record Verified(string Email) : AddressOutcome;

    /// <summary>The link was used, is too old, or never was one; or the address is another account's meanwhile.</summary>
    public sealed record LinkIsDead : AddressOutcome;

    /// <summary>What was typed is no address that somebody can sign in with, or is the account's already.</summary>
    public sealed record NoOther : AddressOutcome;

    /// <summary>Three were mailed within the hour.</summary>
    public sealed record TooMany : AddressOutcome;

    /// <summary>The password is not right, or too many were wrong.</summary>
    public sealed record NotProven(CredentialCheck Check) : AddressOutcome;
}

/// <summary>How a person comes to another name or address. An address counts when somebody who reads its mail has said so.</summary>
public sealed class StaffProfiles(
    StaffContext db, UserManager<StaffUser> users, StaffCredentials credentials, StaffPost post, StaffAudit audit, Actor actor, TimeProvider clock)
{
    /// <returns>False when the name cannot stand.</returns>
    public async Task<bool> RenameAsync(StaffUser user, string? typed, CancellationToken cancellationToken)
    {
        if (typed?.Trim() is not { Length: > 0 and <= StaffUser.MaxDisplayNameLength } name)
            return false;
        if (name == user.DisplayName)
            return true;

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var before = user.DisplayName;
        user.Rename(name);
        await SaveAsync(user);
        await audit.RecordAsync(db, user, "staff.rename", new { From = before, To = name }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Said alike whether the address is another account's: then nothing is mailed to it.</summary>
    public async Task<AddressOutcome> AskForOtherAsync(
        StaffUser user, string typed, string password, Visitor visitor, CancellationToken cancellationToken)
    {
        if (EmailAddress.Read(typed) is not { } address || !IsUserName(address) || string.Equals(address, user.Email, StringComparison.OrdinalIgnoreCase))
            return new AddressOutcome.NoOther();
        if (await credentials.CheckPasswordAsync(user, password, cancellationToken) is var check and not CredentialCheck.Right)
            return new AddressOutcome.NotProven(check);

        return await MailAsync(user, address, visitor, cancellationToken);
    }

    /// <summary>For who has shown all else, and whose address nobody has verified yet.</summary>
    public Task<AddressOutcome> AskForPresentAsync(StaffUser user, Visitor visitor, CancellationToken cancellationToken)
        => MailAsync(user, user.Email!, visitor, cancellationToken);

    /// <returns>The address that the link is to verify; null when it is good no more.</returns>
    public async Task<string?> AddressOfAsync(string? key, CancellationToken cancellationToken)
        => await FindAsync(key, cancellationToken) is var (user, address) && !await IsTakenAsync(user, address) ? address : null;

    /// <summary>By the link of a mail. The password's own links end: they were sent to where the person may be no more.</summary>
    public async Task<AddressOutcome> VerifyAsync(string key, Visitor visitor, CancellationToken cancellationToken)
    {
        if (await FindAsync(key, cancellationToken) is not var (user, address) || await IsTakenAsync(user, address))
            return new AddressOutcome.LinkIsDead();

        actor.Become(user.Id, user.DisplayName, visitor.Address);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var (digest, now) = (StaffLink.DigestOf(key), clock.GetUtcNow());
        if (await db.StaffLinks.Where(l => l.Digest == digest && l.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), cancellationToken) == 0)
        {
            return new AddressOutcome.LinkIsDead();
        }

        var before = user.Email!;
        var isOther = !string.Equals(before, address, StringComparison.OrdinalIgnoreCase);
        if (isOther)
            post.Tell(db, user, StaffMailKind.AddressChanged, visitor);
        user.Answer(address);
        if (!(await users.UpdateAsync(user)).Succeeded)
            return new AddressOutcome.LinkIsDead();
        if (isOther)
            await db.StaffLinks.Where(l => l.UserId == user.Id && l.UsedAt == null).ExecuteDeleteAsync(cancellationToken);
        await audit.RecordAsync(
            db, user, isOther ? "staff.change-address" : "staff.verify-address", isOther ? new { From = before, To = address } : null, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new AddressOutcome.Verified(address);
    }

    private async Task<AddressOutcome> MailAsync(StaffUser user, string address, Visitor visitor, CancellationToken cancellationToken)
    {
        if (!await post.AskWhoseAsync(db, user, address, visitor.Address, cancellationToken))
            return new AddressOutcome.TooMany();

        await db.SaveChangesAsync(cancellationToken);
        return new AddressOutcome.Asked();
    }

    private async Task<(StaffUser User, string Address)?> FindAsync(string? key, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(key))
            return null;

        var (digest, now) = (StaffLink.DigestOf(key), clock.GetUtcNow());
        var found = await db.StaffLinks
            .Where(l => l.Digest == digest && l.Purpose == StaffLinkPurpose.Address && l.UsedAt == null && l.ExpiresAt > now)
            .Join(db.Users.Where(u => u.DeletedAt == null), l => l.UserId, u => u.Id, (link, user) => new { link.Address, User = user })
            .SingleOrDefaultAsync(cancellationToken);
        return found is { Address: { } address } ? (found.User, address) : null;
    }

    private async Task<bool> IsTakenAsync(StaffUser user, string address)
        => await users.FindByEmailAsync(address) is { } owner && owner.Id != user.Id;

    /// <summary>Identity takes fewer signs than mail does.</summary>
    private bool IsUserName(string address) => address.All(users.Options.User.AllowedUserNameCharacters.Contains);

    private async Task SaveAsync(StaffUser user)
    {
        if (await users.UpdateAsync(user) is { Succeeded: false } result)
            throw new InvalidOperationException($"The account {user.Id} could not be stored: {result}");
    }
}
