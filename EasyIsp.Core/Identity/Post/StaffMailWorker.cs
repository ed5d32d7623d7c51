using EasyIsp.Core.Identity.SmsCodes;
using EasyIsp.Core.Mail;
using EasyIsp.Core.Persistence;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EasyIsp.Core.Identity.Post;

/// <summary>Sends the mails to staff; of several processes one gets each.</summary>
internal sealed partial class StaffMailWorker(
    IDbContextFactory<StaffContext> staff,
    IServiceScopeFactory scopes,
    MailServer server,
    IOptions<ConsoleOptions> console,
    StaffTexts texts,
    ChangeFeed feed,
    TimeProvider clock,
    ILogger<StaffMailWorker> logger) : QueueWorker(feed, "staff_mails", TimeSpan.FromSeconds(30), clock, logger)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    private readonly TimeProvider _clock = clock;

    protected override async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        var address = server.IsSet ? console.Value.PublicUrl : null;
        if (await ClaimAsync(canMail: address is not null, cancellationToken) is not { } mail)
        {
            await ForgetOldAsync(cancellationToken);
            return false;
        }

        var failure = await OwnerOfAsync(mail) is { } user
            ? await SendAsync(mail, user, address, cancellationToken)
            : null;

        // What the server took is noted also when the process is to stop.
        await using var db = await staff.CreateDbContextAsync(CancellationToken.None);
        var sent = await db.StaffMails.SingleAsync(m => m.Id == mail.Id, CancellationToken.None);
        if (failure is null)
            sent.Done();
        else
            sent.Failed(failure, _clock.GetUtcNow());
        await db.SaveChangesAsync(CancellationToken.None);
        if (failure is not null)
            LogNotSent(mail.Kind, mail.Tries, failure);
        return true;
    }

    /// <param name="canMail">Else only what goes by text is taken.</param>
    private async Task<StaffMail?> ClaimAsync(bool canMail, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        await using var db = await staff.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var mail = await db.StaffMails
            .FromSql($"""
                select * from staff.staff_mails where next_try_at <= {now} and ({canMail} or kind = {nameof(StaffMailKind.CodeByText)})
                order by next_try_at limit 1 for update skip locked
                """)
            .SingleOrDefaultAsync(cancellationToken);
        if (mail is null)
            return null;

        mail.Try(now);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return mail;
    }

    /// <returns>Null: nothing is sent.</returns>
    private async Task<StaffUser?> OwnerOfAsync(StaffMail mail)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<StaffUser>>();
        var holder = await users.FindByEmailAsync(mail.Address);
        if (mail.UserId is { } id)
        {
            // An address that is to become the account's is not to be another's.
            var user = await users.FindByIdAsync(id.ToString());
            return user is { DeletedAt: null } && (mail.Kind != StaffMailKind.AddressToVerify || holder is null || holder.Id == id) ? user : null;
        }

        // Where the address was never verified, somebody else's mailbox may have it, who is not to come in by a new password.
        return holder is { DeletedAt: null } and ({ EmailConfirmed: true } or { PasswordHash: null }) ? holder : null;
    }

    /// <summary>The link is made with each try, and the earlier ones of its kind end: only the mail that arrives last has one that is good.</summary>
    /// <param name="address">Of the console; not needed for a text.</param>
    private async Task<string?> SendAsync(StaffMail mail, StaffUser user, Uri? address, CancellationToken cancellationToken)
    {
        if (mail.Kind == StaffMailKind.CodeByText)
        {
            await TextAsync(user, cancellationToken);
            return null;
        }

        string? key = null;
        if (StaffLetters.LinkIn(mail.Kind) is { } purpose)
        {
            await using var db = await staff.CreateDbContextAsync(cancellationToken);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await db.StaffLinks.Where(l => l.UserId == user.Id && l.Purpose == purpose).ExecuteDeleteAsync(cancellationToken);
            db.StaffLinks.Add(StaffLink.Make(user.Id, purpose, mail.Address, _clock.GetUtcNow(), out key));
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        var (subject, text) = StaffLetters.Write(mail, user, address!, key);
        return await server.SendAsync(new OutgoingMail($"{mail.Id:N}", [mail.Address], subject, text, [], mail.CreatedAt), cancellationToken);
    }

    /// <summary>To whom no company texts a code, none is sent, and nobody is told.</summary>
    private async Task TextAsync(StaffUser user, CancellationToken cancellationToken)
    {
        if (user is not { PhoneNumberConfirmed: true, PhoneNumber: { } phone, PasswordHash: not null })
            return;

        await using var db = await staff.CreateDbContextAsync(cancellationToken);
        await texts.SendAsync(db, user, SmsCodePurpose.NewPassword, phone, cancellationToken);
    }

    private async Task ForgetOldAsync(CancellationToken cancellationToken)
    {
        var old = _clock.GetUtcNow() - KeptFor;
        await using var db = await staff.CreateDbContextAsync(cancellationToken);
        await db.StaffMails.Where(m => m.CreatedAt < old && m.NextTryAt == null).ExecuteDeleteAsync(cancellationToken);
        var oldCodes = _clock.GetUtcNow() - SmsCode.KeptFor;
        await db.SmsCodes.Where(c => c.CreatedAt < oldCodes).ExecuteDeleteAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A mail to a member of staff ({Kind}) could not be sent, try {Tries}: {Reason}")]
    private partial void LogNotSent(StaffMailKind kind, int tries, string reason);
}
