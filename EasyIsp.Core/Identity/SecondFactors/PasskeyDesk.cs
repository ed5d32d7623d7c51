using EasyIsp.Core.Identity.Post;
using EasyIsp.Core.Identity.SignIns;
using EasyIsp.Core.Shared;
using Microsoft.AspNetCore.Identity;

namespace EasyIsp.Core.Identity.SecondFactors;

/// <summary>The passkeys by which a person signs in without a password.</summary>
public sealed class PasskeyDesk(StaffContext db, UserManager<StaffUser> users, StaffPost post, StaffAudit audit)
{
    public const int MaxNameLength = 60;

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<UserPasskeyInfo>> ListAsync(StaffUser user)
        => [.. (await users.GetPasskeysAsync(user)).OrderByDescending(passkey => passkey.CreatedAt)];

    /// <param name="passkey">As it was attested.</param>
    /// <param name="name">As the person wants to know it again; the browser's name where he gave none.</param>
    public async Task AddAsync(StaffUser user, UserPasskeyInfo passkey, string? name, Visitor visitor, CancellationToken cancellationToken)
    {
        passkey.Name = (string.IsNullOrWhiteSpace(name) ? BrowserName.Of(visitor.Agent) : name.Trim()).Truncate(MaxNameLength);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        Insist(await users.AddOrUpdatePasskeyAsync(user, passkey), user);
        await audit.RecordAsync(db, user, "staff.add-passkey", new { passkey.Name }, cancellationToken);
        post.Tell(db, user, StaffMailKind.PasskeyAdded, visitor);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <returns>False when the person has no such passkey.</returns>
    public async Task<bool> RemoveAsync(StaffUser user, byte[] credentialId, Visitor visitor, CancellationToken cancellationToken)
    {
        if (await users.GetPasskeyAsync(user, credentialId) is not { } passkey)
            return false;

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        Insist(await users.RemovePasskeyAsync(user, credentialId), user);
        await audit.RecordAsync(db, user, "staff.remove-passkey", new { passkey.Name }, cancellationToken);
        post.Tell(db, user, StaffMailKind.PasskeyRemoved, visitor);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static void Insist(IdentityResult result, StaffUser user)
    {
        if (!result.Succeeded)
            throw new InvalidOperationException($"A passkey of {user.Id} could not be stored: {result}");
    }
}
