using System.Security.Cryptography;
using EasyIsp.Core.Secrets;

namespace EasyIsp.Radius.Policy;

/// <summary>
/// A customer's password as the database keeps it. Revealed at his first login and kept so while he is remembered:
/// revealing costs more than everything else in a login.
/// </summary>
internal sealed class StoredPassword(Guid tenantId, Secret secret)
{
    private volatile KnownPassword? _revealed;
    private volatile Secret? _secret = secret;

    /// <exception cref="CryptographicException">The value was protected with a key that this installation no longer has.</exception>
    public KnownPassword Reveal(SecretCodec codec)
    {
        if (_secret is { } secret)
        {
            _revealed = new KnownPassword(codec.Reveal(tenantId, secret));
            _secret = null; // two hundred octets for each customer
        }

        return _revealed!;
    }

    public override string ToString() => "(stored password)";
}
