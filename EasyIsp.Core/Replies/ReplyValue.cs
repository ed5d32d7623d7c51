using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Replies;

/// <summary>A value as people type it, and as the octets that stand in a packet.</summary>
public static class ReplyValue
{
    /// <summary>A standard attribute has room for 253 octets, a vendor's for 247.</summary>
    private const int MaxOctets = 253;
    private const int MaxVendorOctets = 247;

    /// <returns>Null when the text is no value of the attribute's kind, or too long for it.</returns>
    public static byte[]? Encode(CatalogueAttribute attribute, string? text)
    {
        var typed = text?.Trim() ?? "";
        var octets = typed.Length == 0 ? null : Octets(attribute, typed);
        return octets is { Length: > 0 } && octets.Length <= (attribute.Vendor is null ? MaxOctets : MaxVendorOctets) ? octets : null;
    }

    private static byte[]? Octets(CatalogueAttribute attribute, string text) => attribute.Kind switch
    {
        AttributeKind.Text => text.Any(char.IsControl) ? null : Encoding.UTF8.GetBytes(text),
        AttributeKind.Number => Number(attribute, text) is { } number ? BigEndian(number) : null,
        AttributeKind.Time => Time(text),
        AttributeKind.IPv4 => Address(text, AddressFamily.InterNetwork),
        AttributeKind.IPv6 => Address(text, AddressFamily.InterNetworkV6),
        AttributeKind.IPv6Prefix => Prefix(text),
        AttributeKind.InterfaceId => Interface(text),
        AttributeKind.Octets => Hexadecimal(text),
        _ => null,
    };

    /// <summary>A number, or its name where the dictionary gives it one.</summary>
    private static uint? Number(CatalogueAttribute attribute, string text)
        => attribute.Values?.TryGetValue(text, out var named) == true ? named
            : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : null;

    private static byte[]? Time(string text)
        => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            && at.ToUnixTimeSeconds() is >= 0 and <= uint.MaxValue
                ? BigEndian((uint)at.ToUnixTimeSeconds())
                : null;

    private static byte[]? Address(string text, AddressFamily family)
        => IPAddress.TryParse(text, out var address) && address.AddressFamily == family
            && (family is AddressFamily.InterNetworkV6 || address.ToString() == text)
                ? address.GetAddressBytes()
                : null;

    /// <summary>A reserved octet, the length in bits, all 16 octets of the prefix (RFC 3162 section 2.3).</summary>
    private static byte[]? Prefix(string text)
        => IPv6Prefix.Parse(text) is { } prefix ? [0, (byte)prefix.PrefixLength, .. prefix.BaseAddress.GetAddressBytes()] : null;

    /// <summary>Four groups of up to four digits, as in <c>0:0:0:1</c> (RFC 3162 section 2.2).</summary>
    private static byte[]? Interface(string text)
    {
        var groups = text.Split(':');
        var octets = new byte[8];
        for (var i = 0; i < groups.Length; i++)
        {
            if (groups.Length != 4 || !ushort.TryParse(groups[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var group))
                return null;
            BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(2 * i), group);
        }

        return octets;
    }

    private static byte[]? Hexadecimal(string text)
    {
        var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        return digits.Length % 2 == 0 && digits.All(char.IsAsciiHexDigit) ? Convert.FromHexString(digits) : null;
    }

    private static byte[] BigEndian(uint number)
    {
        var octets = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(octets, number);
        return octets;
    }
}
