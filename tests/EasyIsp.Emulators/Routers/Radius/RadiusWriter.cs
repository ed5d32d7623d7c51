using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace EasyIsp.Emulators.Routers.Radius;

/// <summary>
/// Writes a packet attribute by attribute, in the order it is told. On purpose not the product's codec: an emulator
/// built on it could only agree with it.
/// </summary>
internal sealed class RadiusWriter
{
    private const int HeaderBytes = 20;

    private readonly byte[] _packet = new byte[4096];
    private readonly byte[] _secret;
    private int _length = HeaderBytes;

    public RadiusWriter(byte code, byte identifier, string secret)
    {
        (_packet[0], _packet[1]) = (code, identifier);
        _secret = Encoding.UTF8.GetBytes(secret);
    }

    private Span<byte> Authenticator => _packet.AsSpan(4, Digest.Size);

    /// <summary>An Access-Request's random number; before a User-Password, which is hidden with it.</summary>
    public RadiusWriter Random(ReadOnlySpan<byte> authenticator)
    {
        authenticator.CopyTo(Authenticator);
        return this;
    }

    public RadiusWriter Bytes(byte type, ReadOnlySpan<byte> value)
    {
        (_packet[_length], _packet[_length + 1]) = (type, checked((byte)(value.Length + 2)));
        value.CopyTo(_packet.AsSpan(_length + 2));
        _length += value.Length + 2;
        return this;
    }

    public RadiusWriter Text(byte type, string value) => Bytes(type, Encoding.UTF8.GetBytes(value));

    public RadiusWriter Address(byte type, IPAddress value) => Bytes(type, value.GetAddressBytes());

    public RadiusWriter Number(byte type, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return Bytes(type, bytes);
    }

    public RadiusWriter VendorBytes(uint vendor, byte type, ReadOnlySpan<byte> value)
    {
        Span<byte> inner = new byte[6 + value.Length];
        BinaryPrimitives.WriteUInt32BigEndian(inner, vendor);
        (inner[4], inner[5]) = (type, checked((byte)(value.Length + 2)));
        value.CopyTo(inner[6..]);
        return Bytes(Attr.VendorSpecific, inner);
    }

    /// <summary>RFC 2865, section 5.2.</summary>
    public RadiusWriter Password(string password)
    {
        var plain = Encoding.UTF8.GetBytes(password);
        var hidden = new byte[Math.Max(1, (plain.Length + Digest.Size - 1) / Digest.Size) * Digest.Size];
        plain.CopyTo(hidden, 0);

        var previous = Authenticator.ToArray();
        for (var block = 0; block < hidden.Length; block += Digest.Size)
        {
            var mask = Digest.Md5([.. _secret, .. previous]);
            for (var i = 0; i < Digest.Size; i++)
                hidden[block + i] ^= mask[i];
            previous = hidden[block..(block + Digest.Size)];
        }

        return Bytes(Attr.UserPassword, hidden);
    }

    /// <summary>Ends an Access-Request, with Message-Authenticator as its last attribute (RFC 3579, 3.2) or without.</summary>
    public byte[] FinishAccess(bool sign)
    {
        if (!sign)
            return Finish();

        Bytes(Attr.MessageAuthenticator, new byte[Digest.Size]);
        var packet = Finish();
        Digest.HmacMd5(_secret, packet).CopyTo(packet, packet.Length - Digest.Size);
        return packet;
    }

    /// <summary>Ends an Accounting-Request (RFC 2866, section 3) and the orders of RFC 5176, whose authenticator is a digest.</summary>
    public byte[] FinishDigest() => FinishReply(new byte[Digest.Size]);

    /// <summary>Ends an answer to the request with this authenticator.</summary>
    public byte[] FinishReply(ReadOnlySpan<byte> requestAuthenticator)
    {
        requestAuthenticator.CopyTo(Authenticator);
        var packet = Finish();
        Digest.Md5([.. packet, .. _secret]).CopyTo(packet, 4);
        return packet;
    }

    private byte[] Finish()
    {
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(2), (ushort)_length);
        return _packet[.._length];
    }
}
