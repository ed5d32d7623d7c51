using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Secrets;

/// <summary>The installation's own keys: made once, by <c>prepare</c>, and kept under the key ring's protection.</summary>
public sealed class NamedKeys(IDbContextFactory<KeyRingContext> keyRing, IDataProtectionProvider provider)
{
    private IDataProtector Protector => provider.CreateProtector("EasyIsp.NamedKeys.v1");

    /// <exception cref="InvalidOperationException">The installation was never prepared.</exception>
    public byte[] Read(string name)
    {
        using var db = keyRing.CreateDbContext();
        var named = db.NamedKeys.AsNoTracking().SingleOrDefault(key => key.Name == name)
            ?? throw new InvalidOperationException($"The key '{name}' is missing: run 'prepare' first.");
        return Protector.Unprotect(named.ProtectedValue);
    }

    /// <summary>Makes the key where the installation has none yet.</summary>
    public async Task EnsureAsync(string name, Func<byte[]> make, CancellationToken cancellationToken)
    {
        await using var db = await keyRing.CreateDbContextAsync(cancellationToken);
        if (await db.NamedKeys.AnyAsync(key => key.Name == name, cancellationToken))
            return;

        db.NamedKeys.Add(new NamedKey(name, Protector.Protect(make())));
        await db.SaveChangesAsync(cancellationToken);
    }
}
