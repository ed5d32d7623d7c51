using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EasyIsp.Radius.Protocol;

/// <summary>
/// Writes one packet into a caller's buffer: begin it, add attributes, <see cref="Sign"/> it. Whatever does not fit
/// throws <see cref="PacketOverflowException"/> and leaves the packet as it was.
/// </summary>
internal ref struct PacketWriter
{
    private const int VendorHeaderSize = 6;
    private const int IPv6Size = 16;

    private readonly Span<byte> _buffer;
    private int _length = RadiusPacket.HeaderSize;
    private int _messageAuthenticatorOffset;

    private PacketWriter(Span<byte> buffer, PacketCode code, byte identifier, scoped ReadOnlySpan<byte> authenticator)
    {
        _buffer = buffer[..Math.Min(buffer.Length, RadiusPacket.MaxSize)];
        _buffer[0] = (byte)code;
        _buffer[1] = identifier;
        authenticator.CopyTo(_buffer[RadiusPacket.AuthenticatorOffset..RadiusPacket.HeaderSize]);
    }

    /// <summary>
    /// Begins an answer. Access replies get their Message-Authenticator first, where no octet that an attacker chose
    /// precedes it (BlastRADIUS); Proxy-State is copied at once, so that no reply can forget it (RFC 2865 section
    /// 5.33).
    /// </summary>
    public static PacketWriter Reply(Span<byte> buffer, PacketCode code, scoped RadiusPacket request)
    {
        var writer = new PacketWriter(buffer, code, request.Identifier, request.Authenticator);
        if (code is PacketCode.AccessAccept or PacketCode.AccessReject or PacketCode.AccessChallenge)
            writer.AddMessageAuthenticator();
        foreach (var proxyState in request.All(AttributeType.ProxyState))
            writer.Add(AttributeType.ProxyState, proxyState.Value);
        return writer;
    }

    /// <summary>Begins an Access-Request or Status-Server, whose authenticator must be unpredictable.</summary>
    public static PacketWriter AccessRequest(
        Span<byte> buffer, PacketCode code, byte identifier, scoped ReadOnlySpan<byte> randomAuthenticator)
        => new(buffer, code, identifier, randomAuthenticator);

    /// <summary>
    /// Begins an Accounting-, CoA- or Disconnect-Request, whose authenticator is a digest made by signing.
    /// </summary>
    public static PacketWriter DigestedRequest(Span<byte> buffer, PacketCode code, byte identifier)
        => new(buffer, code, identifier, PacketDigest.ZeroAuthenticator);

    /// <summary>
    /// Begins a CoA- or Disconnect-Request as we send them: Message-Authenticator, and Event-Timestamp against replay
    /// (RFC 5176 section 6.3).
    /// </summary>
    public static PacketWriter DynamicAuthorization(
        Span<byte> buffer, PacketCode code, byte identifier, DateTimeOffset sentAt)
    {
        var writer = DigestedRequest(buffer, code, identifier);
        writer.AddMessageAuthenticator();
        writer.AddTime(AttributeType.EventTimestamp, sentAt);
        return writer;
    }

    /// <summary>Attributes alone, to be copied into packets by <see cref="AddPrepared"/>.</summary>
    public static PacketWriter Loose(Span<byte> buffer) => DigestedRequest(buffer, PacketCode.AccessAccept, 0);

    /// <summary>What was added so far.</summary>
    public readonly ReadOnlySpan<byte> Attributes => _buffer[RadiusPacket.HeaderSize.._length];

    /// <summary>Reserves its place here; <see cref="Sign"/> fills it in.</summary>
    public void AddMessageAuthenticator()
    {
        if (_messageAuthenticatorOffset != 0)
            throw new InvalidOperationException("A packet has one Message-Authenticator.");

        var value = Append(AttributeType.MessageAuthenticator, PacketDigest.Size);
        value.Clear();
        _messageAuthenticatorOffset = _length - PacketDigest.Size;
    }

    /// <summary>Whole attributes, as <see cref="Attributes"/> gave them.</summary>
    public void AddPrepared(scoped ReadOnlySpan<byte> attributes)
    {
        if (attributes.Length > _buffer.Length - _length)
            throw new PacketOverflowException((AttributeType)attributes[0], attributes.Length);

        attributes.CopyTo(_buffer[_length..]);
        _length += attributes.Length;
    }

    public void Add(AttributeType type, scoped ReadOnlySpan<byte> value) => value.CopyTo(Append(type, value.Length));

    /// <summary>As UTF-8, at most 253 octets of it.</summary>
    public void AddText(AttributeType type, scoped ReadOnlySpan<char> text)
        => Encoding.UTF8.GetBytes(text, Append(type, Encoding.UTF8.GetByteCount(text)));

    public void AddUInt32(AttributeType type, uint value)
        => BinaryPrimitives.WriteUInt32BigEndian(Append(type, sizeof(uint)), value);

    /// <exception cref="ArgumentException">The address is no IPv4 address.</exception>
    public void AddIPv4(AttributeType type, IPAddress address)
    {
        if (address.AddressFamily is not AddressFamily.InterNetwork)
            throw new ArgumentException($"{type} holds an IPv4 address.", nameof(address));

        address.TryWriteBytes(Append(type, sizeof(uint)), out _);
    }

    /// <exception cref="ArgumentException">The address is no IPv6 address.</exception>
    public void AddIPv6(AttributeType type, IPAddress address)
    {
        if (address.AddressFamily is not AddressFamily.InterNetworkV6)
            throw new ArgumentException($"{type} holds an IPv6 address.", nameof(address));

        address.TryWriteBytes(Append(type, IPv6Size), out _);
    }

    /// <summary>
    /// A reserved octet, the length in bits and all 16 octets of the prefix (RFC 3162 section 2.3), which every NAS reads;
    /// fewer would be allowed.
    /// </summary>
    /// <exception cref="ArgumentException">The prefix is no IPv6 prefix.</exception>
    public void AddIPv6Prefix(AttributeType type, IPNetwork prefix)
    {
        if (prefix.BaseAddress.AddressFamily is not AddressFamily.InterNetworkV6)
            throw new ArgumentException($"{type} holds an IPv6 prefix.", nameof(prefix));

        var value = Append(type, 2 + IPv6Size);
        value[0] = 0;
        value[1] = (byte)prefix.PrefixLength;
        prefix.BaseAddress.TryWriteBytes(value[2..], out _);
    }

    /// <summary>The lower half of an IPv6 address (RFC 3162 section 2.2).</summary>
    public void AddInterfaceId(AttributeType type, ulong id)
        => BinaryPrimitives.WriteUInt64BigEndian(Append(type, sizeof(ulong)), id);

    /// <summary>Whole seconds since 1970 (RFC 2869 section 5.3), until 2106.</summary>
    public void AddTime(AttributeType type, DateTimeOffset at) => AddUInt32(type, checked((uint)at.ToUnixTimeSeconds()));

    /// <summary>A Vendor-Specific attribute with one sub-attribute of at most 247 octets.</summary>
    public void AddVendor(VendorId vendor, byte type, scoped ReadOnlySpan<byte> value)
        => value.CopyTo(AppendVendor(vendor, type, value.Length));

    public void AddVendorText(VendorId vendor, byte type, scoped ReadOnlySpan<char> text)
        => Encoding.UTF8.GetBytes(text, AppendVendor(vendor, type, Encoding.UTF8.GetByteCount(text)));

    public void AddVendorUInt32(VendorId vendor, byte type, uint value)
        => BinaryPrimitives.WriteUInt32BigEndian(AppendVendor(vendor, type, sizeof(uint)), value);

    /// <summary>
    /// Completes length, Message-Authenticator and authenticator, in that order, and gives the finished packet. The
    /// authenticator field holds by then what RFC 3579 wants digested: the request's, zeros, or the random one, which
    /// stays.
    /// </summary>
    public readonly ReadOnlySpan<byte> Sign(SharedSecret secret)
    {
        var packet = _buffer[.._length];
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)_length);
        var authenticator = packet.Slice(RadiusPacket.AuthenticatorOffset, RadiusPacket.AuthenticatorSize);
        if (_messageAuthenticatorOffset != 0)
        {
            PacketDigest.HmacMd5(
                packet, authenticator, _messageAuthenticatorOffset, secret, packet[_messageAuthenticatorOffset..]);
        }

        if ((PacketCode)packet[0] is not (PacketCode.AccessRequest or PacketCode.StatusServer))
            PacketDigest.Md5(packet, authenticator, secret, authenticator);
        return packet;
    }

    private Span<byte> AppendVendor(VendorId vendor, byte type, int size)
    {
        var payload = Append(AttributeType.VendorSpecific, VendorHeaderSize + size);
        BinaryPrimitives.WriteUInt32BigEndian(payload, (uint)vendor);
        payload[4] = type;
        payload[5] = (byte)(size + 2);
        return payload[VendorHeaderSize..];
    }

    private Span<byte> Append(AttributeType type, int size)
    {
        if (size > RadiusAttribute.MaxValueSize || size + RadiusAttribute.HeaderSize > _buffer.Length - _length)
            throw new PacketOverflowException(type, size);

        _buffer[_length] = (byte)type;
        _buffer[_length + 1] = (byte)(size + RadiusAttribute.HeaderSize);
        var value = _buffer.Slice(_length + RadiusAttribute.HeaderSize, size);
        _length += size + RadiusAttribute.HeaderSize;
        return value;
    }
}
