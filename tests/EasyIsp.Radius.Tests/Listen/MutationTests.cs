using System.Net;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Tests.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace EasyIsp.Radius.Tests.Listen;

/// <summary>
/// reference/radius.md, case 11: codec and reply cache. The whole worker has its turn in <c>MutationStormTests</c>.
/// </summary>
public sealed class MutationTests
{
    private const int UsualPackets = 200_000;

    /// <summary>More than the cache's replies and the tables of the run take; less than a leak of a few octets a packet.</summary>
    private const long MaxGrowthBytes = 32L << 20;

    private static readonly PeerEndpoint Source = PeerEndpoint.From(new IPEndPoint(IPAddress.Loopback, 40000));

    private static readonly byte[][] Seeds =
    [
        MikrotikVectors.PppoeChapRequest, MikrotikVectors.HotspotChapRequest, MikrotikVectors.AccountingStart,
        MikrotikVectors.CoaRequest, MikrotikVectors.Accept, MikrotikVectors.CoaNak,
        Wire.Packet(
            PacketCode.AccessRequest, "01056c6f6c", "0212fe8b65a61bcc4829104607240014828b", "210361", "21046263"),
        MsChapVectors.Request(),
        Wire.Packet(PacketCode.AccessRequest, "0102", "020200", "04060a000001", "1f0e313a62633a32343a3131", "5002"),
        Wire.Packet(PacketCode.AccessRequest, "01ff" + new string('f', 506), "18ff" + new string('0', 506)),
        Wire.Packet(
            PacketCode.AccessRequest,
            "1a0c0000311a1a06000003e8", "1a10000007db0206001000000506002000", "1a0c000012ee010203040506", "1a0a000001ad00009868"),
        Wire.Packet(PacketCode.AccountingRequest, "280600000003", "6114004020010db8000000010000000000000000", "600a0211", "7b0400ff"),
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
        var packets = Mutants.Count(UsualPackets);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var replies = 0;

        for (var i = 0; i < packets; i++)
        {
            var mutant = Mutants.Of(Seeds[random.Next(Seeds.Length)], random);
            foreach (var server in servers)
            {
                var reply = server.Answer(Source, mutant, buffer);
                if (reply.IsEmpty)
                    continue;

                replies++;
                Assert.True(Oracle.MayBeAnswered(mutant, server.Role, [.. Wire.Secret.Octets]), Convert.ToHexString(mutant));
                AssertAnswers(reply, mutant);
            }

            ReadEverything(mutant);
        }

        Assert.InRange(replies, packets / 20, packets);
        Assert.InRange(cache.Count, 1, 4096);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, MaxGrowthBytes);
        TestContext.Current.SendDiagnosticMessage("{0:N0} mutants, {1:N0} answered", packets, replies);
    }

    private static void AssertAnswers(ReadOnlySpan<byte> reply, ReadOnlySpan<byte> mutant)
        => Assert.Equal(
            ReplyCheck.Genuine, ResponseAuthenticator.Check(Wire.Read(reply), Wire.Read(mutant), Wire.Secret));

    private static void ReadEverything(byte[] mutant)
    {
        if (!RadiusPacket.TryRead(mutant, out var packet, out _))
            return;

        foreach (var attribute in packet.Attributes)
        {
            packet.TryGetUInt32(attribute.Type, out _);
            packet.TryGetIPv6Prefix(attribute.Type, out _);
            packet.TryGetIPv6(attribute.Type, out _);
        }

        Assert.NotEmpty(PacketText.Of(packet));

        foreach (var vendor in Enum.GetValues<VendorId>())
        {
            foreach (var attribute in packet.VendorAttributes(vendor))
                Assert.True(attribute.Value.Length <= RadiusAttribute.MaxValueSize);
        }
    }
}
