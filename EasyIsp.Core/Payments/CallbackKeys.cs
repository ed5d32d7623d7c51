using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace EasyIsp.Core.Payments;

/// <summary>
/// The secret addresses that a provider calls: <c>/pay/cb/{account key}/{attempt key}</c>. The path is neutral because
/// the provider refuses words of its own in it (mpesa.md, 1). The account's key is random and found by its digest; the
/// attempt's key names the request and proves itself, so a lost answer to the submission loses nothing. Both are
/// hexadecimal: other letters could spell one of those words by chance.
/// </summary>
public static class CallbackKeys
{
    /// <summary>Where a provider that signs reports, below the portal's address; the account's key follows.</summary>
    public const string SignedPath = "/pay/hook";

    private const int ProofLength = 16;

    /// <summary>How an account's key is looked up without being stored in clear.</summary>
    public static byte[] DigestOf(string accountKey) => SHA256.HashData(Encoding.UTF8.GetBytes(accountKey));

    /// <summary>128 random bits.</summary>
    public static string NewAccountKey() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    public static string AttemptKey(string accountKey, Guid requestId)
    {
        Span<byte> key = stackalloc byte[16 + ProofLength];
        requestId.TryWriteBytes(key);
        Proof(accountKey, requestId, key[16..]);
        return Convert.ToHexStringLower(key);
    }

    /// <returns>The request that the address was made for; null when the key was not made with this account's.</returns>
    public static Guid? RequestOf(string accountKey, string attemptKey)
    {
        Span<byte> key = stackalloc byte[16 + ProofLength];
        if (attemptKey.Length != 2 * key.Length
            || Convert.FromHexString(attemptKey, key, out _, out _) != OperationStatus.Done)
        {
            return null;
        }

        var requestId = new Guid(key[..16]);
        Span<byte> proof = stackalloc byte[ProofLength];
        Proof(accountKey, requestId, proof);
        return CryptographicOperations.FixedTimeEquals(proof, key[16..]) ? requestId : null;
    }

    /// <summary>
    /// The second part of the addresses that are registered for a short code: <c>/pay/in/…</c> takes confirmations,
    /// <c>/pay/ask/…</c> validations.
    /// </summary>
    public static string RegisteredKey(string accountKey, RegisteredAddress address)
        => Convert.ToHexStringLower(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(accountKey), Encoding.UTF8.GetBytes(PathOf(address)))[..ProofLength]);

    /// <summary>Whether the address was made for this account and this use.</summary>
    public static bool IsRegistered(string accountKey, string key, RegisteredAddress address)
        => CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(RegisteredKey(accountKey, address)), Encoding.UTF8.GetBytes(key));

    /// <summary>Below the portal's address.</summary>
    public static string PathOf(RegisteredAddress address) => address == RegisteredAddress.Confirmation ? "/pay/in" : "/pay/ask";

    private static void Proof(string accountKey, Guid requestId, Span<byte> proof)
    {
        Span<byte> id = stackalloc byte[16];
        requestId.TryWriteBytes(id);
        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(accountKey), id, full);
        full[..ProofLength].CopyTo(proof);
    }
}

/// <summary>What a short code's registered address is for (mpesa.md, 4.1).</summary>
public enum RegisteredAddress
{
    Confirmation,
    Validation,
}
