using System.Collections.Concurrent;
using EasyIsp.Core.Tenancy;
using EasyIsp.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Tenancy;

public sealed class TenantRoundsTests(PostgresServer server)
{
    [Fact]
    public async Task A_row_that_fails_holds_up_no_other_and_each_runs_as_its_own_tenant()
    {
        await using var world = await World.OpenAsync(server);
        var now = world.Clock.GetUtcNow();
        var rows = Enumerable.Range(0, 20).Select(_ => new RowKey(Guid.CreateVersion7(now), Guid.CreateVersion7(now))).ToArray();
        var done = new ConcurrentBag<RowKey>();

        await world.Services.GetRequiredService<TenantRounds>().ForEachAsync<TenantContext>(
            rows,
            atOnce: 4,
            (tenant, id, _) =>
            {
                if (id == rows[0].Id)
                    throw new InvalidOperationException("This one is broken.");
                done.Add(new RowKey(tenant.Id, id));
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken);

        Assert.Equal(rows[1..].Order(Comparer<RowKey>.Create((a, b) => a.Id.CompareTo(b.Id))), done.OrderBy(row => row.Id));
    }
}
