using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Tests.Protocol;

/// <summary>reference/radius.md, case 38.</summary>
public sealed class AuthenticationMethodTests
{
    private const string Pap = "020361";
    private const string ChapResponse = "030361";
    private const string Eap = "4f0361";
    private const string MsChap1 = "1a0900000137010361";
    private const string MsChap2 = "1a0900000137190361";

    [Theory]
    [InlineData(AuthenticationMethod.None, "010361")]
    [InlineData(AuthenticationMethod.Pap, Pap)]
    [InlineData(AuthenticationMethod.Chap, ChapResponse)]
    [InlineData(AuthenticationMethod.MsChapV2, MsChap2)]
    [InlineData(AuthenticationMethod.MsChapV1, MsChap1)]
    [InlineData(AuthenticationMethod.Conflicting, MsChap1 + MsChap2)]
    [InlineData(AuthenticationMethod.Eap, Eap)]
    [InlineData(AuthenticationMethod.Conflicting, Pap + ChapResponse)]
    [InlineData(AuthenticationMethod.Conflicting, Pap + MsChap2)]
    [InlineData(AuthenticationMethod.Conflicting, ChapResponse + Eap)]
    [InlineData(AuthenticationMethod.Conflicting, Pap + ChapResponse + MsChap2 + Eap)]
    internal void The_credentials_of_a_request_tell_its_method(AuthenticationMethod method, string attributes)
        => Assert.Equal(method, AuthenticationMethods.Of(Wire.Read(Wire.Packet(PacketCode.AccessRequest, attributes))));
}
