namespace EasyIsp.Radius.Protocol;

/// <summary>
/// The two digests of RADIUS over a packet. Each authenticator of the protocol is one of them with other octets
/// standing in the header's authenticator field while it is computed: the sender's own, the request's, or zeros.
/// </summary>
internal static class PacketDigest
{
    public const int Size = Protocol.Md5.Size;

    public static ReadOnlySpan<byte> ZeroAuthenticator => "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"u8;

    /// <summary>
    /// MD5 over the packet and the secret: Request Authenticator of accounting and CoA, Response Authenticator.
    /// </summary>
    public static void Md5(
        ReadOnlySpan<byte> packet, ReadOnlySpan<byte> authenticator, SharedSecret secret, Span<byte> digest)
    {
        Span<byte> input = stackalloc byte[packet.Length + secret.Octets.Length];
        CopyWith(authenticator, packet, input);
        secret.Octets.CopyTo(input[packet.Length..]);
        Protocol.Md5.Hash(input, digest);
    }

    /// <summary>HMAC-MD5 keyed by the secret, over the packet with its Message-Authenticator set to zeros.</summary>
    public static void HmacMd5(
        ReadOnlySpan<byte> packet,
        ReadOnlySpan<byte> authenticator,
        int messageAuthenticatorOffset,
        SharedSecret secret,
        Span<byte> digest)
    {
        Span<byte> input = stackalloc byte[packet.Length];
        CopyWith(authenticator, packet, input);
        input.Slice(messageAuthenticatorOffset, Size).Clear();
        Protocol.Md5.Hash(secret.HmacInner, Protocol.Md5.BlockSize, input, digest);
        Protocol.Md5.Hash(secret.HmacOuter, Protocol.Md5.BlockSize, digest[..Size], digest);
    }

    private static void CopyWith(ReadOnlySpan<byte> authenticator, ReadOnlySpan<byte> packet, Span<byte> copy)
    {
        packet.CopyTo(copy);
        authenticator.CopyTo(copy[RadiusPacket.AuthenticatorOffset..]);
    }
}
