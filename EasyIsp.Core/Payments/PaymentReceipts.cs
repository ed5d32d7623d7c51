using EasyIsp.Core.Outbox;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>The SMS that says "we received", where the tenant sends SMS.</summary>
internal static class PaymentReceipts
{
    /// <summary>Participant.</summary>
    /// <param name="asked">Whose phone was asked to pay (E.164); null where nobody's was: the customer's own, else what he paid with.</param>
    /// <param name="endsAt">Until when the payer may be online; null when the money stays in the wallet.</param>
    public static async Task SendAsync(
        IspDbContext db,
        Payment payment,
        string? asked,
        Guid customerId,
        string? package,
        DateTimeOffset? endsAt,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var customer = await db.Customers
            .Where(c => c.Id == customerId)
            .Select(c => new { c.Phone, MayBeSent = db.SmsAccounts.Any(a => a.DisabledAt == null) })
            .SingleAsync(cancellationToken);
        if (!customer.MayBeSent || (asked ?? customer.Phone ?? payment.Phone) is not { } phone)
            return;

        var text = await ReceiptTexts.WriteAsync(db, payment.Amount, payment.Number, package, endsAt, cancellationToken);
        db.Messages.Add(Message.Sms(payment.TenantId, phone, text, MessageClass.Transactional, customerId, payment.Id, now));
    }
}
