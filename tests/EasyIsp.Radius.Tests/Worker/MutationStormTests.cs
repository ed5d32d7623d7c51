using System.Diagnostics.Metrics;
using System.Text;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Shared;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Tests.Listen;
using EasyIsp.Testing;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>
/// reference/radius.md, case 11, through sockets, gate, handlers and database: logins by every method, reports and
/// Status-Server, mutated. Nothing fails, what must not be answered is not, every answer belongs to what was sent, and the
/// worker stays as small as it was.
/// </summary>
public sealed class MutationStormTests(PostgresServer server)
{
    private const int UsualPackets = 5_000;
    private const int Burst = 100;

    /// <summary>What caches, pools and tables of a busy worker take; a leak of a few octets a packet would show in a long run.</summary>
    private const long MaxGrowthBytes = 256L << 20;

    private static readonly PackageTerms Month = Isp.Hour with { Duration = TimeSpan.FromDays(30), DataLimitBytes = 1L << 40, SimultaneousSessions = 50 };
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes(Isp.Secret);

    [Fact]
    public async Task No_mutation_breaks_the_worker_and_none_that_must_not_be_is_answered()
    {
        await using var isp = await Isp.OpenAsync(server);
        using var nas = await isp.AddRouterAsync();
        using var counts = new RadiusCounts(isp.Worker<IMeterFactory>());
        await isp.AddSubscriberAsync("house", accessType: AccessType.Pppoe, terms: Month);
        await isp.AddSubscriberAsync("ali", terms: Month, mac: Isp.Mac);
        await isp.AddSubscriberAsync("aa:aa:aa:aa:aa:aa", password: null, AccessType.Pppoe, Month);
        var random = new Random(20260302);
        var storm = new Storm(nas, counts);
        await storm.BlowAsync(Burst, random);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var packets = Mutants.Count(UsualPackets);
        for (var sent = 0; sent < packets; sent += Burst)
        {
            await storm.BlowAsync(Burst, random);
            isp.World.Clock.Advance(TimeSpan.FromMilliseconds(20));
        }

        Assert.InRange(storm.Answers, packets / 10, 2 * packets);
        Assert.Equal(0, counts.Of("radius.drops", "handler_failed"));
        Assert.Equal(0, counts.Of("radius.drops", "database_unavailable"));
        await isp.AddSubscriberAsync("ben");
        Assert.Equal(PacketCode.AccessAccept, (await nas.LoginAsync("ben", "hello123")).Code);
        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Current.SendDiagnosticMessage("{0:N0} mutants, {1:N0} answered, {2:N0} octets more", packets, storm.Answers, growth);
        Assert.InRange(growth, long.MinValue, MaxGrowthBytes);
    }

    /// <summary>Sends mutants in bursts to both ports, and takes the answers when the worker has done with them all.</summary>
    private sealed class Storm(TestNas nas, RadiusCounts counts)
    {
        private static readonly Login Laptop = Login.Hotspot with { Mac = "AA:AA:AA:AA:AA:AA" };

        private static readonly SharedSecret NasSecret = new(Isp.Secret);

        private long _sent;

        public int Answers { get; private set; }

        public async Task BlowAsync(int packets, Random random)
        {
            var sent = new List<(byte[] Octets, ListenerRole Role)>();
            for (var i = 0; i < packets; i++)
            {
                var role = random.Next(2) == 0 ? ListenerRole.Authentication : ListenerRole.Accounting;
                var mutant = Mutants.Of(Packet(random, role), random);
                sent.Add((mutant, role));
                await nas.SendAsync(mutant, role);
                _sent++;
            }

            await Isp.EventuallyAsync(() => Task.FromResult(IsDone()));
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
}
