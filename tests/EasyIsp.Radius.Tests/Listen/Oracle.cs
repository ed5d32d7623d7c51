using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using EasyIsp.Radius.Listen;

namespace EasyIsp.Radius.Tests.Listen;

/// <summary>
/// Which datagrams a RADIUS server may answer at all, by RFC 2865, 2866, 3579 and 5997, written a second time and without
/// the worker's code. A NAS without demands of its own is assumed.
/// </summary>
[SuppressMessage("Security", "CA5351", Justification = "The protocols say MD5.")]
internal static class Oracle
{
    private const int MessageAuthenticator = 80;
    private const int EapMessage = 79;
    private const int ProxyState = 33;

    public static bool MayBeAnswered(byte[] datagram, ListenerRole role, byte[] secret)
    {
        if (datagram.Length < 20)
            return false;

        var length = BinaryPrimitives.ReadUInt16BigEndian(datagram.AsSpan(2));
        if (length is < 20 or > 4096 || length > datagram.Length)
            return false;

        var packet = datagram[..length];
        var attributes = Attributes(packet);
        return attributes is not null && (packet[0], role) switch
        {
            (1, ListenerRole.Authentication) => IsSignedWell(packet, attributes, packet[4..20], secret) ?? !NeedsSignature(attributes),
            (4, ListenerRole.Accounting) => IsDigested(packet, secret) && (IsSignedWell(packet, attributes, new byte[16], secret) ?? true),
            (12, _) => IsSignedWell(packet, attributes, packet[4..20], secret) ?? false,
            _ => false,
        };
    }

    private static bool NeedsSignature(List<(int Type, int Offset, int Length)> attributes)
        => attributes.Exists(attribute => attribute.Type is EapMessage or ProxyState);

    /// <returns>Null when lengths do not add up.</returns>
    private static List<(int Type, int Offset, int Length)>? Attributes(byte[] packet)
    {
        var attributes = new List<(int, int, int)>();
        var at = 20;
        while (at < packet.Length)
        {
            if (at + 1 >= packet.Length || packet[at + 1] < 2 || at + packet[at + 1] > packet.Length)
                return null;
            attributes.Add((packet[at], at + 2, packet[at + 1] - 2));
            at += packet[at + 1];
        }

        return attributes;
    }

    /// <returns>Null when there is no Message-Authenticator.</returns>
    private static bool? IsSignedWell(
        byte[] packet, List<(int Type, int Offset, int Length)> attributes, byte[] authenticator, byte[] secret)
    {
        var signatures = attributes.FindAll(attribute => attribute.Type == MessageAuthenticator);
        if (signatures.Count == 0)
            return null;
        if (signatures is not [{ Length: 16 } signature])
            return false;

        var copy = packet.ToArray();
        authenticator.CopyTo(copy, 4);
        copy.AsSpan(signature.Offset, 16).Clear();
        return packet.AsSpan(signature.Offset, 16).SequenceEqual(HMACMD5.HashData(secret, copy));
    }

    private static bool IsDigested(byte[] packet, byte[] secret)
        => packet.AsSpan(4, 16).SequenceEqual(MD5.HashData([.. packet[..4], .. new byte[16], .. packet[20..], .. secret]));
}
