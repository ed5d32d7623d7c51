using EasyIsp.Core.Identity;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace EasyIsp.Testing.Security;

/// <summary>A column of text that people, their devices or outsiders write.</summary>
/// <param name="Table">With its schema where that is not the tenants' own.</param>
/// <param name="MaxLength">Null where it is as long as one likes.</param>
public sealed record TextField(string Table, string Column, int? MaxLength)
{
    public string Name => $"{Table}.{Column}";
}

/// <summary>
/// Every text of the model: a new column is attacked by the security tests without being named anywhere. What holds no
/// free text stands in <see cref="NoFreeText"/>, with the reason.
/// </summary>
public static class TextFields
{
    /// <summary>By column, or by table and column.</summary>
    public static readonly IReadOnlyDictionary<string, string> NoFreeText = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["mac_address"] = "twelve hexadecimal digits, by MacAddress.Normalize and by checks",
        ["device_mac"] = "twelve hexadecimal digits, by MacAddress.Normalize",
        ["phone"] = "E.164, by PhoneNumber.Normalize",
        ["tenants.support_phone"] = "E.164, by PhoneNumber.Normalize",
        ["statement_pulls.nominated_number"] = "E.164, by PhoneNumber.Normalize",
        ["tenants.slug"] = "small letters, digits and hyphens, by Tenant.Found",
        ["tenants.accent_color"] = "#rrggbb, by Tenant.Brand",
        ["tenants.country"] = "two letters of a list",
        ["tenants.currency"] = "three letters of a list",
        ["tenants.language"] = "a language of the portal",
        ["tenants.time_zone"] = "a zone of the system's list",
        ["portal_sites.code"] = "small letters, digits and hyphens, by PortalSite.Claim",
        ["hotspot_visits.key"] = "made at random by us",
        ["provider_tokens.key"] = "a digest",
        ["tenant_counters.name"] = "a word of the code",
        ["api_tokens.hint"] = "the beginning of a token that we made",
        ["payment_accounts.short_code"] = "digits, by NewPaymentAccount",
        ["payment_accounts.till_number"] = "digits, by NewPaymentAccount",
        ["payment_accounts.bank_paybill"] = "digits, by NewPaymentAccount",
        ["payment_accounts.bank_account"] = "digits and letters, by NewPaymentAccount",
        ["short_code_claims.short_code"] = "digits, by NewPaymentAccount",
        ["short_code_claims.provider"] = "the host of an account's address",
        ["router_certificates.serial_number"] = "hexadecimal, made by us",
        ["audit_events.action"] = "a word of the code",
        ["used_signatures.nonce"] = "compared and forgotten; shown nowhere",
        ["limit_buckets.rule"] = "a word of the code",
        ["login_tests.result"] = "JSON of the code's own words",
        ["login_attempts.method"] = "a word of the code",
        ["login_attempts.refusal"] = "a word of the code",
        ["network_orders.reason"] = "a word of the code",
        ["daily_reports.figures"] = "JSON of figures, made by us",
        ["daily_reports.differences"] = "JSON, made by us of fields that are attacked where they stand",
        ["packages.allowed_hours"] = "days and hours, by AllowedHours and by a check",
        ["routers.api_certificate_fingerprint"] = "hexadecimal, by RouterDraft",
        ["staff.users.email"] = "an address of EmailAddress.Read; with another one nobody could sign in",
        ["staff.users.normalized_email"] = "as email",
        ["staff.users.user_name"] = "as email",
        ["staff.users.normalized_user_name"] = "as email",
        ["staff.users.password_hash"] = "a hash",
        ["staff.users.security_stamp"] = "made at random by us",
        ["staff.users.concurrency_stamp"] = "made at random by us",
        ["staff.users.phone_number"] = "E.164, by PhoneNumber.Normalize",
        ["staff.user_claims.claim_type"] = "not used",
        ["staff.user_claims.claim_value"] = "not used",
        ["staff.user_logins.login_provider"] = "not used",
        ["staff.user_logins.provider_key"] = "not used",
        ["staff.user_logins.provider_display_name"] = "not used",
        ["staff.user_tokens.login_provider"] = "not used",
        ["staff.user_tokens.name"] = "not used",
        ["staff.user_tokens.value"] = "not used",
        ["staff.links.address"] = "an address of EmailAddress.Read",
        ["staff.staff_mails.address"] = "an address of EmailAddress.Read, to which the mail goes",
    };

    public static IReadOnlyList<TextField> All { get; } = [.. Read()];

    private static IEnumerable<TextField> Read()
    {
        using var nowhere = NpgsqlDataSource.Create("Host=localhost");
        using var isp = new IspDbContext(IspDbOptions.Build(nowhere), tenantId: null);
        using var staff = new StaffContext(DatabaseProvisioning.Options<StaffContext>(nowhere, StaffContext.Schema));
        return [.. new DbContext[] { isp, staff }.SelectMany(Of).DistinctBy(field => field.Name).OrderBy(field => field.Name, StringComparer.Ordinal)];
    }

    private static IEnumerable<TextField> Of(DbContext context) =>
        from type in context.GetService<IDesignTimeModel>().Model.GetEntityTypes()
        where type.GetTableName() is not null && !type.IsMappedToJson()
        let table = StoreObjectIdentifier.Table(type.GetTableName()!, type.GetSchema())
        from property in type.GetProperties()
        where property.ClrType == typeof(string) && property.GetValueConverter() is null && property.GetComputedColumnSql(table) is null
            && property.GetColumnType() is var kind && (kind.StartsWith("character", StringComparison.Ordinal) || kind == "text")
        let column = property.GetColumnName(table)
        where column is not null
        let field = new TextField(type.GetSchema() is { } schema and not "public" ? $"{schema}.{table.Name}" : table.Name, column, property.GetMaxLength())
        where !NoFreeText.ContainsKey(field.Name) && !NoFreeText.ContainsKey(field.Column)
        select field;
}
