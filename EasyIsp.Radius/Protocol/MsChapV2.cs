using System.Security.Cryptography;

namespace EasyIsp.Radius.Protocol;

/// <summary>The computations of MS-CHAPv2 (RFC 2759 section 8), without their transport.</summary>
internal static class MsChapV2
{
    public const int ChallengeSize = 16;
    public const int NtResponseSize = 24;

    /// <summary>The octets of "S=" and 40 upper-case hexadecimal digits.</summary>
    public const int AuthenticatorResponseSize = 42;

    private const int ChallengeHashSize = 8;

    private static ReadOnlySpan<byte> ServerToClientMagic => "Magic server to client signing constant"u8;

    private static ReadOnlySpan<byte> PadMagic => "Pad to make it do more than one iteration"u8;

    /// <summary>The 24 octets by which a client proves that it knows the password (section 8.1).</summary>
    public static void Respond(in MsChap2Challenge challenge, NtHash password, Span<byte> ntResponse)
    {
        Span<byte> hash = stackalloc byte[ChallengeHashSize];
        Hash(challenge, hash);
        Span<byte> keys = stackalloc byte[3 * DesBlock.KeySize];
        keys.Clear();
        password.Octets.CopyTo(keys);
        for (var i = 0; i < 3; i++)
        {
            DesBlock.Encrypt(
                keys.Slice(i * DesBlock.KeySize, DesBlock.KeySize), hash, ntResponse.Slice(i * DesBlock.Size, DesBlock.Size));
        }

        CryptographicOperations.ZeroMemory(keys);
    }

    public static bool Verify(in MsChap2Challenge challenge, NtHash password, ReadOnlySpan<byte> ntResponse)
    {
        Span<byte> expected = stackalloc byte[NtResponseSize];
        Respond(challenge, password, expected);
        return CryptographicOperations.FixedTimeEquals(expected, ntResponse);
    }

    /// <summary>"S=…", by which the server proves that it knows the password too (section 8.7).</summary>
    public static void WriteAuthenticatorResponse(
        in MsChap2Challenge challenge, NtHash password, ReadOnlySpan<byte> ntResponse, Span<byte> text)
    {
        Span<byte> hash = stackalloc byte[ChallengeHashSize];
        Hash(challenge, hash);
        Span<byte> digest = stackalloc byte[MsChapDigest.Size];
        Sha1(password.HashHash, ntResponse, ServerToClientMagic, digest);
        Sha1(digest, hash, PadMagic, digest);
        "S="u8.CopyTo(text);
        for (var i = 0; i < digest.Length; i++)
            digest[i].TryFormat(text[(2 + (2 * i))..], out _, "X2");
    }

    /// <summary>Eight octets of SHA-1 over both challenges and the name without its domain (section 8.2).</summary>
    public static void Hash(in MsChap2Challenge challenge, Span<byte> hash)
    {
        Span<byte> digest = stackalloc byte[MsChapDigest.Size];
        Sha1(challenge.Peer, challenge.Authenticator, challenge.UserName, digest);
        digest[..ChallengeHashSize].CopyTo(hash);
    }

    private static void Sha1(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, Span<byte> digest)
    {
        Span<byte> input = stackalloc byte[first.Length + second.Length + third.Length];
        first.CopyTo(input);
        second.CopyTo(input[first.Length..]);
        third.CopyTo(input[(first.Length + second.Length)..]);
        MsChapDigest.Sha1(input, digest);
    }
}

/// <summary>What a response of MS-CHAPv2 answers.</summary>
internal readonly ref struct MsChap2Challenge
{
    /// <param name="userName">As it was typed; what stands before a backslash is a domain and is not hashed.</param>
    public MsChap2Challenge(ReadOnlySpan<byte> authenticator, ReadOnlySpan<byte> peer, ReadOnlySpan<byte> userName)
    {
        Authenticator = authenticator;
        Peer = peer;
        UserName = userName[(userName.IndexOf((byte)'\\') + 1)..];
    }

    public ReadOnlySpan<byte> Authenticator { get; }
    public ReadOnlySpan<byte> Peer { get; }
    public ReadOnlySpan<byte> UserName { get; }
}
