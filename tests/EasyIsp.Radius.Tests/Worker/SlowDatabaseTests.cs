using System.Diagnostics.Metrics;
using EasyIsp.Radius.Process;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Tests.Listen;
using EasyIsp.Testing;
using Npgsql;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>The database is there and does not get done.</summary>
public sealed class SlowDatabaseTests(PostgresServer server)
{
    private const int TurnsAtOnce = 4;
    private const int Homes = 40;

    /// <summary>Somebody waits for a lock in this database.</summary>
    private const string Waiting = "count(*) > 0) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database() --";

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RAD_75_Logins_that_waited_longer_than_their_router_does_cost_the_database_nothing_and_others_are_answered_meanwhile()
    {
        await using var isp = await Isp.OpenAsync(server, configure: options => options.LookUpsAtOnce = TurnsAtOnce);
        await Town.SettleAsync(isp.World, Homes + 1);
        using var nas = await isp.AddRouterAsync();
        using var impatient = new TestNas(isp, nas.Id, "127.0.1.1", Isp.Secret);
        await LogInAsync(nas, Homes);
        using var counts = new RadiusCounts(isp.Worker<IMeterFactory>());

        await using (await HoldAsync(isp, "customers"))
        {
            for (var home = 0; home < Homes; home++)
                await impatient.SendAsync(RequestOf(impatient, home));
            await Isp.EventuallyAsync(() => Task.FromResult(isp.Worker<FairLine>().Length == Homes - TurnsAtOnce));

            await LogInAsync(nas, Homes);
            Assert.Equal(PacketCode.AccessAccept, (await nas.AskAsync(nas.StatusServer())).Code);
            isp.World.Clock.Advance(new RadiusOptions().LookUpPatience + TimeSpan.FromSeconds(1));
        }

        await counts.UntilAsync("radius.drops", "too_late", Homes - TurnsAtOnce, CancellationToken);
        await counts.UntilAsync("radius.replies", "access_accept", TurnsAtOnce + 2, CancellationToken);
        Assert.Equal(Homes - TurnsAtOnce, counts.Of("radius.drops", "too_late"));
        await LogInAsync(nas, 0);
    }

    [Fact]
    public async Task Who_is_remembered_gets_on_by_memory_when_the_database_does_not_say_in_time_what_has_changed_of_him()
    {
        await using var isp = await Isp.OpenAsync(server);
        await Town.SettleAsync(isp.World, 2);
        using var nas = await isp.AddRouterAsync();
        await LogInAsync(nas, 0);
        await LogInAsync(nas, 1);
        await isp.HearingOfAsync("customers", () => isp.ExecuteAsync("update customers set name = 'Asha'"));

        await using (await HoldAsync(isp, "customers"))
        {
            var first = nas.AskAsync(RequestOf(nas, 0));
            await Isp.EventuallyAsync(async () => await isp.QueryAsync(Waiting) == "t");
            Assert.False(first.IsCompleted);
            await Isp.EventuallyAsync(() =>
            {
                isp.World.Clock.Advance(new RadiusOptions().LoginPatience / 10);
                return Task.FromResult(first.IsCompleted);
            });
            Assert.Equal(PacketCode.AccessAccept, (await first).Code);

            // It is known to be silent now: the next does not wait.
            Assert.Equal(PacketCode.AccessAccept, (await nas.AskAsync(RequestOf(nas, 1))).Code);
        }
    }

    private static async Task LogInAsync(TestNas nas, int home)
        => Assert.Equal(PacketCode.AccessAccept, (await nas.InsistAsync(RequestOf(nas, home), CancellationToken)).Code);

    private static byte[] RequestOf(TestNas nas, int home)
        => nas.AccessRequest(Town.UserNameOf(home), Town.PasswordOf(home), Town.LoginOf(home));

    /// <summary>Whoever reads the table waits until this ends.</summary>
    private static async Task<IAsyncDisposable> HoldAsync(Isp isp, string table)
    {
        var connection = new NpgsqlConnection(isp.World.Database.Admin);
        await connection.OpenAsync(CancellationToken);
        await using var command = new NpgsqlCommand($"begin; lock table {table} in access exclusive mode", connection);
        await command.ExecuteNonQueryAsync(CancellationToken);
        return connection;
    }
}
