using System.Security.Cryptography;
using System.Text.Unicode;

namespace EasyIsp.Radius.Protocol;

/// <summary>
/// A login by MS-CHAPv2 as an Access-Request carries it, and its answers (RFC 2548 section 2.3): MS-CHAP-Challenge,
/// MS-CHAP2-Response (identifier, flags, the peer's challenge, eight octets reserved, the response), User-Name.
/// </summary>
internal readonly ref struct MsChap2Response
{
    private const int Size = 50;
    private const int PeerOffset = 2;
    private const int NtResponseOffset = 26;
    private const int MaxVendorText = 247;

    private readonly ReadOnlySpan<byte> _response;
    private readonly ReadOnlySpan<byte> _challenge;
    private readonly ReadOnlySpan<byte> _userName;

    private MsChap2Response(ReadOnlySpan<byte> response, ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> userName)
    {
        _response = response;
        _challenge = challenge;
        _userName = userName;
    }

    private MsChap2Challenge Challenge
        => new(_challenge, _response.Slice(PeerOffset, MsChapV2.ChallengeSize), _userName);

    /// <summary>The 24 octets of RFC 2759 section 8.1.</summary>
    private ReadOnlySpan<byte> NtResponse => _response[NtResponseOffset..];

    /// <summary>False when the response is not 50 octets, the challenge not 16, or one of the three is missing.</summary>
    public static bool TryRead(RadiusPacket request, out MsChap2Response response)
    {
        response = default;
        if (!request.TryGet(MicrosoftAttribute.Chap2Response, out var octets) || octets.Length != Size
            || !request.TryGet(MicrosoftAttribute.ChapChallenge, out var challenge) || challenge.Length != MsChapV2.ChallengeSize
            || !request.TryGet(AttributeType.UserName, out var userName))
            return false;

        response = new MsChap2Response(octets, challenge, userName);
        return true;
    }

    public bool Proves(NtHash password) => MsChapV2.Verify(Challenge, password, NtResponse);

    /// <summary>MS-CHAP2-Success, and the keys that the session may be encrypted with (RFC 2548 section 2.4).</summary>
    public void AddSuccess(ref PacketWriter reply, NtHash password, ReadOnlySpan<byte> requestAuthenticator, SharedSecret secret)
    {
        Span<byte> success = stackalloc byte[1 + MsChapV2.AuthenticatorResponseSize];
        success[0] = _response[0];
        MsChapV2.WriteAuthenticatorResponse(Challenge, password, NtResponse, success[1..]);
        reply.Add(MicrosoftAttribute.Chap2Success, success);
        MppeKeys.Add(ref reply, password, NtResponse, requestAuthenticator, secret);
    }

    /// <summary>
    /// MS-CHAP-Error (RFC 2759 section 6): no retry, a challenge that nobody has to answer, version 3, and words for people.
    /// </summary>
    /// <param name="message">Cut where it does not fit.</param>
    public void AddError(ref PacketWriter reply, MsChapError error, string message)
    {
        Span<byte> challenge = stackalloc byte[MsChapV2.ChallengeSize];
        RandomNumberGenerator.Fill(challenge);
        Span<byte> value = stackalloc byte[MaxVendorText];
        value[0] = _response[0];
        Utf8.TryWrite(value[1..], $"E={(int)error} R=0 C={Convert.ToHexString(challenge)} V=3 M=", out var written);
        Utf8.FromUtf16(message, value[(1 + written)..], out _, out var words);
        reply.Add(MicrosoftAttribute.ChapError, value[..(1 + written + words)]);
    }
}

/// <summary>Why a login by MS-CHAPv2 failed, as far as the protocol has a number for it (RFC 2759 section 6).</summary>
internal enum MsChapError
{
    RestrictedLogonHours = 646,
    AccountDisabled = 647,
    NoDialInPermission = 649,
    AuthenticationFailure = 691,
}
