using System.Text.RegularExpressions;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Customers;

/// <summary>A customer as staff type him: nothing is trimmed, normalised or checked yet.</summary>
/// <param name="Username">The PPP user name; hotspot customers get one of their own and need none here.</param>
/// <param name="Password">Empty generates one for a new customer and keeps the present one of a known customer.</param>
public sealed record CustomerDraft(
    AccessType AccessType,
    string? Name,
    string? Phone = null,
    string? Email = null,
    string? Address = null,
    string? Notes = null,
    double? Latitude = null,
    double? Longitude = null,
    string? Username = null,
    string? Password = null)
{
    internal CustomerProfile ToProfile(string country) => new(
        Name!.Trim(),
        PhoneNumber.Normalize(Phone, country),
        TextOrNull(Email),
        TextOrNull(Address),
        TextOrNull(Notes),
        Latitude,
        Longitude);

    private static string? TextOrNull(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>A field of a <see cref="CustomerDraft"/> that cannot stand as it is.</summary>
public enum CustomerFault
{
    Name,
    Phone,
    Email,
    Address,
    Notes,
    Position,
    Username,
    UsernameTaken,
    Password,
}

/// <summary>What a draft must satisfy; the form asks the same questions as the desk.</summary>
public static partial class CustomerRules
{
    public const int MinPasswordLength = 8;
    public const int MaxPasswordLength = 64;
    public const int MaxAddressLength = 200;
    public const int MaxNotesLength = 2000;

    /// <param name="country">ISO 3166-1 alpha-2 of the tenant.</param>
    public static IReadOnlyList<CustomerFault> FaultsIn(CustomerDraft draft, string country) => [.. Faults(draft, country)];

    private static IEnumerable<CustomerFault> Faults(CustomerDraft draft, string country)
    {
        if (string.IsNullOrWhiteSpace(draft.Name) || draft.Name.Trim().Length > Customer.MaxNameLength)
            yield return CustomerFault.Name;
        if (!string.IsNullOrWhiteSpace(draft.Phone) && PhoneNumber.Normalize(draft.Phone, country) is null)
            yield return CustomerFault.Phone;
        if (!string.IsNullOrWhiteSpace(draft.Email) && EmailAddress.Read(draft.Email) is null)
            yield return CustomerFault.Email;
        if (draft.Address?.Trim().Length > MaxAddressLength)
            yield return CustomerFault.Address;
        if (draft.Notes?.Trim().Length > MaxNotesLength)
            yield return CustomerFault.Notes;
        if (!IsPosition(draft.Latitude, draft.Longitude))
            yield return CustomerFault.Position;
        if (draft.AccessType != AccessType.Pppoe)
            yield break;

        if (!IsUsername(draft.Username))
            yield return CustomerFault.Username;
        if (!string.IsNullOrEmpty(draft.Password) && !IsPassword(draft.Password))
            yield return CustomerFault.Password;
    }

    /// <summary>
    /// Letters, digits and <c>. _ - @</c>. Names such as <c>c1001</c> are kept for hotspot customers, who get them from
    /// their number.
    /// </summary>
    private static bool IsUsername(string? username)
        => username?.Trim().ToLowerInvariant() is { } name && UsernamePattern().IsMatch(name) && !WalkInPattern().IsMatch(name);

    /// <summary>Printable ASCII: PAP and CHAP carry bytes, and routers disagree about any other letters.</summary>
    private static bool IsPassword(string password)
        => password.Length is >= MinPasswordLength and <= MaxPasswordLength && password.All(letter => letter is > ' ' and <= '~');

    private static bool IsPosition(double? latitude, double? longitude)
        => (latitude, longitude) is (null, null) or ( >= -90 and <= 90, >= -180 and <= 180);

    [GeneratedRegex("^[a-z0-9][a-z0-9._@-]{1,63}$", RegexOptions.None, 100)]
    private static partial Regex UsernamePattern();

    [GeneratedRegex("^c[0-9]+$", RegexOptions.None, 100)]
    private static partial Regex WalkInPattern();
}
