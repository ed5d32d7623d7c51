using EasyIsp.Core.Identity.Post;
using EasyIsp.Core.Identity.SignIns;
using EasyIsp.Core.Shared;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Identity.SmsCodes;

public enum PhoneOutcome
{
    /// <summary>A code is on its way to the phone, which is not the account's until it is typed.</summary>
    Asked,
    Set,
    WrongPassword,
    LockedOut,

    /// <summary>What was typed is no phone number.</summary>
    NoPhone,

    /// <summary>No company texts this person's codes.</summary>
    NoCarrier,

    /// <summary>Three codes were sent within the hour.</summary>
    TooMany,

    /// <summary>The code is not right, or good no more.</summary>
    WrongCode,
}

/// <summary>What a person does with the phone to which a code for a forgotten password may be sent.</summary>
public sealed class PhoneDesk(
    StaffContext db, UserManager<StaffUser> users, StaffCredentials credentials, StaffTexts texts, StaffPost post, StaffAudit audit, TimeProvider clock)
{
    /// <returns>The phone that has a code on its way; null when none has.</returns>
    public async Task<string?> WaitingAsync(Guid userId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return await db.SmsCodes
            .Where(c => c.UserId == userId && c.Purpose == SmsCodePurpose.Phone && c.EndedAt == null && c.ExpiresAt > now && c.Tries < SmsCode.MostTries)
            .Select(c => c.Phone)
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <param name="typed">In any spelling of the company's country.</param>
    public async Task<PhoneOutcome> AskAsync(StaffUser user, string typed, string password, CancellationToken cancellationToken)
    {
        if (await texts.CarrierOfAsync(user, cancellationToken) is not { } carrier)
            return PhoneOutcome.NoCarrier;
        if (PhoneNumber.Normalize(typed, carrier.Country) is not { } phone)
            return PhoneOutcome.NoPhone;
        if (await credentials.CheckPasswordAsync(user, password, cancellationToken) is var check and not CredentialCheck.Right)
            return check == CredentialCheck.LockedOut ? PhoneOutcome.LockedOut : PhoneOutcome.WrongPassword;

        return await texts.SendAsync(db, user, SmsCodePurpose.Phone, phone, cancellationToken) ? PhoneOutcome.Asked : PhoneOutcome.TooMany;
    }

    public async Task<PhoneOutcome> SetAsync(StaffUser user, string? code, Visitor visitor, CancellationToken cancellationToken)
    {
        if (await texts.CheckAsync(db, user.Id, SmsCodePurpose.Phone, code, cancellationToken) is not { } shown)
            return PhoneOutcome.WrongCode;

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await texts.UseAsync(db, shown, cancellationToken))
            return PhoneOutcome.WrongCode;

        await ReachAsync(user, shown.Phone, "staff.set-phone", StaffMailKind.PhoneSet, visitor, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return PhoneOutcome.Set;
    }

    public async Task RemoveAsync(StaffUser user, Visitor visitor, CancellationToken cancellationToken)
    {
        if (user.PhoneNumber is null)
            return;

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await ReachAsync(user, phone: null, "staff.remove-phone", StaffMailKind.PhoneRemoved, visitor, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>A code that is on its way to the phone of before sets nothing any more.</summary>
    private async Task ReachAsync(
        StaffUser user, string? phone, string action, StaffMailKind mail, Visitor visitor, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await db.SmsCodes.Where(c => c.UserId == user.Id && c.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.EndedAt, now), cancellationToken);
        user.Reach(phone);
        if (await users.UpdateAsync(user) is { Succeeded: false } result)
            throw new InvalidOperationException($"The phone of {user.Id} could not be stored: {result}");

        await audit.RecordAsync(db, user, action, null, cancellationToken);
        post.Tell(db, user, mail, visitor);
        await db.SaveChangesAsync(cancellationToken);
    }
}
