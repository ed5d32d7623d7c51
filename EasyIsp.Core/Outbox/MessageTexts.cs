using System.Globalization;
using EasyIsp.Core.Outbox.Sms;
using EasyIsp.Core.Tenancy;

namespace EasyIsp.Core.Outbox;

/// <summary>
/// What customers are told, in the tenant's language, zone and currency, and in characters that one SMS has room for.
/// </summary>
public static class MessageTexts
{
    private const string Swahili = "sw";

    /// <summary>A payment arrived and bought something.</summary>
    /// <param name="receipt">The provider's number of the payment.</param>
    /// <param name="until">The first moment without access.</param>
    public static string Receipt(Tenant tenant, decimal amount, string receipt, string package, DateTimeOffset until)
    {
        var (money, end) = (Money(tenant, amount), Moment(tenant, until));
        return SmsSegments.Simplify(tenant.Language == Swahili
            ? $"{tenant.Name}: Tumepokea {money}, risiti {receipt}. {package} hadi {end}. Asante."
            : $"{tenant.Name}: {money} received, receipt {receipt}. {package} until {end}. Thank you.");
    }

    /// <summary>A payment arrived and lies in the wallet.</summary>
    /// <param name="balance">Of the wallet, this payment included.</param>
    public static string TopUp(Tenant tenant, decimal amount, string receipt, decimal balance)
    {
        var (money, left) = (Money(tenant, amount), Money(tenant, balance));
        return SmsSegments.Simplify(tenant.Language == Swahili
            ? $"{tenant.Name}: Tumepokea {money}, risiti {receipt}. Salio lako ni {left}. Asante."
            : $"{tenant.Name}: {money} received, receipt {receipt}. Your balance is {left}. Thank you.");
    }

    /// <summary>Whole amounts without decimals: <c>KES 1,050</c>, <c>KES 49.50</c>.</summary>
    private static string Money(Tenant tenant, decimal amount)
    {
        var digits = amount == decimal.Truncate(amount) ? 0 : tenant.CurrencyDigits;
        return $"{tenant.Currency} {amount.ToString("N" + digits, CultureInfo.InvariantCulture)}";
    }

    /// <summary>Day and month as numbers: they read the same in both languages.</summary>
    private static string Moment(Tenant tenant, DateTimeOffset at)
        => TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(tenant.TimeZone))
            .ToString("d/M/yyyy HH:mm", CultureInfo.InvariantCulture);
}
