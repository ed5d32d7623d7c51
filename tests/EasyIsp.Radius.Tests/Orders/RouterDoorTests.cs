using EasyIsp.Radius.Orders;
using EasyIsp.Radius.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace EasyIsp.Radius.Tests.Orders;

public sealed class RouterDoorTests : IDisposable
{
    private static readonly CoaAnswer Silence = new CoaAnswer.Silence();

    private readonly FakeTimeProvider _clock = new();
    private readonly RouterDoor _door;

    public RouterDoorTests() => _door = new RouterDoor(_clock);

    public void Dispose() => _door.Dispose();

    [Fact]
    public async Task A_router_is_dead_after_three_silent_orders_in_a_row()
    {
        await AskAsync(Silence, Silence, new CoaAnswer.Refused(ErrorCause.MissingAttribute), Silence, Silence);
        Assert.False(_door.IsShut);

        await AskAsync(Silence);
        Assert.True(_door.IsShut);
        using var place = await EnterAsync();
        Assert.Equal(_clock.GetUtcNow() + RouterDoor.ShutFor, place.ShutUntil);
    }

    [Fact]
    public async Task A_dead_router_gets_one_probe_at_a_time_and_any_answer_opens_the_way()
    {
        await AskAsync(Silence, Silence, Silence);
        _clock.Advance(RouterDoor.ShutFor);

        using (var probe = await EnterAsync())
        {
            Assert.Null(probe.ShutUntil);
            using (var other = await EnterAsync())
                Assert.NotNull(other.ShutUntil);
            probe.Heard(Silence);
        }

        Assert.True(_door.IsShut);
        _clock.Advance(RouterDoor.ShutFor);
        await AskAsync(new CoaAnswer.Refused(ErrorCause.SessionContextNotFound));
        Assert.False(_door.IsShut);
    }

    [Fact]
    public async Task A_probe_that_asked_nothing_leaves_the_next_one_to_probe()
    {
        await AskAsync(Silence, Silence, Silence);
        _clock.Advance(RouterDoor.ShutFor);
        (await EnterAsync()).Dispose();

        using var next = await EnterAsync();
        Assert.Null(next.ShutUntil);
    }

    [Fact]
    public async Task Few_are_with_a_router_at_once()
    {
        var inside = new List<RouterDoor.Place>();
        for (var i = 0; i < RouterDoor.AtOnce; i++)
            inside.Add(await EnterAsync());

        Assert.Null(await _door.EnterAsync(TimeSpan.Zero, TestContext.Current.CancellationToken));
        inside[0].Dispose();
        (await EnterAsync()).Dispose();
    }

    private async Task AskAsync(params CoaAnswer[] answers)
    {
        foreach (var answer in answers)
        {
            using var place = await EnterAsync();
            Assert.Null(place.ShutUntil);
            place.Heard(answer);
        }
    }

    private async Task<RouterDoor.Place> EnterAsync()
        => (await _door.EnterAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken))!;
}
