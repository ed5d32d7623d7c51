using System.Buffers.Binary;

namespace EasyIsp.Radius.Protocol;

/// <summary>
/// How many octets a vendor spends on type and length. One each is what RFC 2865 section 5.26 recommends; a few vendors
/// did otherwise. A length size of 0 means that one sub-attribute fills its whole Vendor-Specific attribute.
/// </summary>
internal readonly partial record struct VendorFormat(int TypeSize, int LengthSize)
{
    /// <summary>
    /// Every sub-attribute is whole and nothing is left over; else the Vendor-Specific attribute is only raw octets.
    /// </summary>
    public bool Fits(ReadOnlySpan<byte> payload)
    {
        while (!payload.IsEmpty)
        {
            var size = SizeOfFirst(payload);
            if (size < TypeSize + LengthSize || size > payload.Length)
                return false;

            payload = payload[size..];
        }

        return true;
    }

    /// <summary>Cuts the first sub-attribute off a payload that <see cref="Fits"/>.</summary>
    public VendorAttribute Take(scoped ref ReadOnlySpan<byte> payload)
    {
        var size = SizeOfFirst(payload);
        var attribute = new VendorAttribute(ReadNumber(payload[..TypeSize]), payload[(TypeSize + LengthSize)..size]);
        payload = payload[size..];
        return attribute;
    }

    private int SizeOfFirst(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < TypeSize + LengthSize)
            return 0;

        return LengthSize == 0 ? payload.Length : (int)ReadNumber(payload.Slice(TypeSize, LengthSize));
    }

    private static uint ReadNumber(ReadOnlySpan<byte> octets) => octets.Length switch
    {
        1 => octets[0],
        2 => BinaryPrimitives.ReadUInt16BigEndian(octets),
        _ => BinaryPrimitives.ReadUInt32BigEndian(octets),
    };
}
