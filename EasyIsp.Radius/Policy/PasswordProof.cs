using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Policy;

/// <summary>Whether a request proves the knowledge of a password, by PAP, CHAP or MS-CHAPv2.</summary>
internal static class PasswordProof
{
    public static bool IsGiven(in RadiusPacket request, SharedSecret secret, KnownPassword password)
        => AuthenticationMethods.Of(request) switch
        {
            AuthenticationMethod.Pap => request.TryGet(AttributeType.UserPassword, out var hidden)
                && UserPassword.Matches(hidden, request.Authenticator, secret, password.Octets),
            AuthenticationMethod.Chap => Chap.Verify(request, password.Octets),
            AuthenticationMethod.MsChapV2 => MsChap2Response.TryRead(request, out var response) && response.Proves(password.NtHash),
            _ => false,
        };
}
