using EasyIsp.Core.Sessions;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Sessions;

public sealed class StaleSessionsJobTests(PostgresServer server)
{
    [Fact]
    public async Task A_session_is_closed_when_three_reports_have_failed_to_come_and_ended_when_it_was_last_heard_of()
    {
        await using var world = await World.OpenAsync(server);
        var router = await world.AddRouterAsync();
        var customer = await world.AddCustomerAsync();
        var lastHeard = world.Clock.GetUtcNow();
        var silent = await world.OpenSessionAsync(router, customer, downloaded: 1_400_000_000);
        world.Clock.Advance(TimeSpan.FromSeconds(600));
        await world.OpenSessionAsync(router, customer);
        world.Clock.Advance(TimeSpan.FromSeconds(300));

        Assert.Equal(0, await RunAsync(world));
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await RunAsync(world));
        Assert.Equal(0, await RunAsync(world));

        var ended = await world.ReadAsync(db => db.Sessions.SingleAsync());
        Assert.Equal((silent, lastHeard, (int?)null, 1_400_000_000L), (ended.Id, ended.EndedAt, ended.TerminateCause, ended.DownloadedBytes));
        Assert.Equal(1, await world.ReadAsync(db => db.OpenSessions.CountAsync()));
    }

    private static Task<int> RunAsync(World world)
        => world.Services.GetRequiredService<StaleSessionsJob>().RunAsync(CancellationToken.None);
}
