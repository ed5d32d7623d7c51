using System.Net;
using EasyIsp.Core.Identity.SignIns;
using EasyIsp.Core.Limits;
using EasyIsp.Core.Mail;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EasyIsp.Core.Identity.Post;

/// <summary>Puts mails to staff into the queue, where a server takes them at all.</summary>
public sealed class StaffPost(MailServer server, IOptions<ConsoleOptions> console, TimeProvider clock)
{
    /// <summary>Links to one person by which he shows that a mailbox is his.</summary>
    private const int MostAnHour = 3;

    /// <summary>False: no mail can be sent, or nobody could say at which address the console stands.</summary>
    public bool IsSet => server.IsSet && console.Value.PublicUrl is not null;

    /// <summary>Participant: tells a person what was done to his account.</summary>
    /// <param name="visitor">Null where the deed was another's.</param>
    public void Tell(StaffContext db, StaffUser user, StaffMailKind kind, Visitor? visitor, string? about = null)
    {
        if (!IsSet || user.Email is not { } address)
            return;

        about ??= visitor is null ? null : BrowserName.Of(visitor.Agent);
        db.StaffMails.Add(StaffMail.Of(kind, address, user.Id, about, visitor?.Address, clock.GetUtcNow()));
    }

    /// <summary>Participant: mails a link by which whoever reads that mailbox shows that it is the account's.</summary>
    /// <returns>False when three were mailed within the hour.</returns>
    public async Task<bool> AskWhoseAsync(StaffContext db, StaffUser user, string address, IPAddress? from, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow() - TimeSpan.FromHours(1);
        if (!IsSet || await db.StaffMails.CountAsync(
            m => m.Kind == StaffMailKind.AddressToVerify && m.UserId == user.Id && m.CreatedAt > since, cancellationToken) >= MostAnHour)
        {
            return false;
        }

        db.StaffMails.Add(StaffMail.Of(StaffMailKind.AddressToVerify, address, user.Id, about: null, from, clock.GetUtcNow()));
        return true;
    }

    /// <summary>Use case, behind <see cref="LimitRules.ResetByAccount"/>: the same whether the address is somebody's or not, in what is done and in how long it takes.</summary>
    /// <param name="kind">A mail, or a text.</param>
    public async Task AskForNewPasswordAsync(
        StaffContext db, StaffMailKind kind, string typed, IPAddress? from, CancellationToken cancellationToken)
    {
        if ((kind != StaffMailKind.CodeByText && !IsSet) || EmailAddress.Read(typed) is not { } address)
            return;

        db.StaffMails.Add(StaffMail.Of(kind, address, userId: null, about: null, from, clock.GetUtcNow()));
        await db.SaveChangesAsync(cancellationToken);
    }
}
