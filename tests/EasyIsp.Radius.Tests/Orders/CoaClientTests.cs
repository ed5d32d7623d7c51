using System.Net;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using EasyIsp.Radius.Orders;
using EasyIsp.Radius.Policy;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Routers;
using EasyIsp.Radius.Tests.Listen;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace EasyIsp.Radius.Tests.Orders;

public sealed class CoaClientTests : IAsyncDisposable
{
    private static readonly SharedSecret Secret = new("testing123");
    private static readonly CoaSession Session = new("voucher1", IPAddress.Parse("10.5.88.20"), "80100014");

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
    private readonly PaperNas _router = new();
    private readonly CoaClient _client;
    private readonly Nas _nas;

    public CoaClientTests()
    {
        _client = new CoaClient(Options.Create(new RadiusOptions()), _clock, NullLogger<CoaClient>.Instance);
        var facts = new NasFacts(
            TenantId: Guid.CreateVersion7(),
            RouterId: Guid.CreateVersion7(),
            OrdersAddress: _router.Endpoint.Address,
            Secret: new Secret([]),
            PreviousSecret: null,
            PreviousSecretUntil: null,
            UsesPreviousSecret: false,
            MessageAuthenticatorRule.Auto,
            HasSentMessageAuthenticator: false,
            CoaPort: _router.Endpoint.Port,
            Language: "en",
            IsTenantSuspended: false,
            IsAddressShared: false,
            IsTrustedProxy: false);
        _nas = new KnownRouter(facts, _ => Secret).Present;
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _router.Dispose();
    }

    [Fact]
    public async Task RAD_66_A_change_names_the_session_three_ways_and_holds_what_RouterOS_changes_live()
    {
        var change = new SessionChange("1M/3M", SessionSeconds: 7200, IdleSeconds: 600, Group: "fast", FilterId: "kids.in");
        var answer = _client.ChangeAsync(_nas, Session, change, TestContext.Current.CancellationToken);
        var (packet, from) = await _router.ReceiveAsync(TestContext.Current.CancellationToken);

        Assert.Equal("CoaRequest|voucher1|10.5.88.20|80100014|1M/3M|7200|600|fast|kids.in|1772442000", Describe(packet));
        await _router.SendAsync(Answer(packet, PacketCode.CoaAck), from, TestContext.Current.CancellationToken);
        Assert.IsType<CoaAnswer.Acknowledged>(await answer);
    }

    [Fact]
    public async Task RAD_66_A_refusals_cause_is_told_and_its_numbers_are_those_of_the_standard()
    {
        var answer = _client.ChangeAsync(_nas, Session, new SessionChange("1M/3M"), TestContext.Current.CancellationToken);
        var (packet, from) = await _router.ReceiveAsync(TestContext.Current.CancellationToken);
        await _router.SendAsync(Answer(packet, PacketCode.CoaNak, ErrorCause.SessionContextNotFound), from, TestContext.Current.CancellationToken);

        Assert.Equal("503 session context not found", Assert.IsType<CoaAnswer.Refused>(await answer).CauseInWords);
    }

    [Fact]
    public async Task RAD_66_A_silent_router_hears_a_change_three_times_in_identical_octets()
    {
        var answer = _client.ChangeAsync(_nas, Session, new SessionChange("1M/3M"), TestContext.Current.CancellationToken);
        var first = (await _router.ReceiveAsync(TestContext.Current.CancellationToken)).Reply;
        for (var again = 1; again < CoaClient.Transmissions; again++)
        {
            var next = _router.ReceiveAsync(TestContext.Current.CancellationToken);
            await PassTimeUntilAsync(next);
            Assert.Equal(first, (await next).Reply);
        }

        await PassTimeUntilAsync(answer);
        Assert.IsType<CoaAnswer.Silence>(await answer);
    }

    private async Task PassTimeUntilAsync(Task done)
    {
        while (!done.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static byte[] Answer(byte[] request, PacketCode code, ErrorCause? cause = null)
    {
        Assert.True(RadiusPacket.TryRead(request, out var asked, out _));
        Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
        var reply = PacketWriter.Reply(buffer, code, asked);
        if (cause is { } why)
            reply.AddUInt32(AttributeType.ErrorCause, (uint)why);
        return reply.Sign(Secret).ToArray();
    }

    private static string Describe(byte[] octets)
    {
        Assert.True(RadiusPacket.TryRead(octets, out var request, out _));
        Assert.True(RequestAuthenticator.Verify(request, Secret));
        Assert.Equal(MessageAuthenticatorCheck.Valid, MessageAuthenticator.CheckRequest(request, Secret));
        Assert.True(request.TryGet(AttributeType.FramedIPAddress, out var address));
        Assert.True(request.TryGet(MikrotikAttribute.RateLimit, out var rate));
        Assert.True(request.TryGet(MikrotikAttribute.Group, out var group));
        Assert.True(request.TryGetUInt32(AttributeType.SessionTimeout, out var seconds));
        Assert.True(request.TryGetUInt32(AttributeType.IdleTimeout, out var idle));
        Assert.True(request.TryGetUInt32(AttributeType.EventTimestamp, out var at));
        return string.Join(
            '|',
            request.Code,
            WireText.Read(request, AttributeType.UserName),
            new IPAddress(address),
            WireText.Read(request, AttributeType.AcctSessionId),
            System.Text.Encoding.UTF8.GetString(rate),
            seconds,
            idle,
            System.Text.Encoding.UTF8.GetString(group),
            WireText.Read(request, AttributeType.FilterId),
            at);
    }
}
