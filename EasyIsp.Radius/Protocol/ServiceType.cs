namespace EasyIsp.Radius.Protocol;

/// <summary>
/// What kind of service is asked for (RFC 2865 section 5.6). RouterOS: hotspot and router admins Login, PPP Framed.
/// </summary>
internal enum ServiceType
{
    Login = 1,
    Framed = 2,
    CallbackLogin = 3,
    CallbackFramed = 4,
    Outbound = 5,
    Administrative = 6,
    NasPrompt = 7,
    AuthenticateOnly = 8,
    CallbackNasPrompt = 9,
    CallCheck = 10,
    CallbackAdministrative = 11,
    AuthorizeOnly = 17,
}
