namespace EasyIsp.Radius.Protocol;

/// <summary>One attribute, a view into its packet.</summary>
internal readonly ref struct RadiusAttribute(AttributeType type, ReadOnlySpan<byte> value, int valueOffset)
{
    public const int HeaderSize = 2;
    public const int MaxValueSize = 253;

    public AttributeType Type { get; } = type;

    /// <summary>Opaque octets: text is meant to be UTF-8 but nothing on the wire makes it so.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>Where the value begins, counted from the packet's first octet.</summary>
    public int ValueOffset { get; } = valueOffset;
}
