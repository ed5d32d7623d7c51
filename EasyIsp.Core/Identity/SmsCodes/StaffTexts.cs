using System.Security.Cryptography;
using EasyIsp.Core.Outbox;
using EasyIsp.Core.Outbox.Sms;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Identity.SmsCodes;

/// <summary>
/// Sends codes to the phones of staff, by the SMS account of the company they work for. An account belongs to the platform
/// and texts to a company, so this is for who works for just one that wants it; a super admin's is nobody's but the platform's.
/// </summary>
public sealed class StaffTexts(StaffDirectory staff, PlatformDatabase platform, SecretCodec secrets, BlindIndex index, TimeProvider clock)
{
    /// <summary>Codes of one purpose for one person within an hour.</summary>
    public const int MostInAnHour = 3;

    private static readonly TimeSpan LimitWindow = TimeSpan.FromHours(1);

    /// <summary>Some company here sends codes to its staff: the same for everybody who asks.</summary>
    public async Task<bool> IsOfferedAsync(CancellationToken cancellationToken)
    {
        await using var db = await platform.OpenAsync(cancellationToken);
        return await Carriers(db).AnyAsync(cancellationToken);
    }

    /// <returns>The company that sends this person's codes; null when none does.</returns>
    public async Task<Tenant?> CarrierOfAsync(StaffUser user, CancellationToken cancellationToken)
    {
        if (user.IsSuperAdmin || await staff.WorkplacesAsync(user.Id, cancellationToken) is not [var only])
            return null;

        await using var db = await platform.OpenAsync(cancellationToken);
        return await Carriers(db).SingleOrDefaultAsync(t => t.Id == only.TenantId, cancellationToken);
    }

    /// <summary>The earlier codes of its purpose end.</summary>
    /// <returns>False when no company sends it, or three were sent within the hour.</returns>
    public async Task<bool> SendAsync(StaffContext accounts, StaffUser user, SmsCodePurpose purpose, string phone, CancellationToken cancellationToken)
    {
        if (await CarrierOfAsync(user, cancellationToken) is not { } carrier)
            return false;

        var now = clock.GetUtcNow();
        await using var transaction = await accounts.Database.BeginTransactionAsync(cancellationToken);
        // Of two who ask at once the second waits, and counts the first one's.
        await accounts.Database.ExecuteSqlAsync($"select 1 from staff.users where id = {user.Id} for update", cancellationToken);
        var earlier = accounts.SmsCodes.Where(c => c.UserId == user.Id && c.Purpose == purpose);
        if (await earlier.CountAsync(c => c.CreatedAt > now - LimitWindow, cancellationToken) >= MostInAnHour)
            return false;

        await earlier.Where(c => c.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(c => c.EndedAt, now), cancellationToken);
        accounts.SmsCodes.Add(SmsCode.Make(user.Id, purpose, phone, index, now, out var digits));
        await accounts.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        await using var db = await platform.OpenAsync(cancellationToken);
        db.Messages.Add(Message.SecretSms(
            carrier.Id, phone, Words(carrier, purpose, "********"), secrets.Protect(carrier.Id, Words(carrier, purpose, digits)), user.Id, now));
        await db.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Counts the try before it looks, so that many at once are no more than five.</summary>
    /// <param name="userId">Null for nobody: it takes as long.</param>
    /// <returns>The code that was typed, which may be used once now; null when it is not right, or good no more.</returns>
    internal async Task<SmsCode?> CheckAsync(
        StaffContext accounts, Guid? userId, SmsCodePurpose purpose, string? typed, CancellationToken cancellationToken)
    {
        var (now, id) = (clock.GetUtcNow(), userId ?? Guid.Empty);
        var open = accounts.SmsCodes.Where(c => c.UserId == id && c.Purpose == purpose && c.EndedAt == null && c.ExpiresAt > now);
        var isCounted = await open.Where(c => c.Tries < SmsCode.MostTries)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Tries, c => c.Tries + 1), cancellationToken) > 0;
        var code = await open.AsNoTracking().OrderByDescending(c => c.Id).FirstOrDefaultAsync(cancellationToken);
        var digest = index.Of(code?.Id ?? id, SmsCode.Read(typed) ?? "");
        return isCounted && code is not null && CryptographicOperations.FixedTimeEquals(code.Digest, digest) ? code : null;
    }

    /// <summary>Participant.</summary>
    /// <returns>False when another used it first.</returns>
    internal async Task<bool> UseAsync(StaffContext accounts, SmsCode code, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return await accounts.SmsCodes.Where(c => c.Id == code.Id && c.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.EndedAt, now), cancellationToken) == 1;
    }

    /// <summary>The code was right, and what it was shown for was not done: that try does not count.</summary>
    internal static Task<int> GiveBackAsync(StaffContext accounts, SmsCode code, CancellationToken cancellationToken)
        => accounts.SmsCodes.Where(c => c.Id == code.Id && c.Tries > 0)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Tries, c => c.Tries - 1), cancellationToken);

    private static IQueryable<Tenant> Carriers(IspDbContext db) => db.Tenants.AsNoTracking().Where(t =>
        t.TextsStaffCodes && t.SuspendedAt == null
        && db.SmsAccounts.IgnoreQueryFilters(new[] { QueryFilters.Tenant }).Any(a => a.TenantId == t.Id && a.DisabledAt == null));

    private static string Words(Tenant carrier, SmsCodePurpose purpose, string digits) => SmsSegments.Simplify((carrier.Language, purpose) switch
    {
        ("sw", SmsCodePurpose.NewPassword) => $"{digits} ni nambari ya kuweka nenosiri jipya la EasyISP. Inatumika kwa dakika 10. Usimpe mtu yeyote.",
        ("sw", _) => $"{digits} ni nambari ya kuthibitisha simu yako kwa EasyISP. Inatumika kwa dakika 10. Usimpe mtu yeyote.",
        (_, SmsCodePurpose.NewPassword) => $"{digits} sets a new password for EasyISP. It is good for 10 minutes. Give it to nobody.",
        _ => $"{digits} shows EasyISP that this phone is yours. It is good for 10 minutes. Give it to nobody.",
    });
}
