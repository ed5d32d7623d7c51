using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Secrets;

/// <summary>
/// Finds a protected value without revealing it: a keyed digest (HMAC-SHA-256) that only equals itself. The key is made
/// once, by <c>prepare</c>, and is read at first use; losing it makes every index useless.
/// </summary>
public sealed class BlindIndex(IDbContextFactory<KeyRingContext> keyRing, IDataProtectionProvider provider)
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
    public async Task EnsureKeyAsync(CancellationToken cancellationToken)
    {
        await using var db = await keyRing.CreateDbContextAsync(cancellationToken);
        if (await db.NamedKeys.AnyAsync(key => key.Name == KeyName, cancellationToken))
            return;

        db.NamedKeys.Add(new NamedKey(KeyName, Protector.Protect(RandomNumberGenerator.GetBytes(32))));
        await db.SaveChangesAsync(cancellationToken);
    }

    private IDataProtector Protector => provider.CreateProtector("EasyIsp.NamedKeys.v1");

    private byte[] LoadKey()
    {
        lock (_loading)
        {
            if (_key is { } known)
                return known;

            using var db = keyRing.CreateDbContext();
            var named = db.NamedKeys.AsNoTracking().SingleOrDefault(key => key.Name == KeyName)
                ?? throw new InvalidOperationException("The key of the blind index is missing: run 'prepare' first.");
            return _key = Protector.Unprotect(named.ProtectedValue);
        }
    }
}
