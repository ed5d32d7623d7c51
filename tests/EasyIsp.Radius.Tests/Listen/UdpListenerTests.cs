using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Tests.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace EasyIsp.Radius.Tests.Listen;

/// <summary>Real sockets on loopback; reference/radius.md, cases 1 to 3, 6, 19, 20, 30 and 33 on the wire.</summary>
public sealed class UdpListenerTests : IDisposable
{
    private readonly RadiusCounts _counts = new();
    private readonly ReplyCache _cache = new(TimeProvider.System);
    private readonly PaperNas _nas = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _counts.Dispose();
        _cache.Dispose();
        _nas.Dispose();
    }

    [Fact]
    public async Task A_login_is_answered_and_its_retransmission_gets_the_same_octets_without_being_executed_again()
    {
        var server = new PaperServer(ListenerRole.Authentication, _cache);
        await using var listener = Listen(server);

        var first = await _nas.AskAsync(MikrotikVectors.PppoeChapRequest, listener.Endpoint, Token);
        var second = await _nas.AskAsync(MikrotikVectors.PppoeChapRequest, listener.Endpoint, Token);

        Assert.Equal(PacketCode.AccessAccept, (PacketCode)first[0]);
        Assert.Equal(
            ReplyCheck.Genuine,
            ResponseAuthenticator.Check(Wire.Read(first), Wire.Read(MikrotikVectors.PppoeChapRequest), Wire.Secret));
        Assert.Equal(first, second);
        Assert.Equal(1, server.Executed);
    }

    [Fact]
    public async Task The_same_request_from_two_ports_is_two_requests()
    {
        var server = new PaperServer(ListenerRole.Accounting, _cache);
        await using var listener = Listen(server);
        using var other = new PaperNas();

        Assert.Equal(
            MikrotikVectors.AccountingResponse,
            await _nas.AskAsync(MikrotikVectors.AccountingStart, listener.Endpoint, Token));
        Assert.Equal(
            MikrotikVectors.AccountingResponse,
            await other.AskAsync(MikrotikVectors.AccountingStart, listener.Endpoint, Token));
        Assert.Equal(2, server.Executed);
    }

    [Fact]
    public async Task What_is_no_request_for_this_port_gets_no_answer_and_harms_nothing()
    {
        await using var listener = Listen(new PaperServer(ListenerRole.Accounting, _cache));
        byte[][] unwelcome =
        [
            [], [1], new byte[19], new byte[20], [.. new byte[2], 0xFF, 0xFF, .. new byte[60]],
            Wire.Packet(PacketCode.AccountingRequest, "0100"),
            Wire.Packet(PacketCode.AccountingRequest, "280600000001"),
            MikrotikVectors.PppoeChapRequest, MikrotikVectors.Accept, MikrotikVectors.CoaRequest, MikrotikVectors.CoaAck,
            new byte[8000],
        ];

        foreach (var datagram in unwelcome)
            await _nas.SendAsync(datagram, listener.Endpoint, Token);

        // The socket keeps its order, so that the first reply would belong to one of the unwelcome.
        Assert.Equal(
            MikrotikVectors.AccountingResponse,
            await _nas.AskAsync(MikrotikVectors.AccountingStart, listener.Endpoint, Token));
    }

    [Fact]
    public async Task A_reply_leaves_from_the_address_and_port_that_was_asked()
    {
        var server = new PaperServer(ListenerRole.Accounting, _cache);
        await using var one = Listen(server);
        await using var two = Listen(server, address: "127.0.0.2", port: one.Endpoint.Port);

        foreach (var listener in new[] { two, one })
        {
            await _nas.SendAsync(MikrotikVectors.AccountingStart, listener.Endpoint, Token);
            Assert.Equal(listener.Endpoint, (await _nas.ReceiveAsync(Token)).From);
        }
    }

    [Fact]
    public async Task Many_that_come_at_once_are_each_answered_with_their_own()
    {
        const int count = 200;
        await using var listener = Listen(new EchoHandler());
        for (var i = 0; i < count; i++)
            await _nas.SendAsync([(byte)i], listener.Endpoint, Token);

        var answers = new List<byte>();
        for (var i = 0; i < count; i++)
            answers.AddRange((await _nas.ReceiveAsync(Token)).Reply);

        Assert.Equal(Enumerable.Range(0, count).Select(i => (byte)i), answers);
    }

    [Fact]
    public async Task Two_who_receive_work_at_the_same_time_and_both_stop()
    {
        using var both = new Barrier(2);
        var handler = new MeetingHandler(both);
        var listener = Listen(handler, receivers: 2);
        await _nas.SendAsync([1], listener.Endpoint, Token);
        await handler.HasCome.WaitAsync(TimeSpan.FromSeconds(10), Token);
        await _nas.SendAsync([2], listener.Endpoint, Token);

        byte[] answers = [(await _nas.ReceiveAsync(Token)).Reply[0], (await _nas.ReceiveAsync(Token)).Reply[0]];

        Assert.Equal(new byte[] { 1, 2 }, answers.Order());
        await listener.StopAsync(Token).WaitAsync(TimeSpan.FromSeconds(10), Token);
    }

    [Fact]
    public async Task A_handler_may_answer_later_and_in_another_order()
    {
        var kept = new KeepingHandler();
        await using var listener = Listen(kept);
        await _nas.SendAsync([1], listener.Endpoint, Token);
        await _nas.SendAsync([2], listener.Endpoint, Token);
        var first = await kept.TakeAsync(Token);
        var second = await kept.TakeAsync(Token);

        Assert.Equal([1], first.Octets.ToArray());
        Assert.Equal([2], second.Octets.ToArray());
        Assert.Equal(PeerEndpoint.From(_nas.Endpoint), second.Source);
        Answer(second, 22);
        Answer(first, 11);

        Assert.Equal([22], (await _nas.ReceiveAsync(Token)).Reply);
        Assert.Equal([11], (await _nas.ReceiveAsync(Token)).Reply);
    }

    [Fact]
    public async Task Beyond_the_limit_of_datagrams_in_work_new_ones_are_dropped_and_counted()
    {
        var kept = new KeepingHandler();
        await using var listener = Listen(kept, maxInFlight: 2);
        await _nas.SendAsync([1], listener.Endpoint, Token);
        await _nas.SendAsync([2], listener.Endpoint, Token);
        await _nas.SendAsync([3], listener.Endpoint, Token);
        await _counts.UntilAsync("radius.drops", "overload", 1, Token);

        Answer(await kept.TakeAsync(Token), 11);
        await _nas.ReceiveAsync(Token);
        await _nas.SendAsync([4], listener.Endpoint, Token);

        using var second = await kept.TakeAsync(Token);
        using var fourth = await kept.TakeAsync(Token);
        Assert.Equal([2], second.Octets.ToArray());
        Assert.Equal([4], fourth.Octets.ToArray());
    }

    [Fact]
    public async Task A_handler_that_fails_loses_its_datagram_alone()
    {
        await using var listener = Listen(new FailingHandler(), maxInFlight: 1);

        for (var i = 0; i < 20; i++)
            await _nas.SendAsync([0xBA, 0xD0], listener.Endpoint, Token);

        Assert.Equal([7], await _nas.AskAsync([7], listener.Endpoint, Token));
        Assert.Equal(20, _counts.Of("radius.drops", "handler_failed"));
    }

    [Fact]
    public async Task Stopping_waits_for_the_answers_under_way_and_receives_no_more()
    {
        var kept = new KeepingHandler();
        await using var listener = Listen(kept);
        await _nas.SendAsync([1], listener.Endpoint, Token);
        var datagram = await kept.TakeAsync(Token);

        var stopped = listener.StopAsync(Token);
        Assert.False(stopped.IsCompleted);
        Answer(datagram, 11);
        await stopped;

        Assert.Equal([11], (await _nas.ReceiveAsync(Token)).Reply);
        await using var successor = Listen(kept, port: listener.Endpoint.Port);
        Assert.Equal(0, kept.Waiting);
    }

    [Fact]
    public async Task Stopping_without_patience_leaves_the_rest_unanswered()
    {
        var kept = new KeepingHandler();
        var listener = Listen(kept);
        await _nas.SendAsync([1], listener.Endpoint, Token);
        using var datagram = await kept.TakeAsync(Token);

        await listener.DisposeAsync();

        datagram.Reply([(byte)PacketCode.AccountingResponse]);
        Assert.Equal(1, _counts.Of("radius.drops", "not_sent"));
        Assert.Equal(0, _counts.Total("radius.replies"));
    }

    [Fact]
    public async Task A_reply_that_waits_for_others_is_counted_when_it_has_left()
    {
        var answering = new AnsweringHandler(() => _counts.Total("radius.replies") + _counts.Total("radius.duplicates"));
        await using var listener = Listen(answering);

        await _nas.AskAsync([1], listener.Endpoint, Token);
        await _nas.ReceiveAsync(Token);

        Assert.Equal(OperatingSystem.IsLinux() ? 0 : 2, answering.CountedAtOnce);
        await _counts.UntilAsync("radius.duplicates", "repeated", 1, Token);
        Assert.Equal(1, _counts.Of("radius.replies", "access_accept"));
        Assert.Equal(0, _counts.Total("radius.drops"));
    }

    [Fact]
    public async Task Replies_that_leave_together_arrive_each_by_itself_and_at_its_own_router()
    {
        using var other = new PaperNas();
        var handler = new TogetherHandler(first => Enumerable.Range(0, first is 1 ? 100 : 30).Select(i => ReplyOf(first, i, 20 + (i % 3 * 7))));
        await using var listener = Listen(handler);

        await _nas.SendAsync([1], listener.Endpoint, Token);
        await other.SendAsync([2], listener.Endpoint, Token);

        Assert.Equal(Enumerable.Range(0, 100).Select(i => ReplyOf(1, i, 20 + (i % 3 * 7))), await AllOfAsync(_nas, 100));
        Assert.Equal(Enumerable.Range(0, 30).Select(i => ReplyOf(2, i, 20 + (i % 3 * 7))), await AllOfAsync(other, 30));
        await _counts.UntilAsync("radius.replies", "access_accept", 130, Token);
    }

    [Fact]
    public async Task A_reply_longer_than_the_way_may_bear_whole_arrives_too()
    {
        var handler = new TogetherHandler(first => Enumerable.Range(0, 20).Select(i => ReplyOf(first, i, i < 10 ? 4000 : 1201 - i)));
        await using var listener = Listen(handler);

        await _nas.SendAsync([1], listener.Endpoint, Token);

        Assert.Equal(Enumerable.Range(0, 20).Select(i => ReplyOf(1, i, i < 10 ? 4000 : 1201 - i)), await AllOfAsync(_nas, 20));
    }

    /// <summary>A socket that makes no checksums has its datagrams cut by nobody (udp(7)); so have those of some tunnels.</summary>
    [Fact]
    public async Task Where_the_system_refuses_to_cut_each_reply_leaves_by_itself()
    {
        var handler = new TogetherHandler(first => Enumerable.Range(0, 10).Select(i => ReplyOf(first, i, 20)));
        await using var listener = Listen(handler);
        var couldJoin = listener.MayJoin;
        listener.Socket.SetRawSocketOption(optionLevel: 1, optionName: 11, BitConverter.GetBytes(1)); // SOL_SOCKET, SO_NO_CHECK

        await _nas.SendAsync([1], listener.Endpoint, Token);

        Assert.Equal(OperatingSystem.IsLinux(), couldJoin);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => ReplyOf(1, i, 20)), await AllOfAsync(_nas, 10));
        await _counts.UntilAsync("radius.replies", "access_accept", 10, Token);
        Assert.False(listener.MayJoin);
        Assert.Equal(0, _counts.Total("radius.drops"));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_at_once()
    {
        await using var listener = Listen(new FailingHandler());

        Assert.Throws<SocketException>(() => Listen(new FailingHandler(), port: listener.Endpoint.Port));
    }

    [Fact]
    public void A_wildcard_becomes_the_addresses_of_this_machine()
    {
        var addresses = ListenAddress.Expand(IPAddress.Any);

        Assert.Contains(IPAddress.Loopback, addresses);
        Assert.DoesNotContain(IPAddress.Any, addresses);
        Assert.Equal([IPAddress.Loopback], ListenAddress.Expand(IPAddress.Loopback));
    }

    private static byte[] ReplyOf(byte first, int number, int length)
        => [(byte)PacketCode.AccessAccept, first, (byte)number, .. Enumerable.Repeat((byte)(number + length), length - 3)];

    /// <summary>In the order of their numbers: together they may leave in another.</summary>
    private static async Task<byte[][]> AllOfAsync(PaperNas nas, int count)
    {
        var all = new List<byte[]>();
        while (all.Count < count)
            all.Add((await nas.ReceiveAsync(Token)).Reply);
        return [.. all.OrderBy(reply => reply[2])];
    }

    private static void Answer(Datagram datagram, byte reply)
    {
        using (datagram)
            datagram.Reply([reply]);
    }

    private UdpListener Listen(
        IDatagramHandler handler,
        string address = "127.0.0.1",
        int port = 0,
        int maxInFlight = UdpListener.DefaultMaxInFlight,
        int receivers = 1)
    {
        var listener = new UdpListener(
            new IPEndPoint(IPAddress.Parse(address), port),
            handler,
            _counts.Metrics,
            TimeProvider.System,
            NullLogger<UdpListener>.Instance,
            maxInFlight,
            receivers);
        listener.Start();
        return listener;
    }

    private sealed class KeepingHandler : IDatagramHandler
    {
        private readonly Channel<Datagram> _kept = Channel.CreateUnbounded<Datagram>();

        public int Waiting => _kept.Reader.Count;

        public void Handle(Datagram datagram) => Assert.True(_kept.Writer.TryWrite(datagram));

        public Task<Datagram> TakeAsync(CancellationToken cancellationToken)
            => _kept.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
    }

    /// <summary>Answers, and repeats itself.</summary>
    private sealed class AnsweringHandler(Func<double> counted) : IDatagramHandler
    {
        public double CountedAtOnce { get; private set; }

        public void Handle(Datagram datagram)
        {
            byte[] reply = [(byte)PacketCode.AccessAccept];
            using (datagram)
            {
                datagram.Reply(reply);
                datagram.Reply(reply, isRepeated: true);
            }

            CountedAtOnce = counted();
        }
    }

    /// <summary>Answers one datagram many times.</summary>
    private sealed class TogetherHandler(Func<byte, IEnumerable<byte[]>> replies) : IDatagramHandler
    {
        public void Handle(Datagram datagram)
        {
            using (datagram)
            {
                foreach (var reply in replies(datagram.Octets.Span[0]))
                    datagram.Reply(reply);
            }
        }
    }

    private sealed class EchoHandler : IDatagramHandler
    {
        public void Handle(Datagram datagram) => Answer(datagram, datagram.Octets.Span[0]);
    }

    /// <summary>Answers when two are in it.</summary>
    private sealed class MeetingHandler(Barrier both) : IDatagramHandler
    {
        private readonly TaskCompletionSource _come = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task HasCome => _come.Task;

        public void Handle(Datagram datagram)
        {
            _come.TrySetResult();
            Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(10)));
            Answer(datagram, datagram.Octets.Span[0]);
        }
    }

    private sealed class FailingHandler : IDatagramHandler
    {
        public void Handle(Datagram datagram)
        {
            if (datagram.Octets.Length != 1)
                throw new InvalidOperationException("Not one octet.");

            using (datagram)
                datagram.Reply(datagram.Octets.Span);
        }
    }
}
