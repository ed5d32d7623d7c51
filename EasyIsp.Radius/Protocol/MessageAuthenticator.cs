using System.Security.Cryptography;

namespace EasyIsp.Radius.Protocol;

internal enum MessageAuthenticatorCheck
{
    Valid,
    Missing,
    Wrong,

    /// <summary>There are two, or its value is not 16 octets.</summary>
    Malformed,
}

/// <summary>
/// Attribute 80 (RFC 3579 section 3.2): proves that a packet was made by someone who knows the secret.
/// </summary>
internal static class MessageAuthenticator
{
    /// <summary>
    /// Of a request. Access-Request and Status-Server are digested as they came; accounting and CoA with zeros in the
    /// authenticator field, since that field is computed afterwards (RFC 5176 section 3.4).
    /// </summary>
    public static MessageAuthenticatorCheck CheckRequest(in RadiusPacket request, SharedSecret secret)
        => Check(
            request,
            RequestAuthenticator.IsDigest(request.Code) ? PacketDigest.ZeroAuthenticator : request.Authenticator,
            secret);

    public static MessageAuthenticatorCheck CheckReply(
        in RadiusPacket reply, ReadOnlySpan<byte> requestAuthenticator, SharedSecret secret)
        => Check(reply, requestAuthenticator, secret);

    private static MessageAuthenticatorCheck Check(
        in RadiusPacket packet, ReadOnlySpan<byte> authenticator, SharedSecret secret)
    {
        var found = packet.All(AttributeType.MessageAuthenticator);
        if (!found.MoveNext())
            return MessageAuthenticatorCheck.Missing;

        var attribute = found.Current;
        if (attribute.Value.Length != PacketDigest.Size || found.MoveNext())
            return MessageAuthenticatorCheck.Malformed;

        Span<byte> expected = stackalloc byte[PacketDigest.Size];
        PacketDigest.HmacMd5(packet.Octets, authenticator, attribute.ValueOffset, secret, expected);
        return CryptographicOperations.FixedTimeEquals(expected, attribute.Value)
            ? MessageAuthenticatorCheck.Valid
            : MessageAuthenticatorCheck.Wrong;
    }
}
