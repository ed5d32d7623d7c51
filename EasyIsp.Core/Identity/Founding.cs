using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;

namespace EasyIsp.Core.Identity;

/// <summary>What a new tenant begins with, as the super admin types it.</summary>
/// <param name="Slug">See <see cref="Tenant.Slug"/>.</param>
public sealed record Founding(string Name, string Slug, TenantLocale Locale, string AdminName, string AdminEmail);

/// <summary>What cannot stand as it is.</summary>
public enum FoundingFault
{
    Name,
    Slug,
    SlugTaken,
    Country,
    TimeZone,
    Currency,
    AdminName,

    /// <summary>No address, or one that Identity does not take as a user name.</summary>
    AdminEmail,
}

/// <summary>What a founding must satisfy; the form asks the same questions as the use case.</summary>
public static class FoundingRules
{
    public static IReadOnlyList<FoundingFault> FaultsIn(Founding founding) => [.. Faults(founding)];

    private static IEnumerable<FoundingFault> Faults(Founding founding)
    {
        if (!TenantProfileRules.IsName(founding.Name))
            yield return FoundingFault.Name;
        if (!Tenant.IsSlug(founding.Slug))
            yield return FoundingFault.Slug;
        foreach (var fault in TenantProfileRules.FaultsIn(founding.Locale))
        {
            yield return fault switch
            {
                TenantProfileFault.TimeZone => FoundingFault.TimeZone,
                TenantProfileFault.Currency or TenantProfileFault.CurrencyDigits => FoundingFault.Currency,
                _ => FoundingFault.Country,
            };
        }

        if (founding.AdminName.Trim().Length is 0 or > StaffUser.MaxDisplayNameLength)
            yield return FoundingFault.AdminName;
        if (EmailAddress.Read(founding.AdminEmail) is null)
            yield return FoundingFault.AdminEmail;
    }
}

public abstract record FoundingOutcome
{
    private FoundingOutcome() { }

    /// <param name="AdminPassword">Shown once; null when the admin had an account already.</param>
    public sealed record Founded(Guid TenantId, string? AdminPassword) : FoundingOutcome;

    public sealed record Refused(IReadOnlyList<FoundingFault> Faults) : FoundingOutcome;
}
