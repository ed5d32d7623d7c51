using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Tests.Protocol;

namespace EasyIsp.Radius.Tests.Listen;

/// <summary>Packets that are nearly right. The same seed makes the same mutants.</summary>
internal static class Mutants
{
    private const string CountVariable = "EASYISP_FUZZ_PACKETS";

    /// <summary>How many to try: the test's own number, or more where EASYISP_FUZZ_PACKETS says so.</summary>
    public static int Count(int usual)
        => int.TryParse(Environment.GetEnvironmentVariable(CountVariable), out var wanted) ? Math.Max(usual, wanted) : usual;

    /// <summary>
    /// Up to three changes; one in four is left as it was. Half are signed again afterwards, for what is wrong inside a
    /// packet is never reached behind a digest that is wrong too.
    /// </summary>
    public static byte[] Of(byte[] packet, Random random)
    {
        var mutant = Mutate(packet, random);
        if (random.Next(2) == 0)
            SignAgain(mutant);
        return mutant;
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        var packet = new List<byte>(seed);
        for (var count = random.Next(4); count > 0 && packet.Count > 0; count--)
        {
            var at = random.Next(packet.Count);
            switch (random.Next(6))
            {
                case 0:
                    packet[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    packet[at] = (byte)random.Next(256);
                    break;
                case 2:
                    packet.RemoveRange(at, packet.Count - at);
                    break;
                case 3:
                    packet.InsertRange(at, packet.GetRange(at, Math.Min(random.Next(40), packet.Count - at)));
                    break;
                case 4:
                    MoveAttribute(packet, random, keep: true);
                    break;
                default:
                    MoveAttribute(packet, random, keep: false);
                    break;
            }
        }

        return [.. packet];
    }

    /// <summary>Duplicates or reorders one attribute and puts the length right.</summary>
    private static void MoveAttribute(List<byte> packet, Random random, bool keep)
    {
        var starts = new List<int>();
        for (var at = RadiusPacket.HeaderSize; at + 1 < packet.Count && packet[at + 1] >= 2; at += packet[at + 1])
            starts.Add(at);
        if (starts.Count < 2)
            return;

        var from = starts[random.Next(starts.Count)];
        var attribute = packet.GetRange(from, Math.Min(packet[from + 1], packet.Count - from));
        if (!keep)
            packet.RemoveRange(from, attribute.Count);
        packet.InsertRange(RadiusPacket.HeaderSize, attribute);
        packet[2] = (byte)(packet.Count >> 8);
        packet[3] = (byte)packet.Count;
    }

    private static void SignAgain(byte[] mutant)
    {
        if (!RadiusPacket.TryRead(mutant, out var packet, out _))
            return;

        var size = packet.Octets.Length;
        var isDigest = RequestAuthenticator.IsDigest(packet.Code);
        if (isDigest)
            mutant.AsSpan(RadiusPacket.AuthenticatorOffset, RadiusPacket.AuthenticatorSize).Clear();
        var signed = packet.All(AttributeType.MessageAuthenticator);
        if (signed.MoveNext() && signed.Current.Value.Length == PacketDigest.Size)
        {
            var offset = signed.Current.ValueOffset;
            PacketDigest.HmacMd5(mutant.AsSpan(0, size), packet.Authenticator, offset, Wire.Secret, mutant.AsSpan(offset));
        }

        if (isDigest)
        {
            var authenticator = mutant.AsSpan(RadiusPacket.AuthenticatorOffset);
            PacketDigest.Md5(mutant.AsSpan(0, size), PacketDigest.ZeroAuthenticator, Wire.Secret, authenticator);
        }
    }
}
