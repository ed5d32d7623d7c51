using System.Security.Cryptography;

namespace EasyIsp.Radius.Protocol;

internal enum ReplyCheck
{
    Genuine,
    OtherIdentifier,
    UnexpectedCode,
    WrongAuthenticator,
    WrongMessageAuthenticator,
}

/// <summary>The header's authenticator in a reply, tied to the request it answers (RFC 2865 section 3).</summary>
internal static class ResponseAuthenticator
{
    /// <summary>
    /// Whether a reply really answers our request. Anything but genuine is ignored and the wait goes on: a spoofed
    /// reply must not end it. A Message-Authenticator is verified when there is one; RouterOS sends none with CoA
    /// replies.
    /// </summary>
    public static ReplyCheck Check(in RadiusPacket reply, in RadiusPacket request, SharedSecret secret)
    {
        if (reply.Identifier != request.Identifier)
            return ReplyCheck.OtherIdentifier;
        if (!Answers(reply.Code, request.Code))
            return ReplyCheck.UnexpectedCode;

        Span<byte> expected = stackalloc byte[PacketDigest.Size];
        PacketDigest.Md5(reply.Octets, request.Authenticator, secret, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, reply.Authenticator))
            return ReplyCheck.WrongAuthenticator;

        return MessageAuthenticator.CheckReply(reply, request.Authenticator, secret)
            is MessageAuthenticatorCheck.Valid or MessageAuthenticatorCheck.Missing
            ? ReplyCheck.Genuine
            : ReplyCheck.WrongMessageAuthenticator;
    }

    private static bool Answers(PacketCode reply, PacketCode request) => request switch
    {
        PacketCode.AccessRequest
            => reply is PacketCode.AccessAccept or PacketCode.AccessReject or PacketCode.AccessChallenge,
        PacketCode.AccountingRequest => reply is PacketCode.AccountingResponse,
        PacketCode.StatusServer => reply is PacketCode.AccessAccept or PacketCode.AccountingResponse,
        PacketCode.CoaRequest => reply is PacketCode.CoaAck or PacketCode.CoaNak,
        PacketCode.DisconnectRequest => reply is PacketCode.DisconnectAck or PacketCode.DisconnectNak,
        _ => false,
    };
}
