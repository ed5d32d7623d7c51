using System.Text;
using System.Text.RegularExpressions;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>SMS that staff paste: shown as they are understood first, stored when they say so. Never more than hints.</summary>
public sealed partial class SmsPasting(IspDatabase database, Actor actor, AuditTrail audit, TimeProvider clock)
{
    public const int MaxLength = 20_000;
    public const int MaxMessages = 50;

    /// <summary>Several SMS in one text: apart by an empty line, or where one begins as they do.</summary>
    public static IReadOnlyList<string> Split(string pasted)
    {
        List<StringBuilder> messages = [new()];
        foreach (var line in pasted.ReplaceLineEndings("\n").Split('\n'))
        {
            if (messages[^1].Length > 0 && (string.IsNullOrWhiteSpace(line) || Beginning().IsMatch(line)))
                messages.Add(new StringBuilder());
            messages[^1].AppendLine(line);
        }

        return [.. messages.Select(message => SmsText.Collapse(message.ToString())).Where(text => text.Length > 0).Distinct(StringComparer.Ordinal).Take(MaxMessages)];
    }

    /// <summary>Stores nothing.</summary>
    public async Task<IReadOnlyList<PastedSms>> UnderstandAsync(string pasted, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var own = await db.SmsTemplates.AsNoTracking().OrderBy(t => t.Priority).ThenBy(t => t.Id).ToListAsync(cancellationToken);
        var patterns = own.Select(template => template.Compile()).ToList();
        List<PastedSms> understood = [];
        foreach (var text in Split(pasted))
        {
            var reading = SmsReader.Read(text, sender: "", patterns);
            var facts = (reading as SmsReading.Read)?.Facts;
            var digest = SmsText.DigestOf(text);
            understood.Add(new PastedSms(
                text,
                facts,
                (reading as SmsReading.NotRead)?.Reason,
                await BookedMoney.FindAsync(db, facts?.OriginalReceipt ?? facts?.Receipt, cancellationToken),
                await db.MoneySms.Where(s => s.Digest == digest).Select(s => (DateTimeOffset?)s.ReceivedAt).MinAsync(cancellationToken)));
        }

        return understood;
    }

    /// <param name="accountId">Whose money they tell of, as whoever pastes them says; null when he does not know.</param>
    /// <returns>How many were not there before.</returns>
    /// <exception cref="ArgumentException">It is no Paybill or till of the tenant.</exception>
    public async Task<int> StoreAsync(string pasted, Guid? accountId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (accountId is not null && !await db.PaymentAccounts.AtOwnShortCode().AnyAsync(a => a.Id == accountId, cancellationToken))
            throw new ArgumentException("It is no Paybill or till of the tenant.", nameof(accountId));

        var stored = 0;
        // In one order whoever pastes, so that two who paste the same never wait for each other for ever.
        foreach (var text in Split(pasted).Order(StringComparer.Ordinal))
        {
            var delivered = new Delivered(MoneySmsSource.Pasted, Encoding.UTF8.GetBytes(text), SmsEnvelope.Of(text), PaymentAccountId: accountId)
            {
                PastedBy = actor.Name.Truncate(StaffUser.MaxDisplayNameLength), CameFrom = actor.Address,
            };
            if (await MoneySmsInbox.KeepAsync(db, delivered, clock.GetUtcNow(), cancellationToken))
                stored++;
        }

        audit.Record(db, "money-sms.paste", db.CurrentTenantId, new { Count = stored });
        await db.CommitAsync(cancellationToken);
        return stored;
    }

    [GeneratedRegex(
        @"^\s*(?:Congratulations!\s*)?(?:[A-Z0-9]{9,12}(?:\s+Confirmed|~Payment)|Confirmed\s+K|Dear\s)", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Beginning();
}

/// <summary>One pasted SMS as it is understood.</summary>
/// <param name="Facts">Null when it is not.</param>
/// <param name="Reason">Why it is not.</param>
/// <param name="Payment">What the books have of its receipt.</param>
/// <param name="KnownSince">When it was stored first; null when it is new.</param>
public sealed record PastedSms(string Text, SmsFacts? Facts, string? Reason, BookedMoney? Payment, DateTimeOffset? KnownSince);
