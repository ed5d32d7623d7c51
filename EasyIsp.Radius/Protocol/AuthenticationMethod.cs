namespace EasyIsp.Radius.Protocol;

/// <summary>How an Access-Request wants its user authenticated, told by the attributes it carries.</summary>
internal enum AuthenticationMethod
{
    /// <summary>No credentials: to be rejected.</summary>
    None,
    Pap,
    Chap,
    MsChap,
    Eap,

    /// <summary>
    /// User-Password together with CHAP-Password or MS-CHAP: forbidden (RFC 2865 section 4.1), to be rejected.
    /// </summary>
    Conflicting,
}

internal static class AuthenticationMethods
{
    private const uint MsChapResponse = 1;
    private const uint MsChap2Response = 25;

    public static AuthenticationMethod Of(in RadiusPacket request)
    {
        var method = AuthenticationMethod.None;
        if (request.Has(AttributeType.UserPassword))
            method = Join(method, AuthenticationMethod.Pap);
        if (request.Has(AttributeType.ChapPassword))
            method = Join(method, AuthenticationMethod.Chap);
        if (request.TryGetVendor(VendorId.Microsoft, MsChap2Response, out _)
            || request.TryGetVendor(VendorId.Microsoft, MsChapResponse, out _))
            method = Join(method, AuthenticationMethod.MsChap);
        if (request.Has(AttributeType.EapMessage))
            method = Join(method, AuthenticationMethod.Eap);
        return method;
    }

    private static AuthenticationMethod Join(AuthenticationMethod known, AuthenticationMethod found)
        => known is AuthenticationMethod.None ? found : AuthenticationMethod.Conflicting;
}
