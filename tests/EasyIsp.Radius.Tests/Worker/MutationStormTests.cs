using System.Diagnostics.Metrics;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Shared;
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

    /// <summary>What caches, pools and tables of a busy worker take; a leak of a few octets a packet would show in a long run.</summary>
    private const long MaxGrowthBytes = 256L << 20;

    private static readonly PackageTerms Month = Isp.Hour with { Duration = TimeSpan.FromDays(30), DataLimitBytes = 1L << 40, SimultaneousSessions = 50 };
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
        var packets = Mutants.Count(UsualPackets);
        var growth = await storm.BlowAsync(packets, random, isp.World.Clock);

        Assert.InRange(storm.Answers, packets / 10, 2 * packets);
        Assert.Equal(0, counts.Of("radius.drops", "handler_failed"));
        Assert.Equal(0, counts.Of("radius.drops", "database_unavailable"));
        await isp.AddSubscriberAsync("ben");
        Assert.Equal(PacketCode.AccessAccept, (await nas.LoginAsync("ben", "hello123")).Code);
        TestContext.Current.SendDiagnosticMessage("{0:N0} mutants, {1:N0} answered, {2:N0} octets more", packets, storm.Answers, growth);
        Assert.InRange(growth, long.MinValue, MaxGrowthBytes);
    }
}
