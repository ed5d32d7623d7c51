using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace EasyIsp.Emulators.Routers.Hotspot;

/// <summary>What a login page carries for http-chap.</summary>
internal sealed record ChapChallenge(byte Identifier, byte[] Value, DateTimeOffset ExpiresAt)
{
    public string IdentifierText => Octal([Identifier]);

    public string ValueText => Octal(Value);

    /// <summary>As the page's variables show bytes: <c>\371</c> (mikrotik.md 5.3, [X]).</summary>
    internal static string Octal(byte[] bytes)
        => string.Concat(bytes.Select(b => $"\\{Convert.ToString(b, 8).PadLeft(3, '0')}"));
}

/// <summary>The newest page's challenge of each device: good once, and not for ever (5.3, [D]).</summary>
internal sealed class ChapChallenges(EmulatedRouterOptions options, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, ChapChallenge> _open = new(StringComparer.OrdinalIgnoreCase);

    public ChapChallenge Issue(EmulatedHost host)
    {
        var challenge = new ChapChallenge(
            RandomNumberGenerator.GetBytes(1)[0],
            RandomNumberGenerator.GetBytes(16),
            clock.GetUtcNow() + options.ChapChallengeLifetime);
        _open[host.Mac] = challenge;
        return challenge;
    }

    /// <returns>Null when it was used before or has expired.</returns>
    public ChapChallenge? Take(EmulatedHost host)
        => _open.TryRemove(host.Mac, out var challenge) && challenge.ExpiresAt > clock.GetUtcNow() ? challenge : null;
}
