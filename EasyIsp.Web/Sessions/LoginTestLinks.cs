using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Sessions.Trials;
using EasyIsp.Core.Shared;
using Microsoft.AspNetCore.WebUtilities;

namespace EasyIsp.Web.Sessions;

/// <summary>Addresses of the page that tests a login, with its fields filled in. No password stands in an address.</summary>
internal static class LoginTestLinks
{
    public const string Page = "/sessions/test-login";

    public static string Of(Guid customerId, Guid? routerId = null) => Address(("customer", customerId.ToString()), ("router", routerId?.ToString()));

    /// <summary>The same login again, as far as the log tells.</summary>
    public static string Of(LoginRow login) => Address(
        ("customer", login.CustomerId?.ToString()),
        ("router", login.RouterId.ToString()),
        ("user", login.CustomerId is null && !IsHidden(login.UserName) ? login.UserName : null),
        ("kind", KindOf(login)?.ToString().ToLowerInvariant()),
        ("method", MethodOf(login)?.ToString().ToLowerInvariant()),
        ("mac", login.MacAddress));

    /// <summary>A voucher stands in the log by its serial, and a mistyped code with dots.</summary>
    private static bool IsHidden(string name) => name.StartsWith("voucher:", StringComparison.Ordinal) || name.Contains('•');

    private static bool IsByAddress(LoginRow login) => login.MacAddress is { } mac && MacAddress.Normalize(login.UserName) == mac;

    private static LoginTestKind? KindOf(LoginRow login) => login.AccessType switch
    {
        AccessType.Pppoe => LoginTestKind.Pppoe,
        AccessType.Hotspot => LoginTestKind.Hotspot,
        _ => IsByAddress(login) ? LoginTestKind.Dhcp : null,
    };

    private static LoginTestMethod? MethodOf(LoginRow login) => login.AccessType is AccessType.Hotspot && IsByAddress(login)
        ? LoginTestMethod.Mac
        : Enum.TryParse<LoginTestMethod>(login.Method, out var method) ? method : null;

    private static string Address(params IEnumerable<(string Key, string? Value)> parts)
        => QueryHelpers.AddQueryString(Page, parts.Where(part => part.Value is not null).Select(part => KeyValuePair.Create(part.Key, part.Value)));
}
