namespace EasyIsp.Radius.Protocol;

/// <summary>
/// Walks the attributes of a packet whose framing <see cref="RadiusPacket.TryRead"/> has already checked,
/// which is why nothing is checked here again.
/// </summary>
internal ref struct AttributeEnumerator
{
    private readonly ReadOnlySpan<byte> _packet;
    private readonly AttributeType? _only;
    private int _next = RadiusPacket.HeaderSize;
    private int _current;

    internal AttributeEnumerator(ReadOnlySpan<byte> packet, AttributeType? only)
    {
        _packet = packet;
        _only = only;
    }

    public readonly RadiusAttribute Current
    {
        get
        {
            var valueOffset = _current + RadiusAttribute.HeaderSize;
            return new RadiusAttribute((AttributeType)_packet[_current], _packet[valueOffset.._next], valueOffset);
        }
    }

    public readonly AttributeEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_next < _packet.Length)
        {
            _current = _next;
            _next += _packet[_current + 1];
            if (_only is null || _packet[_current] == (byte)_only)
                return true;
        }

        return false;
    }
}
