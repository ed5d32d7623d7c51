namespace EasyIsp.Radius.Protocol;

/// <summary>Why a datagram is no RADIUS packet. Such a datagram is dropped: it gets no reply of any kind.</summary>
internal enum PacketFault
{
    None,
    ShorterThanHeader,

    /// <summary>The Length field is below 20 or above 4096 (RFC 2865 section 3).</summary>
    LengthOutOfRange,

    /// <summary>The Length field promises more octets than arrived.</summary>
    Truncated,

    /// <summary>An attribute says it has 0 or 1 octets, less than its own type and length.</summary>
    AttributeTooShort,

    /// <summary>An attribute, or a single stray octet, reaches past the packet's end.</summary>
    AttributeOverrun,

    /// <summary>More than <see cref="RadiusPacket.MaxAttributes"/>: work per packet stays bounded.</summary>
    TooManyAttributes,
}
