using System.Security.Cryptography;

namespace EasyIsp.Radius.Protocol;

/// <summary>
/// The hidden User-Password of PAP (RFC 2865 section 5.2). Written-down rule for NULs: all trailing NUL octets are
/// padding, a NUL inside belongs to the password.
/// </summary>
internal static class UserPassword
{
    public const int MaxSize = 128;

    private const int BlockSize = 16;

    /// <summary>
    /// False when the attribute is not 16 to 128 octets in whole blocks. With a wrong secret it succeeds and gives
    /// garbage, so the result is opaque octets and may be no UTF-8.
    /// </summary>
    /// <param name="password">At least <see cref="MaxSize"/> octets of room.</param>
    public static bool TryReveal(
        ReadOnlySpan<byte> hidden,
        ReadOnlySpan<byte> requestAuthenticator,
        SharedSecret secret,
        Span<byte> password,
        out int length)
    {
        length = 0;
        if (hidden.Length is < BlockSize or > MaxSize || hidden.Length % BlockSize != 0)
            return false;

        var previous = requestAuthenticator;
        Span<byte> mask = stackalloc byte[BlockSize];
        for (var at = 0; at < hidden.Length; at += BlockSize)
        {
            Mask(secret, previous, mask);
            previous = hidden.Slice(at, BlockSize);
            Xor(previous, mask, password[at..]);
        }

        length = password[..hidden.Length].LastIndexOfAnyExcept((byte)0) + 1;
        return true;
    }

    /// <summary>Compares in constant time for passwords of one length.</summary>
    public static bool Matches(
        ReadOnlySpan<byte> hidden,
        ReadOnlySpan<byte> requestAuthenticator,
        SharedSecret secret,
        ReadOnlySpan<byte> expected)
    {
        Span<byte> password = stackalloc byte[MaxSize];
        var matches = TryReveal(hidden, requestAuthenticator, secret, password, out var length)
            && CryptographicOperations.FixedTimeEquals(password[..length], expected);
        CryptographicOperations.ZeroMemory(password);
        return matches;
    }

    /// <returns>How many octets of <paramref name="hidden"/> the attribute's value takes: 16 to 128.</returns>
    /// <exception cref="ArgumentException">The password is longer than 128 octets.</exception>
    public static int Hide(
        ReadOnlySpan<byte> password,
        ReadOnlySpan<byte> requestAuthenticator,
        SharedSecret secret,
        Span<byte> hidden)
    {
        if (password.Length > MaxSize)
            throw new ArgumentException($"A User-Password has at most {MaxSize} octets.", nameof(password));

        var size = Math.Max(1, (password.Length + BlockSize - 1) / BlockSize) * BlockSize;
        Span<byte> padded = stackalloc byte[MaxSize];
        padded.Clear();
        password.CopyTo(padded);

        var previous = requestAuthenticator;
        Span<byte> mask = stackalloc byte[BlockSize];
        for (var at = 0; at < size; at += BlockSize)
        {
            Mask(secret, previous, mask);
            Xor(padded.Slice(at, BlockSize), mask, hidden[at..]);
            previous = hidden.Slice(at, BlockSize);
        }

        return size;
    }

    private static void Mask(SharedSecret secret, ReadOnlySpan<byte> previous, Span<byte> mask)
    {
        Span<byte> input = stackalloc byte[secret.Octets.Length + BlockSize];
        secret.Octets.CopyTo(input);
        previous.CopyTo(input[secret.Octets.Length..]);
        Md5.Hash(input, mask);
    }

    private static void Xor(ReadOnlySpan<byte> block, ReadOnlySpan<byte> mask, Span<byte> destination)
    {
        for (var i = 0; i < BlockSize; i++)
            destination[i] = (byte)(block[i] ^ mask[i]);
    }
}
