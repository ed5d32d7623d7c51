using System.Text.Json;
using EasyIsp.Core.Secrets;

namespace EasyIsp.Core.Sessions.Trials;

/// <summary>What was typed, on its way to the worker. Printing it shows neither.</summary>
/// <param name="UserName">As typed; it may be a voucher's code.</param>
/// <param name="Password">Null: the stored one, or none.</param>
public sealed record LoginTestCredentials(string UserName, string? Password)
{
    public Secret Protect(SecretCodec codec, Guid tenantId) => codec.Protect(tenantId, JsonSerializer.Serialize(this));

    /// <exception cref="System.Security.Cryptography.CryptographicException">It was protected for another tenant, or with a lost key.</exception>
    public static LoginTestCredentials Reveal(SecretCodec codec, Guid tenantId, Secret secret)
        => JsonSerializer.Deserialize<LoginTestCredentials>(codec.Reveal(tenantId, secret))!;

    public override string ToString() => "(credentials)";
}
