using System.Text;

namespace EasyIsp.Core.Sessions.Trials;

/// <summary>A login as staff describe it.</summary>
/// <param name="UserName">Not asked of a login by the device's address.</param>
/// <param name="UsesStoredPassword">Then nothing is typed; a customer without one is given a one-time password, as the portal gives it.</param>
/// <param name="MacAddress">In any spelling.</param>
public sealed record LoginTestDraft(
    Guid? RouterId,
    LoginTestKind Kind,
    LoginTestMethod Method,
    string? UserName,
    bool UsesStoredPassword,
    string? Password,
    string? MacAddress)
{
    /// <summary>The device's address is the user name, and there is no password.</summary>
    public bool IsByDevice => Kind is LoginTestKind.Dhcp || (Kind is LoginTestKind.Hotspot && Method is LoginTestMethod.Mac);
}

public enum LoginTestFault
{
    Router,
    UserName,
    Password,
    MacAddress,
    MacAddressMissing,

    /// <summary>The router was archived meanwhile.</summary>
    RouterGone,

    /// <summary>Nobody has the name, so there is no stored password.</summary>
    NobodyHasIt,
    NoStoredPassword,
    TooMany,
}

public static class LoginTestRules
{
    /// <summary>Octets: RFC 2865 section 5.</summary>
    public const int MaxUserNameLength = 253;

    /// <summary>Octets: RFC 2865 section 5.2.</summary>
    public const int MaxPasswordLength = 128;

    public static IReadOnlyList<LoginTestFault> FaultsIn(LoginTestDraft draft) => [.. Find(draft)];

    private static IEnumerable<LoginTestFault> Find(LoginTestDraft draft)
    {
        if (draft.RouterId is null)
            yield return LoginTestFault.Router;
        if (string.IsNullOrWhiteSpace(draft.MacAddress))
        {
            if (draft.IsByDevice)
                yield return LoginTestFault.MacAddressMissing;
        }
        else if (Shared.MacAddress.Normalize(draft.MacAddress) is null)
        {
            yield return LoginTestFault.MacAddress;
        }

        if (draft.IsByDevice)
            yield break;
        if (string.IsNullOrWhiteSpace(draft.UserName) || Encoding.UTF8.GetByteCount(draft.UserName) > MaxUserNameLength)
            yield return LoginTestFault.UserName;
        if (!draft.UsesStoredPassword && Encoding.UTF8.GetByteCount(draft.Password ?? "") > MaxPasswordLength)
            yield return LoginTestFault.Password;
    }
}
