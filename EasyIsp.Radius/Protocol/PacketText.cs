using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace EasyIsp.Radius.Protocol;

/// <summary>
/// A packet as people read it: its header, then a line for each attribute in the packet's order, names and numbers by the
/// dictionary. Passwords, what is made of them and keys are not printed, nor are authenticators, from which a short secret
/// could be guessed. A user name may be a voucher's code: who shows the text decides who may see that.
/// </summary>
internal static class PacketText
{
    private const int VendorIdSize = 4;

    public static string Of(in RadiusPacket packet)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Hyphenated(packet.Code)}, identifier {packet.Identifier}, {packet.Octets.Length} octets");
        foreach (var attribute in packet.Attributes)
            AppendAttribute(text, attribute);
        return text.ToString();
    }

    /// <summary>A value by its kind; in hexadecimal where it does not fit its kind.</summary>
    public static string ValueOf(AttributeDefinition? definition, ReadOnlySpan<byte> value) => definition?.Kind switch
    {
        AttributeKind.Secret => $"({value.Length} octets)",
        AttributeKind.Text => $"\"{OpaqueText.Escape(value)}\"",
        AttributeKind.Number when value.Length is sizeof(uint) => Number(BinaryPrimitives.ReadUInt32BigEndian(value), definition.Values),
        AttributeKind.Number when value.Length is sizeof(ulong) => BinaryPrimitives.ReadUInt64BigEndian(value).ToString(CultureInfo.InvariantCulture),
        AttributeKind.Time when value.Length is sizeof(uint) => DateTimeOffset
            .FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(value)).ToString("u", CultureInfo.InvariantCulture),
        AttributeKind.IPv4 when value.Length is 4 => new IPAddress(value).ToString(),
        AttributeKind.IPv6 when value.Length is 16 => new IPAddress(value).ToString(),
        AttributeKind.IPv6Prefix when AttributeValue.TryReadIPv6Prefix(value, out var prefix) => prefix.ToString(),
        AttributeKind.InterfaceId when value.Length is sizeof(ulong) => InterfaceId(value),
        _ => $"0x{Convert.ToHexStringLower(value)}",
    };

    private static void AppendAttribute(StringBuilder text, RadiusAttribute attribute)
    {
        var definition = AttributeDictionary.Find(attribute.Type);
        if (definition is { Kind: AttributeKind.Vendor } && TryAppendVendor(text, attribute.Value))
            return;

        Append(text, definition?.Name ?? $"Attribute {(byte)attribute.Type}", ValueOf(definition, attribute.Value));
    }

    private static bool TryAppendVendor(StringBuilder text, ReadOnlySpan<byte> value)
    {
        if (value.Length <= VendorIdSize)
            return false;

        var vendor = (VendorId)BinaryPrimitives.ReadUInt32BigEndian(value);
        var format = VendorFormat.Of(vendor);
        var payload = value[VendorIdSize..];
        if (!format.Fits(payload))
            return false;

        while (!payload.IsEmpty)
        {
            var attribute = format.Take(ref payload);
            var definition = AttributeDictionary.Find(vendor, attribute.Type);
            Append(text, definition?.Name ?? $"Vendor {vendor} attribute {attribute.Type}", ValueOf(definition, attribute.Value));
        }

        return true;
    }

    private static void Append(StringBuilder text, string name, string value)
        => text.Append(CultureInfo.InvariantCulture, $"\n  {name} = {value}");

    private static string Number(uint number, IReadOnlyDictionary<uint, string>? names)
        => names?.GetValueOrDefault(number) is { } name
            ? $"{name} ({number.ToString(CultureInfo.InvariantCulture)})"
            : number.ToString(CultureInfo.InvariantCulture);

    /// <summary>As the lower half of an address is written: four groups.</summary>
    private static string InterfaceId(ReadOnlySpan<byte> value)
    {
        var text = Convert.ToHexStringLower(value);
        return $"{text[..4]}:{text[4..8]}:{text[8..12]}:{text[12..]}";
    }

    /// <summary>"AccessRequest" as the RFCs write it, "Access-Request"; "Code 13" where it has no name.</summary>
    private static string Hyphenated(PacketCode code)
    {
        if (!Enum.IsDefined(code))
            return $"Code {(byte)code}";

        var text = new StringBuilder();
        foreach (var letter in code.ToString())
        {
            if (char.IsUpper(letter) && text.Length > 0)
                text.Append('-');
            text.Append(letter);
        }

        return text.ToString();
    }
}
