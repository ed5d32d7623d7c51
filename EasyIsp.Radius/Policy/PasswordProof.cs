using System.Text;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Policy;

/// <summary>Whether a request proves the knowledge of a password, by PAP or by CHAP.</summary>
internal static class PasswordProof
{
    public static bool IsGiven(in RadiusPacket request, SharedSecret secret, string password)
    {
        Span<byte> octets = stackalloc byte[Encoding.UTF8.GetMaxByteCount(password.Length)];
        var expected = octets[..Encoding.UTF8.GetBytes(password, octets)];
        return AuthenticationMethods.Of(request) switch
        {
            AuthenticationMethod.Pap => request.TryGet(AttributeType.UserPassword, out var hidden)
                && UserPassword.Matches(hidden, request.Authenticator, secret, expected),
            AuthenticationMethod.Chap => Chap.Verify(request, expected),
            _ => false,
        };
    }
}
