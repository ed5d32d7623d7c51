using EasyIsp.Core.Auditing;
using EasyIsp.Core.Identity.Post;
using EasyIsp.Core.Limits;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Identity;

/// <summary>
/// Who works for the company, in which role. Opens its own contexts, for it is used from pages that stay open. Nobody gives a
/// stronger role than his own, nor touches who has one (<see cref="StaffAuthority"/>).
/// </summary>
public sealed class StaffDesk(
    IspDatabase database,
    PlatformDatabase platform,
    IDbContextFactory<StaffContext> staff,
    IServiceScopeFactory scopes,
    StaffPost post,
    TryLimiter limits,
    TenantContext tenant,
    StaffAuthority authority,
    Actor actor,
    AuditTrail audit,
    TimeProvider clock)
{
    /// <summary>Mails can be sent; else an invitation's link is shown to whoever invites.</summary>
    public bool CanMail => post.IsSet;

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<StaffRow>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var places = await Places(db).ToDictionaryAsync(place => place.UserId, cancellationToken);

        await using var accounts = await staff.CreateDbContextAsync(cancellationToken);
        var people = await accounts.Users
            .Where(u => places.Keys.Contains(u.Id))
            .Select(u => new
            {
                u.Id,
                u.DisplayName,
                u.Email,
                HasPassword = u.PasswordHash != null,
                u.TwoFactorEnabled,
                Passkeys = accounts.UserPasskeys.Count(p => p.UserId == u.Id),
                LastSeenAt = accounts.SignIns.Where(s => s.UserId == u.Id).Max(s => (DateTimeOffset?)s.LastSeenAt),
            })
            .ToListAsync(cancellationToken);
        return
        [
            .. people
                .OrderBy(person => person.DisplayName, StringComparer.CurrentCultureIgnoreCase)
                .Select(person => new StaffRow(
                    person.Id, person.DisplayName, person.Email ?? "", places[person.Id].RoleId, places[person.Id].Role,
                    person.HasPassword, person.TwoFactorEnabled, person.Passkeys, person.LastSeenAt, places[person.Id].RouterIds)),
        ];
    }

    public async Task<InvitationOutcome> InviteAsync(Invitation invitation, CancellationToken cancellationToken)
    {
        if (InvitationRules.FaultsIn(invitation) is { Count: > 0 } faults)
            return new InvitationOutcome.Refused(faults);
        if (await TooManyAsync(cancellationToken) is { } tooMany)
            return tooMany;

        await using var db = await database.OpenAsync(cancellationToken);
        if (await StaffAuthority.HoldAsync(db, invitation.RoleId, cancellationToken) is not { } role)
            return new InvitationOutcome.Refused([InvitationFault.Role]);
        // Who is restricted himself invites to his own routers.
        var reach = await authority.ReachAsync(db, cancellationToken);
        if (!reach.Covers(role, reach.RouterIds) || (role.IsAdmin && reach.RouterIds is not null))
            return new InvitationOutcome.Refused([InvitationFault.RoleStronger]);
        if (await AccountOfAsync(invitation) is not { } account)
            return new InvitationOutcome.Refused([InvitationFault.Email]);

        var place = await db.Memberships.SingleOrDefaultAsync(m => m.UserId == account.Id, cancellationToken);
        if (place is { EndedAt: null })
            return new InvitationOutcome.Refused([InvitationFault.AlreadyHere]);

        if (place is null)
            db.Memberships.Add(Membership.Begin(db.CurrentTenantId, account.Id, role.Id, clock.GetUtcNow(), reach.RouterIds));
        else
            place.Resume(role.Id, reach.RouterIds);
        audit.Record(db, "staff.invite", account.Id, new { Name = account.DisplayName, account.Email, Role = role.Name });
        var company = await db.Tenants.Select(t => t.Name).SingleAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
        return await TellAsync(account, company, cancellationToken);
    }

    /// <summary>To who has not accepted it yet. The earlier link ends.</summary>
    /// <returns>Null when the person does not work here, has accepted, or may more than who asks.</returns>
    public async Task<InvitationOutcome?> InviteAgainAsync(Guid userId, CancellationToken cancellationToken)
    {
        if (await TooManyAsync(cancellationToken) is { } tooMany)
            return tooMany;

        await using var db = await database.OpenAsync(cancellationToken);
        if (!await db.Memberships.AnyAsync(m => m.UserId == userId && m.EndedAt == null, cancellationToken)
            || !await authority.ReachesAsync(db, userId, cancellationToken)
            || await AccountAsync(userId, cancellationToken) is not { PasswordHash: null } account)
        {
            return null;
        }

        audit.Record(db, "staff.invite-again", userId, new { Name = account.DisplayName });
        var company = await db.Tenants.Select(t => t.Name).SingleAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
        return await TellAsync(account, company, cancellationToken);
    }

    /// <summary>For who forgot his password and cannot ask by himself, or where no mail can be sent.</summary>
    /// <returns>Null when the person does not work here, has yet to accept his invitation, or may more than who asks.</returns>
    public async Task<InvitationOutcome?> NewPasswordAsync(Guid userId, CancellationToken cancellationToken)
    {
        if (await TooManyAsync(cancellationToken) is { } tooMany)
            return tooMany;

        await using var db = await database.OpenAsync(cancellationToken);
        if (!await db.Memberships.AnyAsync(m => m.UserId == userId && m.EndedAt == null, cancellationToken)
            || !await authority.ReachesAsync(db, userId, cancellationToken)
            || await AccountAsync(userId, cancellationToken) is not { PasswordHash: not null } account)
        {
            return null;
        }

        if (!post.IsSet && await WorksElsewhereAsync(userId, cancellationToken))
            return new InvitationOutcome.HasAccount();

        audit.Record(db, "staff.send-password-link", userId, new { Name = account.DisplayName });
        await db.CommitAsync(cancellationToken);
        await using var accounts = await staff.CreateDbContextAsync(cancellationToken);
        if (!post.IsSet)
            return new InvitationOutcome.HandOver(await LinkAsync(accounts, userId, StaffLinkPurpose.NewPassword, cancellationToken));

        post.Tell(accounts, account, StaffMailKind.ForgottenPassword, visitor: null);
        await accounts.SaveChangesAsync(cancellationToken);
        return new InvitationOutcome.Mailed();
    }

    /// <summary>Each of these is a mail to whatever address somebody typed.</summary>
    private async Task<InvitationOutcome?> TooManyAsync(CancellationToken cancellationToken)
        => await limits.TakeAsync(
            tenant.Id, cancellationToken, LimitRules.InvitationByAccount.Of(actor.UserId ?? Guid.Empty), LimitRules.InvitationByTenant.Of(tenant.Id)) is { } refusal
            ? new InvitationOutcome.TooMany(refusal.RetryAfter)
            : null;

    public async Task<StaffOutcome> ChangeRoleAsync(Guid userId, Guid roleId, CancellationToken cancellationToken)
    {
        if (userId == actor.UserId)
            return StaffOutcome.Self;

        await using var db = await database.OpenAsync(cancellationToken);
        var places = await LockPlacesAsync(db, cancellationToken);
        if (places.SingleOrDefault(m => m.UserId == userId) is not { } place
            || await StaffAuthority.HoldAsync(db, roleId, cancellationToken) is not { } role)
        {
            return StaffOutcome.Unknown;
        }

        if (!await AdminRemainsAsync(db, places, userId, role, cancellationToken))
            return StaffOutcome.LastAdmin;
        if (!(await authority.ReachAsync(db, cancellationToken)).Covers(role, role.IsAdmin ? null : place.RouterIds))
            return StaffOutcome.RoleStronger;
        if (!await authority.ReachesAsync(db, userId, cancellationToken))
            return StaffOutcome.Outranked;

        var before = await db.Roles.Where(r => r.Id == place.RoleId).Select(r => r.Name).SingleAsync(cancellationToken);
        place.ChangeRole(role.Id);
        if (role.IsAdmin)
            place.RestrictTo(null);
        audit.Record(db, "staff.change-role", userId, new { Name = await NameOfAsync(userId, cancellationToken), From = before, To = role.Name });
        await db.CommitAsync(cancellationToken);
        return StaffOutcome.Done;
    }

    /// <summary>What he sees of the network is these routers from now on, with their sessions, logins and orders, within two seconds.</summary>
    /// <param name="routerIds">Null for every router.</param>
    public async Task<StaffOutcome> RestrictAsync(Guid userId, IReadOnlyCollection<Guid>? routerIds, CancellationToken cancellationToken)
    {
        if (userId == actor.UserId)
            return StaffOutcome.Self;

        await using var db = await database.OpenAsync(cancellationToken);
        var places = await LockPlacesAsync(db, cancellationToken);
        IReadOnlyList<Guid>? wanted = routerIds is null ? null : [.. routerIds.Distinct().Order()];
        if (places.SingleOrDefault(m => m.UserId == userId) is not { } place)
            return StaffOutcome.Unknown;
        if (!await authority.ReachesAsync(db, userId, cancellationToken))
            return StaffOutcome.Outranked;
        if (!(await authority.ReachAsync(db, cancellationToken)).Covers(wanted))
            return StaffOutcome.RoleStronger;
        if (wanted is not null && await db.Roles.AnyAsync(r => r.Id == place.RoleId && r.IsAdmin, cancellationToken))
            return StaffOutcome.AdminSeesAll;

        place.RestrictTo(wanted);
        audit.Record(db, "staff.restrict", userId, new { Name = await NameOfAsync(userId, cancellationToken), Routers = wanted });
        await db.CommitAsync(cancellationToken);
        return StaffOutcome.Done;
    }

    /// <summary>His pages, his cookie and the tokens that he made are refused within two seconds. He may be invited again.</summary>
    public async Task<StaffOutcome> EndAsync(Guid userId, CancellationToken cancellationToken)
    {
        var staysSomewhere = await WorksElsewhereAsync(userId, cancellationToken);
        return await LeaveAsync(
            userId, "staff.end-access", _ => staysSomewhere ? Task.CompletedTask : EndSignInsAsync(userId, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Ends the access, and leaves nothing to sign in with: password, authenticator app, recovery codes, passkeys, links and
    /// sign-ins are gone. What the audit and the ledger say of him keeps his name.
    /// </summary>
    public async Task<StaffOutcome> DeleteAsync(Guid userId, CancellationToken cancellationToken)
    {
        if (await WorksElsewhereAsync(userId, cancellationToken))
            return StaffOutcome.WorksElsewhere;

        return await LeaveAsync(userId, "staff.delete", async db =>
        {
            var now = clock.GetUtcNow();
            await db.ApiTokens.Where(t => t.MadeBy == userId && t.RevokedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(t => t.RevokedAt, now), cancellationToken);
            await WipeAsync(userId, cancellationToken);
        }, cancellationToken);
    }

    /// <summary>For who has lost both the phone and the recovery codes.</summary>
    public async Task<StaffOutcome> TakeSecondFactorOffAsync(Guid userId, CancellationToken cancellationToken)
    {
        if (userId == actor.UserId)
            return StaffOutcome.Self;
        if (await WorksElsewhereAsync(userId, cancellationToken))
            return StaffOutcome.WorksElsewhere;

        await using var db = await database.OpenAsync(cancellationToken);
        if (!await db.Memberships.AnyAsync(m => m.UserId == userId && m.EndedAt == null, cancellationToken))
            return StaffOutcome.Unknown;
        if (!await authority.ReachesAsync(db, userId, cancellationToken))
            return StaffOutcome.Outranked;

        await using var accounts = await staff.CreateDbContextAsync(cancellationToken);
        await using var transaction = await accounts.Database.BeginTransactionAsync(cancellationToken);
        var account = await accounts.Users.SingleAsync(u => u.Id == userId, cancellationToken);
        account.TurnSecondFactorOff();
        await accounts.RecoveryCodes.Where(c => c.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        post.Tell(accounts, account, StaffMailKind.SecondFactorOff, visitor: null, about: $"taken off by {actor.Name}");
        await accounts.SaveChangesAsync(cancellationToken);

        audit.Record(db, "staff.take-second-factor-off", userId, new { Name = account.DisplayName });
        await db.CommitAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return StaffOutcome.Done;
    }

    /// <summary>Who forgot his password, has a phone on the account and works for no other company may have a code texted.</summary>
    public async Task<bool> TextsCodesAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.Tenants.Where(t => t.Id == db.CurrentTenantId).Select(t => t.TextsStaffCodes).SingleAsync(cancellationToken);
    }

    /// <summary>By the company's SMS account; while it has none, no code is sent.</summary>
    public async Task TextCodesAsync(bool isOn, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var company = await db.Tenants.SingleAsync(t => t.Id == db.CurrentTenantId, cancellationToken);
        company.TextStaffCodes(isOn);
        audit.Record(db, isOn ? "tenant.text-staff-codes" : "tenant.text-no-staff-codes", company.Id);
        await db.CommitAsync(cancellationToken);
    }

    private static IQueryable<PlaceRow> Places(IspDbContext db)
        => from membership in db.Memberships
           join role in db.Roles on membership.RoleId equals role.Id
           where membership.EndedAt == null
           select new PlaceRow(membership.UserId, role.Id, role.Name, membership.RouterIds);

    /// <param name="also">Before the place's end is committed: should that fail, the deed can be done once more.</param>
    private async Task<StaffOutcome> LeaveAsync(Guid userId, string action, Func<IspDbContext, Task> also, CancellationToken cancellationToken)
    {
        if (userId == actor.UserId)
            return StaffOutcome.Self;

        await using var db = await database.OpenAsync(cancellationToken);
        var places = await LockPlacesAsync(db, cancellationToken);
        if (places.SingleOrDefault(m => m.UserId == userId) is not { } place)
            return StaffOutcome.Unknown;
        if (!await AdminRemainsAsync(db, places, userId, next: null, cancellationToken))
            return StaffOutcome.LastAdmin;
        if (!await authority.ReachesAsync(db, userId, cancellationToken))
            return StaffOutcome.Outranked;

        place.End(clock.GetUtcNow());
        audit.Record(db, action, userId, new { Name = await NameOfAsync(userId, cancellationToken) });
        await also(db);
        await db.CommitAsync(cancellationToken);
        return StaffOutcome.Done;
    }

    /// <summary>Until the end of the transaction nobody else's place changes: of two admins who end each other one stays.</summary>
    private static Task<List<Membership>> LockPlacesAsync(IspDbContext db, CancellationToken cancellationToken)
        => db.Memberships.FromSql($"select * from memberships where ended_at is null order by id for update").ToListAsync(cancellationToken);

    /// <summary>Somebody else is left who is an admin, and who can sign in.</summary>
    /// <param name="next">The role that the person gets instead; null for who leaves.</param>
    private async Task<bool> AdminRemainsAsync(IspDbContext db, List<Membership> places, Guid leaving, Role? next, CancellationToken cancellationToken)
    {
        var roles = await db.Roles.AsNoTracking().ToListAsync(cancellationToken);
        // A company from before, whose role of that name was not a whole one, has no admin's role: those count who can give roles.
        var isGoverning = roles.Any(role => role.IsAdmin)
            ? (Func<Role, bool>)(role => role.IsAdmin)
            : role => role.Permissions.Contains(Permission.StaffChange);
        var governing = roles.Where(isGoverning).Select(role => role.Id).ToHashSet();
        if ((next is not null && isGoverning(next)) || !places.Any(m => m.UserId == leaving && governing.Contains(m.RoleId)))
            return true;

        var others = places.Where(m => m.UserId != leaving && governing.Contains(m.RoleId)).Select(m => m.UserId).ToList();
        await using var accounts = await staff.CreateDbContextAsync(cancellationToken);
        return await accounts.Users.AnyAsync(u => others.Contains(u.Id) && u.PasswordHash != null, cancellationToken);
    }

    private async Task<bool> WorksElsewhereAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var own = await database.OpenAsync(cancellationToken);
        await using var db = await platform.OpenAsync(cancellationToken);
        if (await db.Memberships.IgnoreQueryFilters([QueryFilters.Tenant])
            .AnyAsync(m => m.UserId == userId && m.TenantId != own.CurrentTenantId && m.EndedAt == null, cancellationToken))
        {
            return true;
        }

        // The super admin's account is the platform's, wherever else he works.
        await using var accounts = await staff.CreateDbContextAsync(cancellationToken);
        return await accounts.Users.AnyAsync(u => u.Id == userId && u.IsSuperAdmin, cancellationToken);
    }

    /// <returns>Null when Identity does not take the address as a user name.</returns>
    private async Task<StaffUser?> AccountOfAsync(Invitation invitation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<StaffUser>>();
        if (await users.FindByEmailAsync(invitation.Email.Trim()) is { } known)
            return known;

        var account = StaffUser.Invite(invitation.Email, invitation.Name, isSuperAdmin: false, clock.GetUtcNow());
        return (await users.CreateAsync(account)).Succeeded ? account : null;
    }

    private async Task<InvitationOutcome> TellAsync(StaffUser account, string company, CancellationToken cancellationToken)
    {
        var isNew = account.PasswordHash is null;
        await using var accounts = await staff.CreateDbContextAsync(cancellationToken);
        if (post.IsSet)
        {
            post.Tell(accounts, account, isNew ? StaffMailKind.Invitation : StaffMailKind.Joined, visitor: null, company);
            await accounts.SaveChangesAsync(cancellationToken);
            return new InvitationOutcome.Mailed();
        }

        // A link opens the whole account: where it is another company's too, it is not for this one's admin to see.
        if (!isNew || await WorksElsewhereAsync(account.Id, cancellationToken))
            return new InvitationOutcome.HasAccount();

        return new InvitationOutcome.HandOver(await LinkAsync(accounts, account.Id, StaffLinkPurpose.Invitation, cancellationToken));
    }

    /// <summary>The earlier ones of its kind end.</summary>
    private async Task<string> LinkAsync(StaffContext accounts, Guid userId, StaffLinkPurpose purpose, CancellationToken cancellationToken)
    {
        await accounts.StaffLinks.Where(l => l.UserId == userId && l.Purpose == purpose).ExecuteDeleteAsync(cancellationToken);
        accounts.StaffLinks.Add(StaffLink.Make(userId, purpose, address: null, clock.GetUtcNow(), out var key));
        await accounts.SaveChangesAsync(cancellationToken);
        return key;
    }

    private async Task<StaffUser?> AccountAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var accounts = await staff.CreateDbContextAsync(cancellationToken);
        return await accounts.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == userId, cancellationToken);
    }

    private async Task<string?> NameOfAsync(Guid userId, CancellationToken cancellationToken)
        => (await AccountAsync(userId, cancellationToken))?.DisplayName;

    private async Task EndSignInsAsync(Guid userId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var accounts = await staff.CreateDbContextAsync(cancellationToken);
        await accounts.SignIns.Where(s => s.UserId == userId && s.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now), cancellationToken);
    }

    private async Task WipeAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<StaffUser>>();
        var accounts = scope.ServiceProvider.GetRequiredService<StaffContext>();
        await using var transaction = await accounts.Database.BeginTransactionAsync(cancellationToken);
        var account = await accounts.Users.SingleAsync(u => u.Id == userId, cancellationToken);
        var pattern = Like.Escape(account.Email ?? "");
        account.Wipe(clock.GetUtcNow());
        if (await users.UpdateSecurityStampAsync(account) is { Succeeded: false } result)
            throw new InvalidOperationException($"The account {userId} could not be wiped: {result}");

        await accounts.RecoveryCodes.Where(c => c.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        await accounts.UserPasskeys.Where(p => p.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        await accounts.UserTokens.Where(t => t.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        await accounts.UserClaims.Where(c => c.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        await accounts.UserLogins.Where(l => l.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        await accounts.StaffLinks.Where(l => l.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        await accounts.StaffMails
            .Where(m => m.UserId == userId || (m.UserId == null && EF.Functions.ILike(m.Address, pattern)))
            .ExecuteDeleteAsync(cancellationToken);
        await accounts.SmsCodes.Where(c => c.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        await accounts.SignIns.Where(s => s.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private sealed record PlaceRow(Guid UserId, Guid RoleId, string Role, IReadOnlyList<Guid>? RouterIds);
}
