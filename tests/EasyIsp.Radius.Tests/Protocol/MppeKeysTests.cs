using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using EasyIsp.Radius.Protocol;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;

namespace EasyIsp.Radius.Tests.Protocol;

/// <summary>RFC 3079 section 3.5 and RFC 2548 section 2.4; reference/radius.md, case 44.</summary>
public sealed class MppeKeysTests
{
    [Fact]
    public void The_start_keys_of_rfc_3079_are_derived()
    {
        var password = NtHash.Of(MsChapVectors.Password);
        Span<byte> master = stackalloc byte[MppeKeys.Size];
        Span<byte> send = stackalloc byte[MppeKeys.Size];
        Span<byte> receive = stackalloc byte[MppeKeys.Size];

        MppeKeys.DeriveMaster(password, MsChapVectors.NtResponse, master);
        MppeKeys.Derive(password, MsChapVectors.NtResponse, send, receive);

        Assert.Equal(MsChapVectors.MasterKey, master);
        Assert.Equal(MsChapVectors.SendKey, send);
        Assert.Equal(MsChapVectors.ReceiveKey, receive);
    }

    /// <summary>What the NAS makes of our start key: the session key, and a message under it.</summary>
    [Fact]
    public void The_session_key_and_the_message_of_rfc_3079_follow_from_them()
    {
        var session = SessionKeyOf(MsChapVectors.SendKey);

        Assert.Equal(Wire.Hex("405cb2247a7956e6e211007ae27b22d4"), session);
        Assert.Equal(Wire.Hex("81848317df68846272fb5abe"), Rc4(session, "test message"u8.ToArray()));
    }

    [Fact]
    public void A_hidden_key_is_revealed_by_who_knows_secret_request_and_salt()
    {
        Span<byte> hidden = stackalloc byte[MppeKeys.HiddenSize];
        MppeKeys.Hide(MsChapVectors.SendKey, 0x8001, Wire.Authenticator, Wire.Secret, hidden);

        Assert.Equal(34, hidden.Length);
        Assert.Equal("8001", Convert.ToHexString(hidden[..2]));
        Assert.Equal(MsChapVectors.SendKey, Reveal(hidden, Wire.Authenticator, Wire.Secret));
        Assert.NotEqual(MsChapVectors.SendKey, Reveal(hidden, MsChapVectors.PeerChallenge, Wire.Secret));
    }

    /// <summary>RFC 2548 section 2.4.2 read from its other end, and on its own: c(i) xor MD5(secret, c(i-1)).</summary>
    [SuppressMessage("Security", "CA5351", Justification = "The protocol says MD5.")]
    internal static byte[] Reveal(ReadOnlySpan<byte> hidden, ReadOnlySpan<byte> requestAuthenticator, SharedSecret secret)
    {
        byte[] octets = secret.Octets.ToArray();
        byte[] previous = [.. requestAuthenticator, .. hidden[..2]];
        var plain = new List<byte>();
        for (var at = 2; at < hidden.Length; at += 16)
        {
            var mask = MD5.HashData([.. octets, .. previous]);
            previous = hidden.Slice(at, 16).ToArray();
            plain.AddRange(previous.Zip(mask, (cipher, pad) => (byte)(cipher ^ pad)));
        }

        return [.. plain.Skip(1).Take(Math.Min(plain[0], (byte)31))];
    }

    /// <summary>GetNewKeyFromSHA of RFC 3079 section 3.4, from a start key onto itself.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "The protocol says SHA-1.")]
    private static byte[] SessionKeyOf(byte[] start)
        => SHA1.HashData([.. start, .. new byte[40], .. start, .. Enumerable.Repeat((byte)0xF2, 40)])[..16];

    private static byte[] Rc4(byte[] key, byte[] message)
    {
        var engine = new RC4Engine();
        engine.Init(forEncryption: true, new KeyParameter(key));
        var cipher = new byte[message.Length];
        engine.ProcessBytes(message, 0, message.Length, cipher, 0);
        return cipher;
    }
}
