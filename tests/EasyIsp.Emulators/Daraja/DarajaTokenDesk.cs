using System.Security.Cryptography;

namespace EasyIsp.Emulators.Daraja;

/// <summary>Issues and checks bearer tokens (section 2).</summary>
public sealed class DarajaTokenDesk(DarajaEmulatorOptions options, TimeProvider clock)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string ConsumerKey, DateTimeOffset DiesAt)> _alive = new(StringComparer.Ordinal);

    /// <summary>How many were ever issued, so that a test can see a cache work.</summary>
    public int Issued { get; private set; }

    /// <summary>As if another system had asked for a token with the same key.</summary>
    public void KillAll()
    {
        lock (_gate)
            _alive.Clear();
    }

    /// <summary>Also for tests, as the other system that shares the key.</summary>
    public string Issue(string consumerKey)
    {
        var token = RandomNumberGenerator.GetString(Letters, 28);
        lock (_gate)
        {
            if (options.NewTokenKillsPrevious)
            {
                foreach (var previous in _alive.Where(t => t.Value.ConsumerKey == consumerKey).Select(t => t.Key).ToArray())
                    _alive.Remove(previous);
            }

            _alive[token] = (consumerKey, clock.GetUtcNow() + options.TokenLife);
            Issued++;
        }

        return token;
    }

    /// <returns>The consumer key the token was issued to; null when it is dead or unknown.</returns>
    internal string? OwnerOf(string token)
    {
        lock (_gate)
        {
            return !options.EveryTokenIsDead && _alive.TryGetValue(token, out var found) && clock.GetUtcNow() < found.DiesAt
                ? found.ConsumerKey
                : null;
        }
    }
}
