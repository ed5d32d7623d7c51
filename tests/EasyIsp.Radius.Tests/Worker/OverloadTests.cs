using System.Diagnostics.Metrics;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Routers;
using EasyIsp.Radius.Tests.Listen;
using EasyIsp.Testing;

namespace EasyIsp.Radius.Tests.Worker;

public sealed class OverloadTests(PostgresServer server)
{
    private const int Homes = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(1.5);

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    private int _answers;

    [Fact]
    public async Task RAD_76_Three_times_as_many_as_may_be_in_work_do_not_bring_down_how_many_are_answered()
    {
        await using var isp = await Isp.OpenAsync(server, configure: options => (options.RequestsOfRouter, options.LookUpsAtOnce) = (16, 4));
        // With a data limit each login asks the database.
        await Town.SettleAsync(isp.World, Homes);
        await isp.ExecuteAsync("update subscriptions set data_limit_bytes = 1000000");
        using var nas = await isp.AddRouterAsync();
        using var counts = new RadiusCounts(isp.Worker<IMeterFactory>());
        var warm = await AnswersAsync(isp, nas.Id, lines: 16);

        var alone = await AnswersAsync(isp, nas.Id, lines: 16);
        var crowded = await AnswersAsync(isp, nas.Id, lines: 48);

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{alone} answers with 16 lines, {crowded} with 48; {counts.Of("radius.drops", "too_many_in_work")} dropped");
        Assert.InRange(counts.Of("radius.drops", "too_many_in_work"), 1, double.MaxValue);
        // A collapse is what must not be; the routers of this test take from the same processors.
        Assert.InRange(crowded, alone / 4, int.MaxValue);
        // An answer is counted when it has been sent: the last may be here before.
        await counts.UntilAsync("radius.replies", "access_accept", warm + alone + crowded, CancellationToken);
        Assert.Equal(warm + alone + crowded, counts.Of("radius.replies", "access_accept"));
    }

    [Fact]
    public async Task RAD_77_Routers_and_packages_read_anew_under_load_cost_no_request()
    {
        await using var isp = await Isp.OpenAsync(server);
        await Town.SettleAsync(isp.World, Homes);
        using var nas = await isp.AddRouterAsync();
        var directory = isp.Worker<NasDirectory>();
        var reloads = 0;
        directory.Replaced += (_, _) => Interlocked.Increment(ref reloads);
        using var counts = new RadiusCounts(isp.Worker<IMeterFactory>());

        using var isOver = new CancellationTokenSource();
        var load = Enumerable.Range(0, 8).Select(line => AskAsync(isp, nas.Id, line, isOver.Token)).ToArray();
        for (var change = 0; change < 10; change++)
        {
            using var added = await isp.AddRouterAsync($"127.0.2.{change + 1}", $"another-secret-{change}");
            await isp.AddPackageAsync();
        }

        await isOver.CancelAsync();
        await Task.WhenAll(load);
        Assert.InRange(reloads, 5, int.MaxValue);
        Assert.Equal(0, counts.Total("radius.drops"));
    }

    private async Task<int> AnswersAsync(Isp isp, Guid router, int lines)
    {
        _answers = 0;
        using var isOver = new CancellationTokenSource(Measured);
        await Task.WhenAll(Enumerable.Range(0, lines).Select(line => AskAsync(isp, router, line, isOver.Token)));
        return _answers;
    }

    /// <summary>Logs homes in one after the other; each is to be answered in the end, and rightly.</summary>
    private async Task AskAsync(Isp isp, Guid router, int line, CancellationToken isOver)
    {
        using var nas = new TestNas(isp, router, "127.0.1.1", Isp.Secret);
        for (var home = line; !isOver.IsCancellationRequested; home = (home + 48) % Homes)
        {
            var request = nas.AccessRequest(Town.UserNameOf(home), Town.PasswordOf(home), Town.LoginOf(home));
            Answer? answer = null;
            while (answer is null)
                answer = await nas.TryAskAsync(request, Patience, CancellationToken);
            Assert.Equal(PacketCode.AccessAccept, answer.Code);
            Interlocked.Increment(ref _answers);
        }
    }
}
