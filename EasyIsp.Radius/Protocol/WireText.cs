using System.Text;

namespace EasyIsp.Radius.Protocol;

/// <summary>Text attributes as text that a database can keep and that can be sent back to the NAS.</summary>
internal static class WireText
{
    /// <returns>The octets as UTF-8; where they are none, or hold control characters, escaped; null when missing.</returns>
    public static string? Read(in RadiusPacket packet, AttributeType type)
    {
        if (!packet.TryGet(type, out var octets))
            return null;

        if (System.Text.Unicode.Utf8.IsValid(octets) && octets.IndexOfAnyInRange((byte)0, (byte)0x1F) < 0)
            return Encoding.UTF8.GetString(octets);

        var escaped = OpaqueText.Escape(octets);
        return escaped.Length <= RadiusAttribute.MaxValueSize ? escaped : escaped[..RadiusAttribute.MaxValueSize];
    }
}
