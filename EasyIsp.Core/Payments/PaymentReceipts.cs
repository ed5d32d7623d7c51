using EasyIsp.Core.Outbox;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>The SMS that says "we received", where the tenant sends SMS.</summary>
internal static class PaymentReceipts
{
    /// <summary>Participant.</summary>
    /// <param name="phone">E.164.</param>
    /// <param name="endsAt">Until when the payer may be online; null when the money stays in the wallet.</param>
    public static async Task SendAsync(
        IspDbContext db,
        Payment payment,
        string phone,
        Guid customerId,
        string? package,
        DateTimeOffset? endsAt,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (!await db.SmsAccounts.AnyAsync(a => a.DisabledAt == null, cancellationToken))
            return;

        var text = await ReceiptTexts.WriteAsync(db, payment.Amount, payment.Number, package, endsAt, cancellationToken);
        db.Messages.Add(Message.Sms(payment.TenantId, phone, text, MessageClass.Transactional, customerId, payment.Id, now));
    }
}
