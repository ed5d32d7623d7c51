using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace EasyIsp.Core.Secrets;

/// <summary>
/// Protects what must be readable again (RADIUS secrets, PPP passwords, provider keys, voucher codes). Each tenant has
/// a protector of its own, so a value copied into another tenant's row cannot be revealed there. Safe for threads;
/// about 20 µs a call.
/// </summary>
public sealed class SecretCodec(IDataProtectionProvider provider)
{
    private readonly ConcurrentDictionary<Guid, IDataProtector> _protectors = new();

    public Secret Protect(Guid tenantId, string value) => new(ProtectorOf(tenantId).Protect(Utf8.GetBytes(value)));

    /// <exception cref="CryptographicException">
    /// The value was protected for another tenant, or with a key that this installation no longer has.
    /// </exception>
    public string Reveal(Guid tenantId, Secret secret) => Utf8.GetString(ProtectorOf(tenantId).Unprotect(secret.Protected));

    private static System.Text.Encoding Utf8 => System.Text.Encoding.UTF8;

    private IDataProtector ProtectorOf(Guid tenantId)
        => _protectors.GetOrAdd(tenantId, id => provider.CreateProtector("EasyIsp.Secrets.v1", id.ToString("N")));
}
