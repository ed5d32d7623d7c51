namespace EasyIsp.Radius.Protocol;

/// <summary>One sub-attribute of a Vendor-Specific attribute, a view into its packet.</summary>
internal readonly ref struct VendorAttribute(uint type, ReadOnlySpan<byte> value)
{
    public uint Type { get; } = type;
    public ReadOnlySpan<byte> Value { get; } = value;
}
