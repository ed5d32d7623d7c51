using System.Text;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Tests.Listen;
using Microsoft.Extensions.Time.Testing;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>Sends mutants in bursts to both ports, and takes the answers when the worker has done with them all.</summary>
internal sealed class Storm(TestNas nas, RadiusCounts counts)
{
    private static readonly Login Laptop = Login.Hotspot with { Mac = "AA:AA:AA:AA:AA:AA" };

    private const int BurstSize = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes(Isp.Secret);
    private static readonly SharedSecret NasSecret = new(Isp.Secret);

    private long _sent;

    public int Answers { get; private set; }

    /// <param name="clock">Goes on a little with each burst, so that what is to be forgotten is.</param>
    /// <returns>By how much the memory in use has grown since the first bursts.</returns>
    public async Task<long> BlowAsync(int packets, Random random, FakeTimeProvider clock)
    {
        await BurstAsync(random);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var sent = 0; sent < packets; sent += BurstSize)
        {
            await BurstAsync(random);
            clock.Advance(TimeSpan.FromMilliseconds(20));
        }

        return GC.GetTotalMemory(forceFullCollection: true) - before;
    }

    private async Task BurstAsync(Random random)
    {
        var sent = new List<(byte[] Octets, ListenerRole Role)>(BurstSize);
        for (var i = 0; i < BurstSize; i++)
        {
            var role = random.Next(2) == 0 ? ListenerRole.Authentication : ListenerRole.Accounting;
            var mutant = Mutants.Of(Packet(random, role), random);
            sent.Add((mutant, role));
            await nas.SendAsync(mutant, role);
            _sent++;
        }

        var started = TimeProvider.System.GetTimestamp();
        while (!IsDone())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, "Not every packet was dropped or answered.");
            await Task.Yield();
        }

        while (nas.TryReceive() is { } answer)
        {
            Answers++;
            AssertBelongs(answer, sent);
        }
    }

    /// <summary>Every datagram is counted once: dropped or given up, answered, or told to be a repetition.</summary>
    private bool IsDone()
        => counts.Total("radius.drops") + counts.Total("radius.replies") + counts.Total("radius.duplicates") >= _sent;

    private byte[] Packet(Random random, ListenerRole role)
    {
        if (random.Next(50) == 0)
            return nas.StatusServer();
        if (role is ListenerRole.Accounting)
            return nas.AccountingRequest((AcctStatusType)random.Next(1, 9), Report(random));

        return random.Next(11) switch
        {
            0 => nas.AccessRequest("ali", "hello123", Login.Hotspot with { Method = AuthenticationMethod.Chap }),
            1 => nas.AccessRequest("ali", "hello124", Laptop),
            2 => nas.AccessRequest(Isp.Mac, "", Login.Hotspot with { Method = AuthenticationMethod.Chap }),
            3 => nas.AccessRequest("aa:aa:aa:aa:aa:aa", "", Login.Dhcp with { Mac = "1:aa:aa:aa:aa:aa:aa" }),
            4 => nas.AccessRequest("nobody\xFF", "", Login.Hotspot with { IsSigned = false }),
            5 => nas.AccessRequest("", "hello123", Login.Hotspot),
            6 => nas.AccessRequest("house", "hello123", Login.Pppoe with { Method = AuthenticationMethod.MsChapV1 }),
            7 => nas.AccessRequest("house", "hello123", Login.Pppoe),
            8 => nas.AccessRequest("house", "wrong", Login.Pppoe with { Method = AuthenticationMethod.MsChapV2 }),
            9 => nas.AccessRequest("house", "hello123", Login.Pppoe with { Method = AuthenticationMethod.MsChapV2 }),
            _ => nas.AccessRequest(@"SAVANNA\house", "hello123", Login.Pppoe with { Method = AuthenticationMethod.MsChapV2 }),
        };
    }

    /// <summary>Few names and ids, so that reports meet; the mutations bring in the strange ones.</summary>
    private static Traffic Report(Random random) => new(
        random.Next(2) == 0 ? "ali" : "house",
        $"8010000{random.Next(8)}",
        Seconds: (uint)random.Next(4000),
        Uploaded: random.NextInt64(1L << 34),
        Downloaded: random.NextInt64(1L << 34),
        DelaySeconds: (uint)random.Next(30));

    private static void AssertBelongs(byte[] answer, List<(byte[] Octets, ListenerRole Role)> sent)
    {
        Assert.True(RadiusPacket.TryRead(answer, out var reply, out _), Convert.ToHexString(answer));
        foreach (var (octets, role) in sent)
        {
            if (octets.Length >= RadiusPacket.HeaderSize && octets[1] == reply.Identifier
                && RadiusPacket.TryRead(octets, out var request, out _)
                && ResponseAuthenticator.Check(reply, request, NasSecret) is ReplyCheck.Genuine)
            {
                Assert.True(Oracle.MayBeAnswered(octets, role, Secret), Convert.ToHexString(octets));
                return;
            }
        }

        Assert.Fail($"Nobody asked for {Convert.ToHexString(answer)}");
    }
}
