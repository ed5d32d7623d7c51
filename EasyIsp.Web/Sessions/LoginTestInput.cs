using EasyIsp.Core.Sessions.Trials;
using EasyIsp.Core.Shared;

namespace EasyIsp.Web.Sessions;

/// <summary>What the fields of the form hold.</summary>
public sealed class LoginTestInput
{
    public Guid? RouterId { get; set; }
    public LoginTestKind Kind { get; set; }
    public LoginTestMethod Method { get; set; }
    public string? UserName { get; set; }
    public bool UsesStoredPassword { get; set; } = true;
    public string? Password { get; set; }
    public string? MacAddress { get; set; }

    public bool IsByDevice => ToDraft().IsByDevice;

    /// <summary>The ways that a router of this kind has; a DHCP server has but one.</summary>
    public IReadOnlyList<LoginTestMethod> Methods => Kind switch
    {
        LoginTestKind.Pppoe => [LoginTestMethod.Pap, LoginTestMethod.Chap, LoginTestMethod.MsChapV2],
        LoginTestKind.Hotspot => [LoginTestMethod.Pap, LoginTestMethod.Chap, LoginTestMethod.MsChapV2, LoginTestMethod.Mac],
        _ => [],
    };

    public void Choose(LoginTestKind kind)
    {
        Kind = kind;
        if (!Methods.Contains(Method))
            Method = LoginTestMethod.Pap;
    }

    public void Choose(LoginTestSubject subject)
    {
        (UserName, MacAddress) = (subject.UserName, MacAddress ?? subject.MacAddress);
        Choose(subject.AccessType is AccessType.Hotspot ? LoginTestKind.Hotspot : LoginTestKind.Pppoe);
    }

    public LoginTestDraft ToDraft() => new(RouterId, Kind, Method, UserName, UsesStoredPassword, Password, MacAddress);
}
