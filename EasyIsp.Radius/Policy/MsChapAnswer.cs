using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Policy;

/// <summary>What a login by MS-CHAPv2 is told beyond other logins; others' replies are left as they are.</summary>
internal static class MsChapAnswer
{
    /// <param name="password">The one that the request proved to know.</param>
    public static void AddSuccess(ref PacketWriter reply, RadiusPacket request, KnownPassword password, SharedSecret secret)
    {
        if (AuthenticationMethods.Of(request) is AuthenticationMethod.MsChapV2 && MsChap2Response.TryRead(request, out var response))
            response.AddSuccess(ref reply, password.NtHash, request.Authenticator, secret);
    }

    public static void AddError(ref PacketWriter reply, RadiusPacket request, Refusal refusal, string message)
    {
        if (AuthenticationMethods.Of(request) is AuthenticationMethod.MsChapV2 && MsChap2Response.TryRead(request, out var response))
            response.AddError(ref reply, ErrorOf(refusal), message);
    }

    /// <summary>An ended package is no expired password (648): a client would offer to change the password.</summary>
    private static MsChapError ErrorOf(Refusal refusal) => refusal switch
    {
        Refusal.UnknownUser or Refusal.WrongPassword or Refusal.OtherDevice or Refusal.UnsupportedMethod
            => MsChapError.AuthenticationFailure,
        Refusal.OutsideHours => MsChapError.RestrictedLogonHours,
        Refusal.TenantSuspended or Refusal.CustomerSuspended => MsChapError.AccountDisabled,
        _ => MsChapError.NoDialInPermission,
    };
}
