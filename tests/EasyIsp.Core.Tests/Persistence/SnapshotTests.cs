using EasyIsp.Core.Persistence;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Core.Tests.Persistence;

public sealed class SnapshotTests(PostgresServer server)
{
    [Fact]
    public async Task What_others_write_meanwhile_is_not_seen()
    {
        await using var world = await World.OpenAsync(server);
        await world.AddRouterAsync();

        var counted = await world.AsTenantAsync<IspDatabase, (int First, int Second)>(async database =>
        {
            await using var db = await database.OpenSnapshotAsync(CancellationToken.None);
            var first = await db.Routers.CountAsync();
            await world.AddRouterAsync("Second", "127.0.1.2");
            return (first, await db.Routers.CountAsync());
        });

        Assert.Equal((1, 1), counted);
        Assert.Equal(2, await world.ReadAsync(db => db.Routers.CountAsync()));
    }
}
