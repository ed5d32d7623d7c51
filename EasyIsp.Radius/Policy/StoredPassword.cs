using System.Security.Cryptography;
using EasyIsp.Core.Secrets;

namespace EasyIsp.Radius.Policy;

/// <summary>
/// A customer's password as the database keeps it. Revealed at his first login and kept so while he is remembered:
/// revealing costs more than everything else in a login.
/// </summary>
internal sealed class StoredPassword(Guid tenantId, Secret secret)
{
    private KnownPassword? _revealed;

    /// <exception cref="CryptographicException">The value was protected with a key that this installation no longer has.</exception>
    public KnownPassword Reveal(SecretCodec codec) => _revealed ??= new KnownPassword(codec.Reveal(tenantId, secret));

    public override string ToString() => "(stored password)";
}
