using System.Net;
using EasyIsp.Core.Orders;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Tests.Listen;
using EasyIsp.Testing;

namespace EasyIsp.Radius.Tests.Worker;

public sealed class DisconnectTests(PostgresServer server) : IAsyncLifetime
{
    private const string Order = "state, tries, outcome) from network_orders --";
    private const string OpenSessions = "count(*)) from open_sessions --";

    private static readonly SharedSecret Secret = new(Isp.Secret);

    private readonly PaperNas _coa = new("127.0.1.1");
    private Isp _isp = null!;
    private TestNas _nas = null!;

    public async ValueTask InitializeAsync()
    {
        _isp = await Isp.OpenAsync(server);
        _nas = await _isp.AddRouterAsync("127.0.1.1", coaPort: _coa.Endpoint.Port);
        await _nas.ReportAsync(AcctStatusType.Start, new Traffic("Ali"));
        await PlaceAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _nas.Dispose();
        _coa.Dispose();
        await _isp.DisposeAsync();
    }

    [Fact]
    public async Task The_router_is_told_by_name_address_and_id_and_the_stop_closes_the_session()
    {
        var (request, from) = await _coa.ReceiveAsync(TestContext.Current.CancellationToken);
        Assert.Equal("Ali|80100014|10.5.88.20|True", Describe(request));
        Assert.Equal(IPAddress.Loopback, from.Address);

        await AnswerAsync(request, from, PacketCode.DisconnectAck);
        await BecomesAsync("Done|1|disconnected");
        Assert.Equal("1", await _isp.QueryAsync(OpenSessions));

        await _nas.ReportAsync(AcctStatusType.Stop, new Traffic("Ali", Seconds: 1));
        Assert.Equal("0", await _isp.QueryAsync(OpenSessions));
        Assert.Equal("1", await _isp.QueryAsync("terminate_cause) from sessions --"));
    }

    [Fact]
    public async Task Where_no_stop_comes_the_session_is_closed_after_half_a_minute()
    {
        var (request, from) = await _coa.ReceiveAsync(TestContext.Current.CancellationToken);
        await AnswerAsync(request, from, PacketCode.DisconnectAck);
        await BecomesAsync("Done|1|disconnected");

        _isp.World.Clock.Advance(TimeSpan.FromSeconds(31));
        await Isp.EventuallyAsync(async () => await _isp.QueryAsync(OpenSessions) == "0");
        Assert.Equal("1", await _isp.QueryAsync("count(*)) from sessions where terminate_cause is null --"));
    }

    [Fact]
    public async Task A_session_that_the_router_does_not_know_is_closed()
    {
        var (request, from) = await _coa.ReceiveAsync(TestContext.Current.CancellationToken);
        await AnswerAsync(request, from, PacketCode.DisconnectNak, ErrorCause.SessionContextNotFound);

        await BecomesAsync("Done|1|was gone");
        Assert.Equal("0", await _isp.QueryAsync(OpenSessions));
    }

    [Fact]
    public async Task A_refusal_is_told_in_words_and_tried_again()
    {
        var (request, from) = await _coa.ReceiveAsync(TestContext.Current.CancellationToken);
        await AnswerAsync(request, from, PacketCode.DisconnectNak, ErrorCause.MissingAttribute);
        await BecomesAsync("Waiting|1|the router refused: 402 missing attribute");

        _isp.World.Clock.Advance(TimeSpan.FromSeconds(3));
        var (second, _) = await _coa.ReceiveAsync(TestContext.Current.CancellationToken);
        await AnswerAsync(second, from, PacketCode.DisconnectAck);
        await BecomesAsync("Done|2|disconnected");
    }

    [Fact]
    public async Task A_silent_router_hears_the_identical_packet_three_times()
    {
        var packets = new List<byte[]>();
        for (var i = 0; i < 3; i++)
        {
            var next = _coa.ReceiveAsync(TestContext.Current.CancellationToken);
            await AdvanceUntilAsync(() => Task.FromResult(next.IsCompleted));
            packets.Add((await next).Reply);
        }

        Assert.All(packets, packet => Assert.Equal(packets[0], packet));
        await AdvanceUntilAsync(async () => (await _isp.QueryAsync(Order)).StartsWith("Waiting|1|the router did not answer", StringComparison.Ordinal));
        Assert.Equal("1", await _isp.QueryAsync(OpenSessions));
    }

    [Fact]
    public async Task An_answer_made_with_another_secret_is_not_believed()
    {
        var (request, from) = await _coa.ReceiveAsync(TestContext.Current.CancellationToken);
        await AnswerAsync(request, from, PacketCode.DisconnectAck, secret: new SharedSecret("forged"));
        await AnswerAsync(request, from, PacketCode.DisconnectNak, ErrorCause.SessionContextNotFound);

        await BecomesAsync("Done|1|was gone");
    }

    private async Task PlaceAsync()
    {
        var session = Guid.Parse(await _isp.QueryAsync("id) from open_sessions --"));
        await _isp.World.WriteAsync(db =>
        {
            db.NetworkOrders.Add(NetworkOrder.Disconnect(
                _isp.World.TenantId, _nas.Id, session, customerId: null, "staff", _isp.World.Clock.GetUtcNow()));
            return Task.FromResult(0);
        });
    }

    private Task BecomesAsync(string order) => Isp.EventuallyAsync(async () => await _isp.QueryAsync(Order) == order);

    private Task AdvanceUntilAsync(Func<Task<bool>> condition) => Isp.EventuallyAsync(async () =>
    {
        _isp.World.Clock.Advance(TimeSpan.FromMilliseconds(100));
        return await condition();
    });

    private async Task AnswerAsync(
        byte[] request, IPEndPoint to, PacketCode code, ErrorCause? cause = null, SharedSecret? secret = null)
        => await _coa.SendAsync(Answer(request, code, cause, secret ?? Secret), to, TestContext.Current.CancellationToken);

    private static byte[] Answer(byte[] request, PacketCode code, ErrorCause? cause, SharedSecret secret)
    {
        Assert.True(RadiusPacket.TryRead(request, out var asked, out _));
        Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
        var reply = PacketWriter.Reply(buffer, code, asked);
        if (cause is { } why)
            reply.AddUInt32(AttributeType.ErrorCause, (uint)why);
        return reply.Sign(secret).ToArray();
    }

    private static string Describe(byte[] octets)
    {
        Assert.True(RadiusPacket.TryRead(octets, out var request, out _));
        Assert.Equal(PacketCode.DisconnectRequest, request.Code);
        Assert.True(RequestAuthenticator.Verify(request, Secret));
        Assert.Equal(MessageAuthenticatorCheck.Valid, MessageAuthenticator.CheckRequest(request, Secret));
        Assert.True(request.TryGet(AttributeType.FramedIPAddress, out var address));
        return string.Join('|',
            WireText.Read(request, AttributeType.UserName),
            WireText.Read(request, AttributeType.AcctSessionId),
            new IPAddress(address),
            request.Has(AttributeType.EventTimestamp));
    }
}
