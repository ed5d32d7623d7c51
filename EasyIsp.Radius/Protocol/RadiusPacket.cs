using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace EasyIsp.Radius.Protocol;

/// <summary>
/// A RADIUS packet (RFC 2865 section 3), read in place: it lives as long as the buffer it was read from and copies
/// nothing.
/// <para>
/// A typed getter answers false both when the attribute is missing and when its size does not fit its type: a
/// well-framed attribute of a wrong size is treated as unknown (RFC 6929 section 2.8). Of several it gives the first.
/// </para>
/// </summary>
internal readonly ref struct RadiusPacket
{
    public const int HeaderSize = 20;
    public const int MaxSize = 4096;
    public const int AuthenticatorOffset = 4;
    public const int AuthenticatorSize = 16;

    /// <summary>The limit FreeRADIUS uses by default; no NAS known to us sends a quarter of it.</summary>
    public const int MaxAttributes = 200;

    private const int IPv6Size = 16;

    private RadiusPacket(ReadOnlySpan<byte> octets) => Octets = octets;

    /// <summary>The packet alone, without padding that may have followed it.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    public PacketCode Code => (PacketCode)Octets[0];

    public byte Identifier => Octets[1];

    public ReadOnlySpan<byte> Authenticator => Octets.Slice(AuthenticatorOffset, AuthenticatorSize);

    /// <summary>A Request Authenticator should be unpredictable; all zero is a broken client, worth counting.</summary>
    public bool HasZeroAuthenticator => !Authenticator.ContainsAnyExcept((byte)0);

    public AttributeEnumerator Attributes => new(Octets, only: null);

    /// <summary>
    /// Checks the whole framing, so that reading attributes afterwards cannot fail. Octets behind the stated length are
    /// padding and are ignored; a datagram shorter than its stated length is refused.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out RadiusPacket packet, out PacketFault fault)
    {
        packet = default;
        fault = CheckHeader(datagram, out var length);
        if (fault is PacketFault.None)
            fault = CheckAttributes(datagram[HeaderSize..length]);
        if (fault is not PacketFault.None)
            return false;

        packet = new RadiusPacket(datagram[..length]);
        return true;
    }

    public AttributeEnumerator All(AttributeType type) => new(Octets, type);

    public VendorAttributeEnumerator VendorAttributes(VendorId vendor) => new(All(AttributeType.VendorSpecific), vendor);

    public bool Has(AttributeType type) => TryGet(type, out _);

    public bool TryGet(AttributeType type, out ReadOnlySpan<byte> value)
    {
        var attributes = All(type);
        var found = attributes.MoveNext();
        value = found ? attributes.Current.Value : default;
        return found;
    }

    public bool TryGetUInt32(AttributeType type, out uint value)
    {
        var found = TryGet(type, out var octets) && octets.Length == sizeof(uint);
        value = found ? BinaryPrimitives.ReadUInt32BigEndian(octets) : 0;
        return found;
    }

    /// <summary>The address as a number, 10.0.0.1 being 0x0A000001, so that no object is made for it.</summary>
    public bool TryGetIPv4(AttributeType type, out uint address) => TryGetUInt32(type, out address);

    /// <summary>
    /// Reserved octet, prefix length, prefix (RFC 3162 section 2.3). False as well when the prefix is shorter than its
    /// length needs, longer than 128 bits, or has bits set behind its length.
    /// </summary>
    public bool TryGetIPv6Prefix(AttributeType type, out IPNetwork prefix)
    {
        prefix = default;
        return TryGet(type, out var octets) && AttributeValue.TryReadIPv6Prefix(octets, out prefix);
    }

    /// <summary>Sixteen octets (RFC 3162 section 2.1, RFC 6911 section 3.1).</summary>
    public bool TryGetIPv6(AttributeType type, [NotNullWhen(true)] out IPAddress? address)
    {
        var found = TryGet(type, out var octets) && octets.Length == IPv6Size;
        address = found ? new IPAddress(octets) : null;
        return found;
    }

    /// <summary>The lower half of an address (RFC 3162 section 2.2).</summary>
    public bool TryGetInterfaceId(AttributeType type, out ulong id)
    {
        var found = TryGet(type, out var octets) && octets.Length == sizeof(ulong);
        id = found ? BinaryPrimitives.ReadUInt64BigEndian(octets) : 0;
        return found;
    }

    public bool TryGetVendor(VendorId vendor, uint type, out ReadOnlySpan<byte> value)
    {
        foreach (var attribute in VendorAttributes(vendor))
        {
            if (attribute.Type != type)
                continue;

            value = attribute.Value;
            return true;
        }

        value = default;
        return false;
    }

    private static PacketFault CheckHeader(ReadOnlySpan<byte> datagram, out int length)
    {
        length = 0;
        if (datagram.Length < HeaderSize)
            return PacketFault.ShorterThanHeader;

        length = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        if (length is < HeaderSize or > MaxSize)
            return PacketFault.LengthOutOfRange;

        return length > datagram.Length ? PacketFault.Truncated : PacketFault.None;
    }

    private static PacketFault CheckAttributes(ReadOnlySpan<byte> rest)
    {
        for (var count = 1; !rest.IsEmpty; count++)
        {
            if (count > MaxAttributes)
                return PacketFault.TooManyAttributes;
            if (rest.Length < RadiusAttribute.HeaderSize)
                return PacketFault.AttributeOverrun;

            var size = rest[1];
            if (size < RadiusAttribute.HeaderSize)
                return PacketFault.AttributeTooShort;
            if (size > rest.Length)
                return PacketFault.AttributeOverrun;

            rest = rest[size..];
        }

        return PacketFault.None;
    }
}
