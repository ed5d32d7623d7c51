using System.Globalization;

namespace EasyIsp.Emulators.Routers;

/// <summary>The first pair of a Mikrotik-Rate-Limit, <c>rx[/tx] …</c>; rx is the client's upload (mikrotik.md 4.3, [D]).</summary>
/// <param name="Up">Bits per second; 0 = no limit.</param>
/// <param name="Down">Bits per second; 0 = no limit.</param>
public readonly record struct RateLimit(long Up, long Down)
{
    /// <summary>Null for text that is no rate: the router then makes no queue.</summary>
    public static RateLimit? TryParse(string? text)
    {
        var pair = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault()?.Split('/');
        return pair is { Length: 1 or 2 } && Bits(pair[0]) is { } up && Bits(pair[^1]) is { } down
            ? new RateLimit(up, down)
            : null;
    }

    private static long? Bits(string word)
    {
        var factor = word.LastOrDefault() switch { 'k' => 1_000, 'M' => 1_000_000, 'G' => 1_000_000_000, _ => 1 };
        var digits = factor == 1 ? word : word[..^1];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number * factor : null;
    }
}

/// <summary>A dynamic simple queue, as <c>/queue/simple</c> shows it.</summary>
/// <param name="Name"><c>&lt;hotspot-USER&gt;</c> or <c>&lt;pppoe-USER&gt;</c> (3.2, [K]).</param>
/// <param name="RateLimit">The attribute as it came, bursts and all.</param>
public sealed record QueueRow(string Name, string Target, string RateLimit, RateLimit MaxLimit);
