using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace EasyIsp.Core.Shared;

/// <summary>Reads providers' JSON, in which a code or an amount is a number one day and a string the next.</summary>
internal static class LooseJson
{
    /// <returns>The string or the digits as they stand; null for anything else.</returns>
    public static string? Text(this JsonElement element, string name) => element.Member(name) switch
    {
        { ValueKind: JsonValueKind.String } value => StringOf(value),
        { ValueKind: JsonValueKind.Number } value => value.GetRawText(),
        _ => null,
    };

    public static decimal? Decimal(this JsonElement element, string name)
        => decimal.TryParse(element.Text(name), NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    /// <returns>Null when it is no Unicode: bytes of another encoding, or half a surrogate.</returns>
    private static string? StringOf(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <returns>The member, or null when <paramref name="element"/> is no object or does not have it.</returns>
    public static JsonElement? Member(this JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;

    public static bool TryReadObject(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out JsonElement? root)
    {
        root = null;
        try
        {
            var reader = new Utf8JsonReader(utf8);
            using var document = JsonDocument.ParseValue(ref reader);
            if (reader.Read() || document.RootElement.ValueKind != JsonValueKind.Object)
                return false;

            root = document.RootElement.Clone();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
