using System.Net;
using System.Net.Sockets;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Shared;
using EasyIsp.Radius.Orders;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Routers;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit.Sdk;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>A package of ten thousand people gets another speed, or the whole network is to be told something else.</summary>
public sealed class OrderStormTests(PostgresServer server)
{
    private const int Living = 90;
    private const int Dead = 10;
    private const int Orders = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_thousand_orders_are_done_side_by_side_and_dead_routers_hold_up_nobody()
    {
        await using var isp = await Isp.OpenAsync(server);
        await isp.AddSubscriberAsync("ali", accessType: AccessType.Pppoe);
        var routers = Enumerable.Range(0, Living + Dead).Select(i => new Responder($"127.0.2.{i + 1}", isDead: i < Dead)).ToList();
        try
        {
            await AddRoutersAsync(isp, routers);
            await AddSessionsAsync(isp);
            await PlaceAsync(isp);

            // So little time passes on the worker's clock that whoever waited for the dead would wait for ever.
            await UntilAsync(
                isp, Orders * Living / (Living + Dead), "count(*)) from network_orders where state = 'Done' and outcome = 'speed and time changed' --", OnceMore(isp));
            Assert.All(routers.Where(router => !router.IsDead), router => Assert.InRange(router.MostAtOnce, 1, RouterDoor.AtOnce));

            await UntilAsync(
                isp, Orders * Dead / (Living + Dead), "count(*)) from network_orders where state = 'Failed' --", _ => isp.World.Clock.Advance(TimeSpan.FromSeconds(1)));
            Assert.All(routers.Where(router => router.IsDead), router => Assert.InRange(router.Heard, 1, Orders / (Living + Dead)));
        }
        finally
        {
            routers.ForEach(router => router.Dispose());
        }
    }

    private static async Task AddRoutersAsync(Isp isp, List<Responder> responders)
    {
        var now = isp.World.Clock.GetUtcNow();
        await isp.World.WriteAsync(db =>
        {
            foreach (var responder in responders)
            {
                var router = Router.Add(
                    isp.World.TenantId, $"Router {responder.Endpoint}", responder.Endpoint.Address, isp.Protect(isp.World.TenantId, Isp.Secret), now);
                router.Change(router.Name, router.Address, responder.Endpoint.Port, MessageAuthenticatorRule.Auto);
                db.Routers.Add(router);
            }

            return Task.FromResult(0);
        });
        var last = await isp.World.ReadAsync(db => db.Routers.Select(r => r.Id).ToListAsync());
        await Isp.EventuallyAsync(() => Task.FromResult(last.TrueForAll(id => isp.Worker<NasDirectory>().Find(isp.World.TenantId, id) is not null)));
    }

    /// <summary>The one subscriber's twins, each online once; every router has as many.</summary>
    private static Task AddSessionsAsync(Isp isp) => isp.ExecuteAsync($"""
        create temp table twins as
        select r.tenant_id, r.id as router_id, gen_random_uuid() as customer_id, gen_random_uuid() as subscription_id,
          1000000 + row_number() over () as number
        from generate_series(1, {Orders / (Living + Dead)}) i cross join routers r;

        insert into customers (tenant_id, id, number, access_type, name, username, password, created_at)
        select c.tenant_id, t.customer_id, t.number, c.access_type, c.name, 'u' || t.number, c.password, c.created_at
        from customers c cross join twins t;

        insert into subscriptions
        select (jsonb_populate_record(s, jsonb_build_object('id', t.subscription_id, 'customer_id', t.customer_id))).*
        from subscriptions s cross join twins t;

        insert into open_sessions (tenant_id, id, router_id, customer_id, subscription_id, user_name, nas_session_id,
          address, started_at, last_heard_at, uploaded_bytes, downloaded_bytes, session_seconds)
        select tenant_id, gen_random_uuid(), router_id, customer_id, subscription_id, 'u' || number, to_hex(number),
          '10.0.0.1', '{isp.World.Clock.GetUtcNow():O}', '{isp.World.Clock.GetUtcNow():O}', 0, 0, 0
        from twins;
        """);

    private static async Task PlaceAsync(Isp isp)
    {
        await using var db = await isp.Worker<PlatformDatabase>().OpenAsync(Token);
        var sessions = await db.OpenSessions.IgnoreQueryFilters([QueryFilters.Tenant]).Select(s => s.Id).ToListAsync(Token);
        await isp.Worker<Changing>().ChangeAsync(db, sessions, "storm", Token);
        await db.CommitAsync(Token);
    }

    private static async Task UntilAsync(Isp isp, int count, string columns, Action<string> look)
    {
        var started = TimeProvider.System.GetTimestamp();
        string found;
        while ((found = await isp.QueryAsync(columns)) != $"{count}")
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
                throw new XunitException($"{found} of {count} after {Patience.TotalSeconds} s.");

            look(found);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
        }
    }

    /// <summary>
    /// A datagram may be lost on loopback too: when nothing has moved for a while it is sent again, each time. Together that
    /// is less than an order to a dead router waits.
    /// </summary>
    private static Action<string> OnceMore(Isp isp)
    {
        var (last, since, left) = ("", TimeProvider.System.GetTimestamp(), CoaClient.Transmissions - 1);
        return found =>
        {
            if (found != last)
                (last, since) = (found, TimeProvider.System.GetTimestamp());
            if (left == 0 || TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(6))
                return;

            (left, since) = (left - 1, TimeProvider.System.GetTimestamp());
            isp.World.Clock.Advance(CoaClient.Patience);
        };
    }

    /// <summary>A router that says yes to everything after a moment, or hears and says nothing.</summary>
    private sealed class Responder : IDisposable
    {
        private static readonly SharedSecret Secret = new(Isp.Secret);

        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly CancellationTokenSource _closing = new();
        private readonly HashSet<string> _heard = [];
        private int _atOnce;

        public Responder(string address, bool isDead)
        {
            IsDead = isDead;
            _socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            Endpoint = (IPEndPoint)_socket.LocalEndPoint!;
            _ = ListenAsync();
        }

        public bool IsDead { get; }
        public IPEndPoint Endpoint { get; }
        public int MostAtOnce { get; private set; }

        /// <summary>Orders that reached it, repetitions apart.</summary>
        public int Heard => _heard.Count;

        public void Dispose()
        {
            _closing.Cancel();
            _socket.Dispose();
            _closing.Dispose();
        }

        private async Task ListenAsync()
        {
            var buffer = new byte[RadiusPacket.MaxSize];
            try
            {
                while (true)
                {
                    var received = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _closing.Token);
                    var packet = buffer[..received.ReceivedBytes];
                    _heard.Add(Convert.ToHexString(packet));
                    if (!IsDead)
                        _ = AnswerAsync(packet, received.RemoteEndPoint);
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                // Closed.
            }
        }

        private async Task AnswerAsync(byte[] packet, EndPoint to)
        {
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _atOnce));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
            Interlocked.Decrement(ref _atOnce);
            _socket.SendTo(Acknowledge(packet), to);
        }

        private static byte[] Acknowledge(byte[] packet)
        {
            Assert.True(RadiusPacket.TryRead(packet, out var asked, out _));
            Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
            return PacketWriter.Reply(buffer, PacketCode.CoaAck, asked).Sign(Secret).ToArray();
        }
    }
}
