using System.Net;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Tests.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace EasyIsp.Radius.Tests.Listen;

/// <summary>
/// reference/radius.md, case 11. Half of the mutants are signed again after their mutation, for what is wrong inside a
/// packet is never reached behind a digest that is wrong too.
/// </summary>
public sealed class MutationTests
{
    private const int Packets = 200_000;

    private static readonly PeerEndpoint Source = PeerEndpoint.From(new IPEndPoint(IPAddress.Loopback, 40000));

    private static readonly byte[][] Seeds =
    [
        MikrotikVectors.PppoeChapRequest, MikrotikVectors.HotspotChapRequest, MikrotikVectors.AccountingStart,
        MikrotikVectors.CoaRequest, MikrotikVectors.Accept, MikrotikVectors.CoaNak,
        Wire.Packet(
            PacketCode.AccessRequest, "01056c6f6c", "0212fe8b65a61bcc4829104607240014828b", "210361", "21046263"),
        Wire.Packet(PacketCode.AccountingRequest, "280600000003", "2a06ffffffff", "340600000001", "1904ab00", "210361"),
    ];

    [Fact]
    public void No_mutation_of_a_packet_breaks_the_server_and_every_reply_is_well_formed()
    {
        var random = new Random(20240709);
        var time = new FakeTimeProvider();
        using var cache = new ReplyCache(time, capacity: 4096);
        PaperServer[] servers = [new(ListenerRole.Authentication, cache), new(ListenerRole.Accounting, cache)];
        var buffer = new byte[RadiusPacket.MaxSize];
        var replies = 0;

        for (var i = 0; i < Packets; i++)
        {
            var mutant = Mutate(Seeds[random.Next(Seeds.Length)], random);
            if (random.Next(2) == 0)
                SignAgain(mutant);
            foreach (var server in servers)
            {
                var reply = server.Answer(Source, mutant, buffer);
                if (reply.IsEmpty)
                    continue;

                replies++;
                AssertAnswers(reply, mutant);
            }

            ReadEverything(mutant);
        }

        Assert.InRange(replies, Packets / 20, Packets);
        Assert.InRange(cache.Count, 1, 4096);
    }

    private static void AssertAnswers(ReadOnlySpan<byte> reply, ReadOnlySpan<byte> mutant)
        => Assert.Equal(
            ReplyCheck.Genuine, ResponseAuthenticator.Check(Wire.Read(reply), Wire.Read(mutant), Wire.Secret));

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

    private static void ReadEverything(byte[] mutant)
    {
        if (!RadiusPacket.TryRead(mutant, out var packet, out _))
            return;

        foreach (var attribute in packet.Attributes)
        {
            packet.TryGetUInt32(attribute.Type, out _);
            packet.TryGetIPv6Prefix(attribute.Type, out _);
            OpaqueText.Escape(attribute.Value);
        }

        foreach (var vendor in Enum.GetValues<VendorId>())
        {
            foreach (var attribute in packet.VendorAttributes(vendor))
                Assert.True(attribute.Value.Length <= RadiusAttribute.MaxValueSize);
        }
    }
}
