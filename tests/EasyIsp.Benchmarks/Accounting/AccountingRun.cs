using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using EasyIsp.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EasyIsp.Benchmarks.Accounting;

/// <summary>
/// How many Interim-Updates a second one worker makes durable before it answers: 64 outstanding, closed loop, 100,000
/// open sessions, each of a subscription of its own.
/// </summary>
internal static class AccountingRun
{
    private const int Sessions = 100_000;
    private const int Outstanding = 64;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(15);

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var server = new PostgresServer();
        await server.InitializeAsync();
        await using var world = await World.OpenAsync(server, services => services.AddSingleton(TimeProvider.System));
        var spool = Directory.CreateTempSubdirectory("easyisp-bench-spool-");
        var acct = new IPEndPoint(IPAddress.Loopback, FreeUdpPort());
        var environment = world.ProcessEnvironment(await world.WriteKeyRingCertificateAsync(cancellationToken));
        environment["Radius__AuthPort"] = "0";
        environment["Radius__AcctPort"] = acct.Port.ToString(CultureInfo.InvariantCulture);
        environment["Radius__SpoolPath"] = spool.FullName;
        var sessions = await FillAsync(world, cancellationToken);
        await using (var worker = await ProductProcess.StartAsync("EasyIsp.Radius", environment, cancellationToken))
        {
            AccountingLoad.Run(acct, sessions, Outstanding, WarmUp);
            var before = await ReadAsync(world, cancellationToken);
            var figures = AccountingLoad.Run(acct, sessions, Outstanding, Measured);
            var after = await ReadAsync(world, cancellationToken);
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"""
                accounting: {Outstanding} interims outstanding over {Sessions} open sessions, {Measured.TotalSeconds:0} s
                  durable before the answer   {figures.Answers / Measured.TotalSeconds,10:N0} a second
                  latency p50 / p99           {figures.Median.TotalMilliseconds,10:0.0} / {figures.Percentile99.TotalMilliseconds:0.0} ms
                  records in a commit         {(double)figures.Answers / Math.Max(1, after.Commits - before.Commits),10:0.0}
                  sent again                  {figures.Retransmissions,10:N0}
                  counted twice or lost       {after.Bytes - before.Bytes - (after.Used - before.Used),10:N0} octets
                """));
        }

        spool.Delete(recursive: true);
    }

    /// <summary>The rows that a hundred thousand logins would have left, and their ids.</summary>
    private static async Task<Guid[]> FillAsync(World world, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var codec = world.Services.GetRequiredService<SecretCodec>();
        var router = Router.Add(
            world.TenantId, "Mast", AccountingLoad.Address, codec.Protect(world.TenantId, AccountingLoad.Secret), now);
        await world.WriteAsync(db => Task.FromResult(db.Routers.Add(router)));
        await using var admin = new NpgsqlConnection(world.Database.Admin);
        await admin.OpenAsync(cancellationToken);
        await using var fill = new NpgsqlCommand($"""
            set session_replication_role = replica;
            create temporary table made as select i, gen_random_uuid() as id, gen_random_uuid() as customer_id, gen_random_uuid() as subscription_id
            from generate_series(1, {Sessions}) i;
            insert into subscriptions (tenant_id, id, customer_id, package_id, starts_at, ends_at)
            select '{world.TenantId}', subscription_id, customer_id, gen_random_uuid(), now() - interval '1 day', now() + interval '30 days' from made;
            insert into open_sessions (tenant_id, id, router_id, customer_id, subscription_id, user_name, nas_session_id, mac_address, address,
              started_at, last_heard_at, uploaded_bytes, downloaded_bytes, session_seconds)
            select '{world.TenantId}', id, '{router.Id}', customer_id, subscription_id, 'user' || i, lpad(to_hex(i), 8, '0'), 'BC:24:11:EB:56:4D',
              '10.5.88.20', now(), now(), 0, 0, 0 from made;
            analyze;
            """, admin);
        await fill.ExecuteNonQueryAsync(cancellationToken);
        await using var read = new NpgsqlCommand("select array_agg(id order by i) from made", admin);
        return (Guid[])(await read.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<(long Commits, long Bytes, long Used)> ReadAsync(World world, CancellationToken cancellationToken)
    {
        await using var admin = new NpgsqlConnection(world.Database.Admin);
        await admin.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand($"""
            select (select xact_commit from pg_stat_database where datname = '{world.Database.Name}'),
              (select sum(uploaded_bytes + downloaded_bytes)::bigint from open_sessions),
              (select coalesce(sum(uploaded_bytes + downloaded_bytes), 0)::bigint from usage_by_day)
            """, admin);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
    }

    private static int FreeUdpPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
