using System.Buffers.Binary;

namespace EasyIsp.Radius.Protocol;

/// <summary>
/// Walks one vendor's sub-attributes through all Vendor-Specific attributes of a packet, whether packed together or
/// split. A Vendor-Specific attribute whose inner framing is wrong is passed over whole; it remains readable as a raw
/// attribute 26.
/// </summary>
internal ref struct VendorAttributeEnumerator
{
    private const int VendorIdSize = 4;

    private readonly VendorId _vendor;
    private readonly VendorFormat _format;
    private AttributeEnumerator _vendorSpecifics;
    private ReadOnlySpan<byte> _rest;

    internal VendorAttributeEnumerator(AttributeEnumerator vendorSpecifics, VendorId vendor)
    {
        _vendorSpecifics = vendorSpecifics;
        _vendor = vendor;
        _format = VendorFormat.Of(vendor);
    }

    public VendorAttribute Current { get; private set; }

    public readonly VendorAttributeEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_rest.IsEmpty)
        {
            if (!_vendorSpecifics.MoveNext())
                return false;

            _rest = PayloadOfVendor(_vendorSpecifics.Current.Value);
        }

        Current = _format.Take(ref _rest);
        return true;
    }

    private readonly ReadOnlySpan<byte> PayloadOfVendor(ReadOnlySpan<byte> value)
    {
        if (value.Length < VendorIdSize || BinaryPrimitives.ReadUInt32BigEndian(value) != (uint)_vendor)
            return default;

        var payload = value[VendorIdSize..];
        return _format.Fits(payload) ? payload : default;
    }
}
