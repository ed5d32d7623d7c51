using EasyIsp.Radius.Process;
using Microsoft.Extensions.Time.Testing;

namespace EasyIsp.Radius.Tests.Worker;

public sealed class FairLineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly Guid Large = new("00000000-0000-0000-0000-000000000001");
    private static readonly Guid Small = new("00000000-0000-0000-0000-000000000002");
    private static readonly Guid Mast = new("00000000-0000-0000-0000-00000000000a");
    private static readonly Guid Market = new("00000000-0000-0000-0000-00000000000b");

    private readonly FakeTimeProvider _clock = new();
    private readonly List<string> _order = [];

    [Fact]
    public async Task A_storm_of_one_company_lets_anothers_request_wait_for_one_of_it()
    {
        var line = new FairLine(atOnce: 1, Patience, _clock);
        Assert.True(await line.EnterAsync(Large, Mast));
        Task[] waiting = [.. Enumerable.Range(0, 100).Select(i => WaitAsync(line, Large, Mast, $"large {i}")), WaitAsync(line, Small, Mast, "small")];

        await FinishAsync(line, waiting);

        Assert.Equal(["large 0", "small", "large 1"], _order.Take(3));
        Assert.Equal(101, _order.Count);
    }

    [Fact]
    public async Task Within_a_company_its_routers_take_turns()
    {
        var line = new FairLine(atOnce: 1, Patience, _clock);
        Assert.True(await line.EnterAsync(Large, Mast));
        Task[] waiting =
        [
            WaitAsync(line, Large, Mast, "mast 0"), WaitAsync(line, Large, Mast, "mast 1"), WaitAsync(line, Large, Market, "market"),
            WaitAsync(line, Large, Mast, "mast 2"),
        ];

        await FinishAsync(line, waiting);

        Assert.Equal(["mast 0", "market", "mast 1", "mast 2"], _order);
    }

    [Fact]
    public async Task Who_has_waited_too_long_gets_no_turn_and_the_line_goes_on()
    {
        var line = new FairLine(atOnce: 1, Patience, _clock);
        Assert.True(await line.EnterAsync(Large, Mast));
        var late = line.EnterAsync(Large, Mast).AsTask();
        _clock.Advance(Patience + TimeSpan.FromMilliseconds(1));
        var inTime = line.EnterAsync(Small, Mast).AsTask();

        line.Leave();

        Assert.False(await late);
        Assert.True(await inTime);
        Assert.Equal(0, line.Length);
        line.Leave();
        Assert.True(await line.EnterAsync(Large, Mast));
    }

    [Fact]
    public async Task No_more_have_their_turn_at_once_than_may()
    {
        var line = new FairLine(atOnce: 3, Patience, _clock);
        for (var i = 0; i < 3; i++)
            Assert.True(await line.EnterAsync(Large, Mast));

        var fourth = line.EnterAsync(Large, Mast).AsTask();
        Assert.False(fourth.IsCompleted);
        line.Leave();
        Assert.True(await fourth);
    }

    private async Task WaitAsync(FairLine line, Guid tenant, Guid router, string name)
    {
        Assert.True(await line.EnterAsync(tenant, router));
        _order.Add(name);
        line.Leave();
    }

    /// <summary>Each who has his turn lets the next one in.</summary>
    private static async Task FinishAsync(FairLine line, Task[] waiting)
    {
        line.Leave();
        await Task.WhenAll(waiting);
    }
}
