namespace EasyIsp.Radius.Protocol;

/// <summary>Whether a NAS's Access-Requests must carry a Message-Authenticator (BlastRADIUS, CVE-2024-3596).</summary>
internal enum MessageAuthenticatorMode
{
    /// <summary>Optional until the NAS has sent its first valid one, required from then on.</summary>
    Auto,

    /// <summary>RouterOS 7.15 and later, and every NAS whose address is shared by several tenants.</summary>
    Require,
    Off,
}

internal enum RequestVerdict
{
    Genuine,
    WrongRequestAuthenticator,
    MissingMessageAuthenticator,
    WrongMessageAuthenticator,
    MalformedMessageAuthenticator,

    /// <summary>
    /// Proxy-State from what is no proxy of ours, without Message-Authenticator: the shape of the attack.
    /// </summary>
    UnprotectedProxyState,

    /// <summary>No request that a server answers.</summary>
    NotARequest,
}

/// <summary>
/// Decides whether a packet was made by the one NAS it is for; what is not genuine is dropped, never rejected. One
/// lives as long as its NAS is known, because <see cref="MessageAuthenticatorMode.Auto"/> remembers. Safe for many
/// threads.
/// </summary>
internal sealed class RequestVerifier(SharedSecret secret, MessageAuthenticatorMode mode, bool isTrustedProxy)
{
    private volatile bool _hasSentMessageAuthenticator;

    public SharedSecret Secret => secret;

    public bool HasSentMessageAuthenticator => _hasSentMessageAuthenticator;

    public RequestVerdict Verify(in RadiusPacket request)
    {
        if (RequestAuthenticator.IsDigest(request.Code))
        {
            if (!RequestAuthenticator.Verify(request, secret))
                return RequestVerdict.WrongRequestAuthenticator;
        }
        else if (request.Code is not (PacketCode.AccessRequest or PacketCode.StatusServer))
        {
            return RequestVerdict.NotARequest;
        }

        return MessageAuthenticator.CheckRequest(request, secret) switch
        {
            MessageAuthenticatorCheck.Valid => Signed(request.Code),
            MessageAuthenticatorCheck.Wrong => RequestVerdict.WrongMessageAuthenticator,
            MessageAuthenticatorCheck.Malformed => RequestVerdict.MalformedMessageAuthenticator,
            _ => Unsigned(request),
        };
    }

    private RequestVerdict Signed(PacketCode code)
    {
        // A NAS may sign its Status-Server and yet, before RouterOS 7.15, not its Access-Requests.
        if (code is PacketCode.AccessRequest)
            _hasSentMessageAuthenticator = true;
        return RequestVerdict.Genuine;
    }

    private RequestVerdict Unsigned(in RadiusPacket request)
    {
        if (RequestAuthenticator.IsDigest(request.Code))
            return RequestVerdict.Genuine;

        // RFC 5997 section 3, RFC 3579 section 3.1: whatever the NAS's setting.
        if (request.Code is PacketCode.StatusServer || request.Has(AttributeType.EapMessage) || IsRequired)
            return RequestVerdict.MissingMessageAuthenticator;

        return !isTrustedProxy && request.Has(AttributeType.ProxyState)
            ? RequestVerdict.UnprotectedProxyState
            : RequestVerdict.Genuine;
    }

    private bool IsRequired
        => mode is MessageAuthenticatorMode.Require
            || (mode is MessageAuthenticatorMode.Auto && _hasSentMessageAuthenticator);
}
