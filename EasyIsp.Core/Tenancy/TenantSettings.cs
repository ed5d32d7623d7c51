using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Tenancy;

/// <summary>What a tenant's admin does with the tenant itself.</summary>
public sealed class TenantSettings(IspDatabase database, AuditTrail audit)
{
    public async Task<TenantProfile> TakeInHandAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return TenantProfile.Of(await db.Tenants.AsNoTracking().SingleAsync(t => t.Id == db.CurrentTenantId, cancellationToken));
    }

    /// <summary>Another currency or zone holds for how amounts and times are shown from now on; no amount is converted.</summary>
    /// <param name="before">The profile as it was taken in hand.</param>
    public async Task<TenantProfileOutcome> ChangeAsync(TenantProfile profile, TenantProfile before, CancellationToken cancellationToken)
    {
        if (TenantProfileRules.FaultsIn(profile) is { Count: > 0 } faults)
            return new TenantProfileOutcome.Refused(faults);

        await using var db = await database.OpenAsync(cancellationToken);
        var tenant = await db.Tenants
            .FromSql($"select * from tenants where id = {db.CurrentTenantId} for update")
            .SingleAsync(cancellationToken);
        if (TenantProfile.Of(tenant) != before)
            return new TenantProfileOutcome.ChangedMeanwhile();

        tenant.Rename(profile.Name!);
        tenant.Settle(profile.Locale);
        tenant.Brand(profile.AccentColor!, PhoneNumber.Normalize(profile.SupportPhone, profile.Locale.Country));
        tenant.LimitRefunds(profile.RefundLimit);
        var saved = TenantProfile.Of(tenant);
        audit.Record(db, "tenant.change-profile", tenant.Id, ChangesBetween(before, saved));
        await db.CommitAsync(cancellationToken);
        return new TenantProfileOutcome.Saved(saved);
    }

    /// <summary>Only what is another now, so that the log answers "who changed the currency".</summary>
    private static Dictionary<string, object?> ChangesBetween(TenantProfile before, TenantProfile after)
    {
        (string Field, object? Before, object? After)[] fields =
        [
            ("name", before.Name, after.Name),
            ("accentColor", before.AccentColor, after.AccentColor),
            ("supportPhone", before.SupportPhone, after.SupportPhone),
            ("language", before.Locale.Language, after.Locale.Language),
            ("timeZone", before.Locale.TimeZone, after.Locale.TimeZone),
            ("country", before.Locale.Country, after.Locale.Country),
            ("currency", before.Locale.Currency, after.Locale.Currency),
            ("currencyDigits", before.Locale.CurrencyDigits, after.Locale.CurrencyDigits),
            ("refundLimit", before.RefundLimit, after.RefundLimit),
        ];
        return fields.Where(field => !Equals(field.Before, field.After)).ToDictionary(field => field.Field, field => field.After);
    }
}

public abstract record TenantProfileOutcome
{
    private TenantProfileOutcome() { }

    /// <param name="Profile">As it is kept: trimmed, the phone in E.164.</param>
    public sealed record Saved(TenantProfile Profile) : TenantProfileOutcome;

    public sealed record Refused(IReadOnlyList<TenantProfileFault> Faults) : TenantProfileOutcome;

    /// <summary>Somebody else changed the profile since it was taken in hand; nothing was written.</summary>
    public sealed record ChangedMeanwhile : TenantProfileOutcome;
}

public static class TenancyFeature
{
    public static IServiceCollection AddTenancy(this IServiceCollection services) => services
        .AddScoped<TenantSettings>()
        .AddScoped<LimitedAccessDesk>();
}
