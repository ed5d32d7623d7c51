using System.Globalization;
using EasyIsp.Core.Outbox.Sms;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Outbox;

/// <summary>The receipt that a payer gets by SMS, in the tenant's language and zone. Plain GSM letters: one part where possible.</summary>
public static class ReceiptTexts
{
    /// <summary>Participant.</summary>
    /// <param name="receipt">The provider's number; null while only a query said that it was paid.</param>
    /// <param name="endsAt">Until when the payer may be online; null when the money went to the wallet.</param>
    public static async Task<string> WriteAsync(
        IspDbContext db, decimal amount, string? receipt, string? package, DateTimeOffset? endsAt, CancellationToken cancellationToken)
    {
        var tenant = await db.Tenants.AsNoTracking().SingleAsync(t => t.Id == db.CurrentTenantId, cancellationToken);
        var money = $"{tenant.Currency} {amount.ToString("#,##0.##", CultureInfo.InvariantCulture)}";
        var reference = receipt is null ? "" : $" ({receipt})";
        var until = endsAt is { } end
            ? TimeZoneInfo.ConvertTime(end, TimeZoneInfo.FindSystemTimeZoneById(tenant.TimeZone)).ToString("d MMM HH:mm", CultureInfo.InvariantCulture)
            : null;
        var text = (tenant.Language, until) switch
        {
            ("sw", null) => $"{tenant.Name}: tumepokea {money}{reference}. Asante.",
            ("sw", _) => $"{tenant.Name}: tumepokea {money}{reference}. {package} yako ni hadi {until}. Asante.",
            (_, null) => $"{tenant.Name}: we received {money}{reference}. Thank you.",
            _ => $"{tenant.Name}: we received {money}{reference}. Your {package} runs until {until}. Thank you.",
        };
        return SmsSegments.Simplify(text);
    }
}
