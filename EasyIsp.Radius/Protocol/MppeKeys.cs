using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EasyIsp.Radius.Protocol;

/// <summary>
/// The keys of Microsoft's point-to-point encryption, made of an MS-CHAPv2 login (RFC 3079 section 3) and hidden in
/// attributes (RFC 2548 section 2.4). They are the start keys: the NAS and its client derive the session's from them.
/// </summary>
internal static class MppeKeys
{
    public const int Size = 16;

    /// <summary>Salt, and the key with its length in two blocks of 16.</summary>
    public const int HiddenSize = SaltSize + (2 * BlockSize);

    private const int SaltSize = 2;
    private const int BlockSize = 16;
    private const ushort SaltMark = 0x8000;

    private const uint EncryptionAllowed = 1;

    /// <summary>RC4 with 128 bits; 40 bits would protect nothing.</summary>
    private const uint Only128Bit = 4;

    private static ReadOnlySpan<byte> MasterMagic => "This is the MPPE Master Key"u8;

    /// <summary>RFC 3079 section 3.4, Magic2: what the server receives with.</summary>
    private static ReadOnlySpan<byte> ServerReceives
        => "On the client side, this is the send key; on the server side, it is the receive key."u8;

    /// <summary>Magic3: what the server, that is the NAS, sends with.</summary>
    private static ReadOnlySpan<byte> ServerSends
        => "On the client side, this is the receive key; on the server side, it is the send key."u8;

    public static void Add(
        ref PacketWriter reply, NtHash password, ReadOnlySpan<byte> ntResponse, ReadOnlySpan<byte> requestAuthenticator, SharedSecret secret)
    {
        Span<byte> send = stackalloc byte[Size];
        Span<byte> receive = stackalloc byte[Size];
        Derive(password, ntResponse, send, receive);

        // RFC 2548 section 2.4.2: the leftmost bit is set, and no two salts of one packet are alike.
        Span<byte> random = stackalloc byte[SaltSize];
        RandomNumberGenerator.Fill(random);
        var salt = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(random) | SaltMark);
        Span<byte> hidden = stackalloc byte[HiddenSize];
        Hide(send, salt, requestAuthenticator, secret, hidden);
        reply.Add(MicrosoftAttribute.MppeSendKey, hidden);
        Hide(receive, (ushort)(salt ^ 1), requestAuthenticator, secret, hidden);
        reply.Add(MicrosoftAttribute.MppeRecvKey, hidden);
        reply.AddUInt32(MicrosoftAttribute.MppeEncryptionPolicy, EncryptionAllowed);
        reply.AddUInt32(MicrosoftAttribute.MppeEncryptionTypes, Only128Bit);
    }

    /// <summary>The server's start keys for 128 bits (RFC 3079 section 3.2).</summary>
    public static void Derive(NtHash password, ReadOnlySpan<byte> ntResponse, Span<byte> send, Span<byte> receive)
    {
        Span<byte> master = stackalloc byte[Size];
        DeriveMaster(password, ntResponse, master);
        DeriveStart(master, ServerSends, send);
        DeriveStart(master, ServerReceives, receive);
    }

    /// <summary>GetMasterKey of RFC 3079 section 3.4.</summary>
    public static void DeriveMaster(NtHash password, ReadOnlySpan<byte> ntResponse, Span<byte> master)
    {
        Span<byte> input = stackalloc byte[NtHash.Size + MsChapV2.NtResponseSize + MasterMagic.Length];
        password.HashHash.CopyTo(input);
        ntResponse.CopyTo(input[NtHash.Size..]);
        MasterMagic.CopyTo(input[(NtHash.Size + MsChapV2.NtResponseSize)..]);
        Sha1Begin(input, master);
    }

    /// <summary>As RFC 2548 section 2.4.2 hides a key: a chain of MD5 that begins with secret, request and salt.</summary>
    public static void Hide(
        ReadOnlySpan<byte> key, ushort salt, ReadOnlySpan<byte> requestAuthenticator, SharedSecret secret, Span<byte> hidden)
    {
        var plain = hidden[SaltSize..HiddenSize];
        plain.Clear();
        plain[0] = (byte)key.Length;
        key.CopyTo(plain[1..]);
        BinaryPrimitives.WriteUInt16BigEndian(hidden, salt);

        var secretSize = secret.Octets.Length;
        Span<byte> input = stackalloc byte[secretSize + RadiusPacket.AuthenticatorSize + SaltSize];
        secret.Octets.CopyTo(input);
        requestAuthenticator.CopyTo(input[secretSize..]);
        hidden[..SaltSize].CopyTo(input[(secretSize + RadiusPacket.AuthenticatorSize)..]);

        Span<byte> mask = stackalloc byte[BlockSize];
        Md5.Hash(input, mask);
        for (var at = 0; at < plain.Length; at += BlockSize)
        {
            var block = plain.Slice(at, BlockSize);
            for (var i = 0; i < BlockSize; i++)
                block[i] ^= mask[i];
            block.CopyTo(input[secretSize..]);
            Md5.Hash(input[..(secretSize + BlockSize)], mask);
        }
    }

    /// <summary>GetAsymmetricStartKey of RFC 3079 section 3.4, with its two paddings of 40 octets.</summary>
    private static void DeriveStart(ReadOnlySpan<byte> master, ReadOnlySpan<byte> magic, Span<byte> key)
    {
        const int padding = 40;
        Span<byte> input = stackalloc byte[Size + padding + magic.Length + padding];
        master.CopyTo(input);
        input.Slice(Size, padding).Clear();
        magic.CopyTo(input[(Size + padding)..]);
        input[(Size + padding + magic.Length)..].Fill(0xF2);
        Sha1Begin(input, key);
    }

    private static void Sha1Begin(ReadOnlySpan<byte> input, Span<byte> key)
    {
        Span<byte> digest = stackalloc byte[MsChapDigest.Size];
        MsChapDigest.Sha1(input, digest);
        digest[..Size].CopyTo(key);
    }
}
