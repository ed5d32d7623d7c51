using System.Net;
using System.Net.Sockets;
using System.Text;
using EasyIsp.Emulators.Routers;
using EasyIsp.Emulators.Routers.Radius;
using Xunit;

namespace EasyIsp.Core.Tests.Routers;

/// <summary>CoA and Disconnect at the emulated router (mikrotik.md 4.8).</summary>
public sealed class EmulatedOrdersTests
{
    private const byte DisconnectAck = 41;
    private const byte DisconnectNak = 42;
    private const byte CoaAck = 44;
    private const uint SessionContextNotFound = 503;

    [Fact]
    public async Task A_hotspot_session_is_disconnected_by_name_and_address_with_cause_6()
    {
        await using var site = await EmulatedSite.OpenAsync();
        var session = (await site.LoginAsync()).Session!;
        await site.Radius.AccountingAsync();

        var reply = await OrderAsync(site, Disconnect(session).Address(Attr.FramedIpAddress, session.Address));

        Assert.Equal((DisconnectAck, "MikroTik"), (reply!.Code, reply.Text(Attr.NasIdentifier)));
        Assert.Equal(6u, (await site.Radius.AccountingAsync()).Packet.Number(Attr.AcctTerminateCause));
    }

    [Theory]
    [InlineData(true, DisconnectNak)]
    [InlineData(false, DisconnectAck)]
    public async Task A_hotspot_session_is_found_by_name_alone_only_where_that_is_switched_on(bool needsAddress, byte code)
    {
        await using var site = await EmulatedSite.OpenAsync(o => o.HotspotCoaNeedsFramedIpAddress = needsAddress);
        var session = (await site.LoginAsync()).Session!;

        Assert.Equal(code, (await OrderAsync(site, Disconnect(session)))!.Code);
    }

    [Fact]
    public async Task A_session_that_is_not_there_is_answered_with_503()
    {
        await using var site = await EmulatedSite.OpenAsync();
        var session = (await site.DialAsync()).Session!;

        var reply = await OrderAsync(site, Disconnect(session).Text(Attr.AcctSessionId, "8110FFFF"));

        Assert.Equal((DisconnectNak, SessionContextNotFound), (reply!.Code, reply.Number(Attr.ErrorCause)));
        Assert.Null(session.EndedBy);
    }

    [Fact]
    public async Task A_pppoe_session_changes_its_speed_by_name_alone()
    {
        await using var site = await EmulatedSite.OpenAsync();
        var session = (await site.DialAsync()).Session!;
        var order = new RadiusWriter(Code.CoaRequest, 9, ScriptedRadiusServer.Secret)
            .Text(Attr.UserName, session.User)
            .VendorBytes(Vendor.Mikrotik, Vendor.RateLimit, Encoding.ASCII.GetBytes("1M/3M"));

        Assert.Equal(CoaAck, (await OrderAsync(site, order))!.Code);
        Assert.Equal(new RateLimit(1_000_000, 3_000_000), Assert.Single(site.Router.Queues).MaxLimit);
    }

    [Theory]
    [InlineData(true, 401u)]
    [InlineData(false, null)]
    public async Task What_cannot_be_changed_live_is_refused_or_passed_over(bool refuses, uint? cause)
    {
        await using var site = await EmulatedSite.OpenAsync(o => o.RefusesUnsupportedChanges = refuses);
        var session = (await site.DialAsync()).Session!;
        var order = new RadiusWriter(Code.CoaRequest, 9, ScriptedRadiusServer.Secret)
            .Text(Attr.UserName, session.User)
            .VendorBytes(Vendor.Mikrotik, Vendor.AddressList, Encoding.ASCII.GetBytes("walled"));

        Assert.Equal(cause, (await OrderAsync(site, order))!.Number(Attr.ErrorCause));
        Assert.Empty(session.AddressLists);
    }

    [Theory]
    [InlineData(true, 402u)]
    [InlineData(false, 503u)]
    public async Task A_hotspot_order_without_an_address_is_refused_by_either_name(bool names, uint cause)
    {
        await using var site = await EmulatedSite.OpenAsync(o => o.NamesMissingAttributes = names);
        var session = (await site.LoginAsync()).Session!;

        Assert.Equal(cause, (await OrderAsync(site, Disconnect(session)))!.Number(Attr.ErrorCause));
        Assert.Equal((0, 1), (site.Router.Counters.Acks, site.Router.Counters.Naks));
    }

    [Fact]
    public async Task A_home_dials_again_when_its_session_was_ended_for_it()
    {
        await using var site = await EmulatedSite.OpenAsync(o => o.PppoeRedialsAfter = TimeSpan.Zero);
        var session = (await site.DialAsync()).Session!;

        Assert.Equal(DisconnectAck, (await OrderAsync(site, Disconnect(session)))!.Code);
        await site.Router.AccountingSentAsync(CancellationToken.None);

        Assert.NotEqual(session.Id, Assert.Single(site.Router.Sessions).Id);
    }

    [Fact]
    public async Task A_wrong_secret_and_a_stranger_get_no_answer()
    {
        await using var site = await EmulatedSite.OpenAsync();
        var session = (await site.DialAsync()).Session!;

        await SendAsync(site, new RadiusWriter(Code.DisconnectRequest, 1, "wrong").Text(Attr.UserName, session.User), "127.0.0.1");
        await SendAsync(site, Disconnect(session), "127.0.0.9");

        // The orders are taken in turn: once the third is answered, the first two have been.
        Assert.Equal(DisconnectAck, (await OrderAsync(site, Disconnect(session)))!.Code);
        Assert.Equal(2, site.Router.Counters.BadRequests);
    }

    [Theory]
    [InlineData(true, DisconnectAck)]
    [InlineData(false, DisconnectNak)]
    public async Task A_repeated_order_is_answered_as_the_switch_says(bool repeats, byte second)
    {
        await using var site = await EmulatedSite.OpenAsync(o => o.RepeatsCoaReplies = repeats);
        var session = (await site.DialAsync()).Session!;

        Assert.Equal(DisconnectAck, (await OrderAsync(site, Disconnect(session)))!.Code);
        Assert.Equal(second, (await OrderAsync(site, Disconnect(session)))!.Code);
    }

    private static RadiusWriter Disconnect(EmulatedSession session)
        => new RadiusWriter(Code.DisconnectRequest, 10, ScriptedRadiusServer.Secret).Text(Attr.UserName, session.User);

    private static async Task SendAsync(EmulatedSite site, RadiusWriter order, string source)
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Parse(source), 0));
        await socket.SendAsync(order.FinishDigest(), site.Router.CoaEndPoint, TestContext.Current.CancellationToken);
    }

    private static async Task<RadiusPacket?> OrderAsync(EmulatedSite site, RadiusWriter order)
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var packet = order.FinishDigest();
        await socket.SendAsync(packet, site.Router.CoaEndPoint, TestContext.Current.CancellationToken);
        var reply = await socket.ReceiveAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        var answer = RadiusPacket.TryParse(reply.Buffer);
        Assert.True(answer!.IsReplyTo(packet.AsSpan(4, 16), ScriptedRadiusServer.Secret));
        return answer;
    }
}
