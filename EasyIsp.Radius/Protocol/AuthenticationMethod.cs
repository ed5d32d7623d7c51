namespace EasyIsp.Radius.Protocol;

/// <summary>How an Access-Request wants its user authenticated, told by the attributes it carries.</summary>
internal enum AuthenticationMethod
{
    /// <summary>No credentials: to be rejected.</summary>
    None,
    Pap,
    Chap,

    /// <summary>RFC 2433: broken, and refused.</summary>
    MsChapV1,
    MsChapV2,
    Eap,

    /// <summary>
    /// Two kinds of credentials at once: forbidden (RFC 2865 section 4.1), to be rejected.
    /// </summary>
    Conflicting,
}

internal static class AuthenticationMethods
{
    public static AuthenticationMethod Of(in RadiusPacket request)
    {
        var method = AuthenticationMethod.None;
        if (request.Has(AttributeType.UserPassword))
            method = Join(method, AuthenticationMethod.Pap);
        if (request.Has(AttributeType.ChapPassword))
            method = Join(method, AuthenticationMethod.Chap);
        if (request.Has(MicrosoftAttribute.ChapResponse))
            method = Join(method, AuthenticationMethod.MsChapV1);
        if (request.Has(MicrosoftAttribute.Chap2Response))
            method = Join(method, AuthenticationMethod.MsChapV2);
        if (request.Has(AttributeType.EapMessage))
            method = Join(method, AuthenticationMethod.Eap);
        return method;
    }

    private static AuthenticationMethod Join(AuthenticationMethod known, AuthenticationMethod found)
        => known is AuthenticationMethod.None ? found : AuthenticationMethod.Conflicting;
}
