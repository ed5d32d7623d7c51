using System.Globalization;
using EasyIsp.Core.Outbox;
using EasyIsp.Core.Outbox.Sms;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Refunds;

/// <summary>The SMS that says "we gave back", where the tenant sends SMS and a phone is known.</summary>
internal static class RefundNotices
{
    /// <summary>Participant.</summary>
    public static async Task SendAsync(IspDbContext db, Refund refund, Payment payment, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var customers = await db.Customers.Where(c => c.Id == refund.CustomerId).Select(c => c.Phone).SingleOrDefaultAsync(cancellationToken);
        if ((refund.Phone ?? customers ?? payment.Phone) is not { } phone || !await db.SmsAccounts.AnyAsync(a => a.DisabledAt == null, cancellationToken))
            return;

        var tenant = await db.Tenants.AsNoTracking().SingleAsync(t => t.Id == db.CurrentTenantId, cancellationToken);
        var money = $"{tenant.Currency} {refund.Amount.ToString("#,##0.##", CultureInfo.InvariantCulture)}";
        var receipt = refund.Receipt is { } number ? $" ({number})" : "";
        var text = (tenant.Language, refund.Way) switch
        {
            ("sw", RefundWay.Wallet) => $"{tenant.Name}: tumerudisha {money} kwenye salio lako.",
            ("sw", _) => $"{tenant.Name}: tumekurudishia {money}{receipt}.",
            (_, RefundWay.Wallet) => $"{tenant.Name}: {money} is back in your balance with us.",
            _ => $"{tenant.Name}: we have sent you back {money}{receipt}.",
        };
        db.Messages.Add(Message.Sms(
            refund.TenantId, phone, SmsSegments.Simplify(text), MessageClass.Transactional, refund.CustomerId, refund.Id, now));
    }
}
