using EasyIsp.Core.Identity.Post;
using EasyIsp.Core.Identity.SignIns;
using EasyIsp.Core.Secrets;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Identity.SecondFactors;

public abstract record SecondFactorOutcome
{
    private SecondFactorOutcome() { }

    /// <param name="Codes">The recovery codes, the only copy there is.</param>
    public sealed record Ready(IReadOnlyList<string> Codes) : SecondFactorOutcome;

    public sealed record Off : SecondFactorOutcome;

    /// <summary>The password or the code is not right, or too many were wrong.</summary>
    public sealed record Refused(CredentialCheck Check) : SecondFactorOutcome;
}

/// <summary>What a person does with the authenticator app on his phone and the codes for when it is lost.</summary>
public sealed class SecondFactorDesk(
    StaffContext db,
    UserManager<StaffUser> users,
    StaffCredentials credentials,
    SecretCodec secrets,
    BlindIndex index,
    StaffPost post,
    StaffAudit audit,
    TimeProvider clock)
{
    /// <summary>The same key until an app has shown its first code: a page that is loaded again shows the same QR code.</summary>
    /// <returns>Null when there is an app already.</returns>
    public async Task<string?> PrepareAsync(StaffUser user, CancellationToken cancellationToken)
    {
        if (user.TwoFactorEnabled)
            return null;
        if (user.AuthenticatorKey is { } waiting)
            return secrets.Reveal(user.Id, waiting);

        var key = AuthenticatorCodes.NewKey();
        user.PrepareSecondFactor(secrets.Protect(user.Id, key));
        await SaveAsync(user);
        return key;
    }

    /// <summary>The app shows that it has the key: from now on a password alone lets nobody in.</summary>
    public async Task<SecondFactorOutcome> TurnOnAsync(StaffUser user, string code, Visitor visitor, CancellationToken cancellationToken)
    {
        if (user.TwoFactorEnabled || user.AuthenticatorKey is not { } key
            || AuthenticatorCodes.StepOf(code, secrets.Reveal(user.Id, key), lastStep: null, clock.GetUtcNow()) is not { } step)
        {
            return new SecondFactorOutcome.Refused(CredentialCheck.Wrong);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        user.TurnSecondFactorOn(step);
        await SaveAsync(user);
        var codes = await RenewCodesAsync(user, cancellationToken);
        await audit.RecordAsync(db, user, "staff.turn-second-factor-on", null, cancellationToken);
        post.Tell(db, user, StaffMailKind.SecondFactorOn, visitor);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new SecondFactorOutcome.Ready(codes);
    }

    public async Task<SecondFactorOutcome> TurnOffAsync(StaffUser user, string password, Visitor visitor, CancellationToken cancellationToken)
    {
        if (await credentials.CheckPasswordAsync(user, password, cancellationToken) is var check and not CredentialCheck.Right)
            return new SecondFactorOutcome.Refused(check);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        user.TurnSecondFactorOff();
        await SaveAsync(user);
        await db.RecoveryCodes.Where(c => c.UserId == user.Id).ExecuteDeleteAsync(cancellationToken);
        await audit.RecordAsync(db, user, "staff.turn-second-factor-off", null, cancellationToken);
        post.Tell(db, user, StaffMailKind.SecondFactorOff, visitor);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new SecondFactorOutcome.Off();
    }

    /// <summary>The earlier ones are of no use from now on.</summary>
    public async Task<SecondFactorOutcome> NewCodesAsync(StaffUser user, string password, CancellationToken cancellationToken)
    {
        if (await credentials.CheckPasswordAsync(user, password, cancellationToken) is var check and not CredentialCheck.Right)
            return new SecondFactorOutcome.Refused(check);
        if (!user.TwoFactorEnabled)
            return new SecondFactorOutcome.Off();

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var codes = await RenewCodesAsync(user, cancellationToken);
        await audit.RecordAsync(db, user, "staff.new-recovery-codes", null, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new SecondFactorOutcome.Ready(codes);
    }

    public Task<int> CodesLeftAsync(Guid userId, CancellationToken cancellationToken)
        => db.RecoveryCodes.CountAsync(c => c.UserId == userId, cancellationToken);

    private async Task<IReadOnlyList<string>> RenewCodesAsync(StaffUser user, CancellationToken cancellationToken)
    {
        await db.RecoveryCodes.Where(c => c.UserId == user.Id).ExecuteDeleteAsync(cancellationToken);
        string[] codes = [.. Enumerable.Range(0, RecoveryCode.Count).Select(_ => RecoveryCode.New())];
        db.RecoveryCodes.AddRange(codes.Select(code => new RecoveryCode(user.Id, index.Of(user.Id, RecoveryCode.Read(code)!))));
        return codes;
    }

    private async Task SaveAsync(StaffUser user)
    {
        if (await users.UpdateAsync(user) is { Succeeded: false } result)
            throw new InvalidOperationException($"The account {user.Id} could not be stored: {result}");
    }
}
