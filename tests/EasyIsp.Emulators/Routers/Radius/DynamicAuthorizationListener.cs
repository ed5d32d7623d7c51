using System.Net;
using System.Net.Sockets;

namespace EasyIsp.Emulators.Routers.Radius;

/// <summary>CoA-Request and Disconnect-Request (RFC 5176; what is known of RouterOS: mikrotik.md 4.8).</summary>
internal sealed class DynamicAuthorizationListener : IAsyncDisposable
{
    private const byte Ack = 1;
    private const byte Nak = 2;

    // Unverified on a real router ([U]).
    private const uint UnsupportedAttribute = 401;
    private const uint MissingAttribute = 402;
    private const uint SessionContextNotFound = 503;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _closing = new();
    private readonly EmulatedRouterOptions _options;
    private readonly RouterTable _table;
    private readonly SessionKeeper _keeper;
    private readonly RouterFaults _faults;
    private readonly RouterCounters _counters;
    private readonly Task _receiving;
    private (byte[] Order, byte[] Reply) _last = ([], []);

    public DynamicAuthorizationListener(
        EmulatedRouterOptions options, RouterTable table, SessionKeeper keeper, RouterFaults faults, RouterCounters counters)
    {
        (_options, _table, _keeper, _faults, _counters) = (options, table, keeper, faults, counters);
        _socket.Bind(new IPEndPoint(IPAddress.Parse(options.Address), options.CoaPort));
        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _receiving = ReceiveAsync();
    }

    public IPEndPoint EndPoint { get; }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _receiving;
        _socket.Dispose();
        _closing.Dispose();
    }

    /// <summary>The bytes of an answer: an ACK carries NAS-Identifier alone (captured), a NAK its cause before it.</summary>
    internal static byte[] Reply(RadiusPacket request, uint? errorCause, string identity, string secret)
    {
        var reply = new RadiusWriter((byte)(request.Code + (errorCause is null ? Ack : Nak)), request.Identifier, secret);
        if (errorCause is { } cause)
            reply.Number(Attr.ErrorCause, cause);
        return reply.Text(Attr.NasIdentifier, identity).FinishReply(request.Authenticator);
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _closing.Token);
                if (Answer(buffer.AsSpan(0, received.ReceivedBytes), (IPEndPoint)received.RemoteEndPoint) is not { } reply)
                    _counters.CountBadRequest();
                else if (!_faults.LoseCoaReplies)
                    _socket.SendTo(reply, received.RemoteEndPoint);
            }
        }
        catch (OperationCanceledException)
        {
            // Closing.
        }
    }

    /// <summary>Null is silence: a stranger, a wrong secret, or <c>accept=no</c> ([D]; the last [K]).</summary>
    private byte[]? Answer(ReadOnlySpan<byte> datagram, IPEndPoint from)
    {
        if (!_options.AcceptCoa || !from.Address.Equals(IPAddress.Parse(_options.RadiusAddress)))
            return null;
        if (RadiusPacket.TryParse(datagram) is not { Code: Code.CoaRequest or Code.DisconnectRequest } order || !IsGenuine(order))
            return null;
        if (_options.RepeatsCoaReplies && datagram.SequenceEqual(_last.Order))
            return _last.Reply;

        var reply = Obey(order);
        _last = (datagram.ToArray(), reply);
        return reply;
    }

    private byte[] Obey(RadiusPacket order)
    {
        var sessions = _table.Sessions.Where(session => Matches(session, order)).ToArray();
        var cause = WhyNot(order, sessions);
        if (cause is null)
            Do(order, sessions);

        Count(cause);
        return Reply(order, cause, _options.Name, _options.RadiusSecret);
    }

    private void Do(RadiusPacket order, EmulatedSession[] sessions)
    {
        foreach (var session in sessions)
        {
            if (order.Code == Code.DisconnectRequest)
                _keeper.End(session, TerminateCause.AdminReset);
            else if (!_faults.ForgetChanges)
                _keeper.Change(session, order);
        }
    }

    private void Count(uint? cause)
    {
        if (cause is null)
            _counters.CountAck();
        else
            _counters.CountNak();
    }

    private uint? WhyNot(RadiusPacket order, EmulatedSession[] sessions)
    {
        var isChange = order.Code == Code.CoaRequest;
        if ((_faults.RefuseOrdersWith ?? (isChange ? _faults.RefuseChangesWith : null)) is { } cause)
            return cause;
        if (sessions.Length == 0)
            return LacksAddress(order) ? MissingAttribute : SessionContextNotFound;
        return isChange && _options.RefusesUnsupportedChanges && AsksTheImpossible(order) ? UnsupportedAttribute : null;
    }

    private bool LacksAddress(RadiusPacket order) => _options.NamesMissingAttributes
        && !order.Has(Attr.FramedIpAddress)
        && _table.Sessions.Any(session => session.Service is SessionService.Hotspot && session.User == order.Text(Attr.UserName));

    /// <summary>Not among what RouterOS changes live. Framed-IP-Address only says which session is meant.</summary>
    private static bool AsksTheImpossible(RadiusPacket order) => order.Has(Attr.FramedPool)
        || order.AllOfVendor(Vendor.Mikrotik, Vendor.TotalLimit).Any()
        || order.AllOfVendor(Vendor.Mikrotik, Vendor.TotalLimitGigawords).Any()
        || order.AllOfVendor(Vendor.Mikrotik, Vendor.AddressList).Any();

    private bool IsGenuine(RadiusPacket order)
        => order.IsDigestRequest(_options.RadiusSecret)
            && (!order.Has(Attr.MessageAuthenticator)
                || order.HasValidMessageAuthenticator(new byte[16], _options.RadiusSecret));

    /// <summary>
    /// PPPoE by User-Name alone; hotspot only with Framed-IP-Address beside it. Everything the order names must fit,
    /// Acct-Session-Id as the exact string.
    /// </summary>
    private bool Matches(EmulatedSession session, RadiusPacket order)
    {
        if (order.Text(Attr.UserName) != session.User)
            return false;

        var address = order.Address(Attr.FramedIpAddress);
        if (address is null && session.Service is SessionService.Hotspot && _options.HotspotCoaNeedsFramedIpAddress)
            return false;

        return (address?.Equals(session.Address) ?? true)
            && (order.Text(Attr.AcctSessionId) ?? session.Id) == session.Id
            && (order.Text(Attr.CallingStationId) ?? session.Mac) == session.Mac;
    }
}
