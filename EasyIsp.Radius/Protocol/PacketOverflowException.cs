namespace EasyIsp.Radius.Protocol;

/// <summary>
/// Thrown by <see cref="PacketWriter"/> when an attribute exceeds 253 octets or the packet 4096 (or its buffer).
/// Nothing has been sent then, and nothing truncated is ever sent; the values that were to be said are at fault, not
/// the client.
/// </summary>
internal sealed class PacketOverflowException(AttributeType attribute, int octets)
    : Exception($"Attribute {attribute} with a value of {octets} octets does not fit.")
{
    public AttributeType Attribute { get; } = attribute;
    public int Octets { get; } = octets;
}
