using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace EasyIsp.Emulators.Routers.Radius;

/// <summary>A received packet, taken apart.</summary>
internal sealed class RadiusPacket
{
    private const int HeaderBytes = 20;

    private readonly byte[] _bytes;
    private readonly List<(byte Type, int Offset, int Length)> _attributes = [];

    private RadiusPacket(byte[] bytes) => _bytes = bytes;

    public byte Code => _bytes[0];
    public byte Identifier => _bytes[1];
    public ReadOnlySpan<byte> Authenticator => _bytes.AsSpan(4, 16);

    /// <summary>Null when lengths do not add up: such a packet is dropped (RFC 2865, section 3).</summary>
    public static RadiusPacket? TryParse(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < HeaderBytes)
            return null;

        var length = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        if (length < HeaderBytes || length > datagram.Length)
            return null;

        var packet = new RadiusPacket(datagram[..length].ToArray());
        return packet.FindAttributes() ? packet : null;
    }

    public bool Has(byte type) => All(type).Any();

    public string? Text(byte type) => All(type).Select(Encoding.UTF8.GetString).FirstOrDefault();

    public uint? Number(byte type) => All(type).Where(v => v.Length == 4).Select(v => (uint?)ToNumber(v)).FirstOrDefault();

    public IPAddress? Address(byte type) => All(type).Where(v => v.Length == 4).Select(v => new IPAddress(v)).FirstOrDefault();

    public IEnumerable<byte[]> All(byte type)
        => _attributes.Where(a => a.Type == type).Select(a => _bytes[a.Offset..(a.Offset + a.Length)]);

    public IEnumerable<byte[]> AllOfVendor(uint vendor, byte type)
    {
        foreach (var value in All(Attr.VendorSpecific).Where(v => v.Length >= 6 && ToNumber(v) == vendor))
        {
            for (var at = 4; at + 2 <= value.Length && value[at + 1] >= 2 && at + value[at + 1] <= value.Length; at += value[at + 1])
            {
                if (value[at] == type)
                    yield return value[(at + 2)..(at + value[at + 1])];
            }
        }
    }

    public uint? MikrotikNumber(byte type)
        => AllOfVendor(Vendor.Mikrotik, type).Where(v => v.Length == 4).Select(v => (uint?)ToNumber(v)).FirstOrDefault();

    public IEnumerable<string> MikrotikTexts(byte type)
        => AllOfVendor(Vendor.Mikrotik, type).Select(Encoding.UTF8.GetString);

    /// <summary>Whether an answer to the request with this authenticator was made with our secret.</summary>
    public bool IsReplyTo(ReadOnlySpan<byte> requestAuthenticator, string secret)
    {
        var copy = _bytes.ToArray();
        requestAuthenticator.CopyTo(copy.AsSpan(4));
        return Authenticator.SequenceEqual(Digest.Md5([.. copy, .. Encoding.UTF8.GetBytes(secret)]));
    }

    /// <summary>The same for requests whose authenticator is a digest over zeros (accounting, CoA, Disconnect).</summary>
    public bool IsDigestRequest(string secret) => IsReplyTo(new byte[16], secret);

    /// <summary>RFC 3579, 3.2: computed with the request's authenticator in place and the attribute itself zeroed.</summary>
    public bool HasValidMessageAuthenticator(ReadOnlySpan<byte> requestAuthenticator, string secret)
    {
        var (_, offset, length) = _attributes.Find(a => a.Type == Attr.MessageAuthenticator);
        if (length != 16)
            return false;

        var copy = _bytes.ToArray();
        requestAuthenticator.CopyTo(copy.AsSpan(4));
        copy.AsSpan(offset, length).Clear();
        return _bytes.AsSpan(offset, length).SequenceEqual(Digest.HmacMd5(Encoding.UTF8.GetBytes(secret), copy));
    }

    private static uint ToNumber(byte[] value) => BinaryPrimitives.ReadUInt32BigEndian(value);

    private bool FindAttributes()
    {
        var at = HeaderBytes;
        while (at < _bytes.Length)
        {
            if (at + 2 > _bytes.Length || _bytes[at + 1] < 2 || at + _bytes[at + 1] > _bytes.Length)
                return false;

            _attributes.Add((_bytes[at], at + 2, _bytes[at + 1] - 2));
            at += _bytes[at + 1];
        }

        return true;
    }
}
