using System.Security.Cryptography;
using System.Text;

namespace EasyIsp.Core.Secrets;

/// <summary>
/// Finds a protected value without revealing it: a keyed digest (HMAC-SHA-256) that only equals itself. The key is made
/// once, by <c>prepare</c>, and is read at first use; losing it makes every index useless.
/// </summary>
public sealed class BlindIndex(NamedKeys keys)
{
    private const string KeyName = "blind-index.v1";

    private readonly Lock _loading = new();
    private byte[]? _key;

    /// <summary>32 bytes; the same value of two tenants has two digests.</summary>
    /// <exception cref="InvalidOperationException">The installation was never prepared.</exception>
    public byte[] Of(Guid tenantId, string value)
    {
        var key = _key ?? LoadKey();
        Span<byte> input = stackalloc byte[16 + Encoding.UTF8.GetMaxByteCount(value.Length)];
        tenantId.TryWriteBytes(input);
        var length = 16 + Encoding.UTF8.GetBytes(value, input[16..]);
        return HMACSHA256.HashData(key, input[..length]);
    }

    /// <summary>Makes the key where the installation has none yet.</summary>
    public Task EnsureKeyAsync(CancellationToken cancellationToken)
        => keys.EnsureAsync(KeyName, () => RandomNumberGenerator.GetBytes(32), cancellationToken);

    private byte[] LoadKey()
    {
        lock (_loading)
        {
            return _key ??= keys.Read(KeyName);
        }
    }
}
