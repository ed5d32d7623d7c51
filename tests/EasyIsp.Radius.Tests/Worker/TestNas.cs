using System.Net;
using System.Text;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Tests.Listen;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>A router that asks the worker by UDP from its own loopback address, and checks each answer's signature.</summary>
internal sealed class TestNas(IPEndPoint auth, IPEndPoint acct, Guid id, string address, string secret) : IDisposable
{
    public TestNas(Isp isp, Guid id, string address, string secret)
        : this(isp.Auth, isp.Acct, id, address, secret)
    {
    }

    private readonly PaperNas _socket = new(address);
    private readonly SharedSecret _secret = new(secret);
    private byte _identifier;

    public Guid Id => id;

    public void Dispose() => _socket.Dispose();

    public Task<Answer> LoginAsync(string userName, string password, Login? login = null) => AskAsync(AccessRequest(userName, password, login));

    /// <summary>An Access-Request as RouterOS writes it.</summary>
    public byte[] AccessRequest(string userName, string password, Login? login = null)
    {
        var how = login ?? Login.Hotspot;
        Span<byte> authenticator = stackalloc byte[16];
        Random.Shared.NextBytes(authenticator);
        Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
        var request = PacketWriter.AccessRequest(buffer, PacketCode.AccessRequest, ++_identifier, authenticator);
        if (how.ServiceType is { } service)
            request.AddUInt32(AttributeType.ServiceType, (uint)service);
        else
            request.AddUInt32(AttributeType.NasPortType, (uint)NasPortType.Ethernet);
        if (how.ServiceType is ServiceType.Framed)
            request.AddUInt32(AttributeType.FramedProtocol, (uint)FramedProtocol.Ppp);
        request.AddText(AttributeType.UserName, userName);
        request.AddText(AttributeType.CallingStationId, how.Mac);
        if (how.NasAddress is { } claimed)
            request.AddIPv4(AttributeType.NasIPAddress, IPAddress.Parse(claimed));
        foreach (var state in how.ProxyStates ?? [])
            request.AddText(AttributeType.ProxyState, state);
        AddPassword(ref request, userName, password, how.Method, authenticator);
        if (how.IsSigned)
            request.AddMessageAuthenticator();
        return request.Sign(_secret).ToArray();
    }

    /// <summary>An Accounting-Request; the answer's code is checked.</summary>
    public async Task ReportAsync(AcctStatusType status, Traffic traffic)
        => Assert.Equal(PacketCode.AccountingResponse, (await AskAsync(AccountingRequest(status, traffic))).Code);

    public byte[] AccountingRequest(AcctStatusType status, Traffic traffic)
    {
        Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
        var request = PacketWriter.DigestedRequest(buffer, PacketCode.AccountingRequest, ++_identifier);
        request.AddUInt32(AttributeType.AcctStatusType, (uint)status);
        request.AddText(AttributeType.UserName, traffic.UserName);
        request.AddText(AttributeType.AcctSessionId, traffic.SessionId);
        request.AddText(AttributeType.CallingStationId, traffic.Mac);
        request.AddIPv4(AttributeType.FramedIPAddress, IPAddress.Parse("10.5.88.20"));
        request.AddUInt32(AttributeType.AcctDelayTime, traffic.DelaySeconds);
        if (traffic.Class is { } ours)
            request.Add(AttributeType.Class, ours);
        if (status is not AcctStatusType.Start)
        {
            request.AddUInt32(AttributeType.AcctSessionTime, traffic.Seconds);
            request.AddUInt32(AttributeType.AcctInputOctets, (uint)traffic.Uploaded);
            request.AddUInt32(AttributeType.AcctOutputOctets, (uint)traffic.Downloaded);
        }

        if (status is not AcctStatusType.Start && traffic.HasGigawords)
        {
            request.AddUInt32(AttributeType.AcctInputGigawords, (uint)(traffic.Uploaded >> 32));
            request.AddUInt32(AttributeType.AcctOutputGigawords, (uint)(traffic.Downloaded >> 32));
        }

        if (traffic.EventTimestamp is { } at)
            request.AddUInt32(AttributeType.EventTimestamp, at);
        if (status is AcctStatusType.Stop)
            request.AddUInt32(AttributeType.AcctTerminateCause, (uint)TerminateCause.UserRequest);
        return request.Sign(_secret).ToArray();
    }

    public async Task<Answer> AskAsync(byte[] request)
    {
        await SendAsync(request);
        return await ReceiveAsync(request);
    }

    /// <summary>Sends the same packet again and again, as a router does.</summary>
    public async Task<Answer> AskUntilAnsweredAsync(byte[] request)
    {
        var answer = ReceiveAsync(request);
        await Isp.EventuallyAsync(async () =>
        {
            await SendAsync(request);
            await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, TestContext.Current.CancellationToken));
            return answer.IsCompleted;
        });
        return await answer;
    }

    public Task SendAsync(byte[] request)
    {
        var isReport = request[0] == (byte)PacketCode.AccountingRequest;
        return SendAsync(request, isReport ? ListenerRole.Accounting : ListenerRole.Authentication);
    }

    public Task SendAsync(byte[] datagram, ListenerRole port) => _socket.SendAsync(
        datagram, port is ListenerRole.Accounting ? acct : auth, TestContext.Current.CancellationToken);

    /// <returns>Null when nothing has arrived.</returns>
    public byte[]? TryReceive() => _socket.TryReceive();

    public byte[] StatusServer()
    {
        Span<byte> authenticator = stackalloc byte[16];
        Random.Shared.NextBytes(authenticator);
        Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
        var request = PacketWriter.AccessRequest(buffer, PacketCode.StatusServer, ++_identifier, authenticator);
        request.AddMessageAuthenticator();
        return request.Sign(_secret).ToArray();
    }

    public async Task<Answer> ReceiveAsync(byte[] request)
    {
        var (reply, _) = await _socket.ReceiveAsync(TestContext.Current.CancellationToken);
        Assert.True(RadiusPacket.TryRead(request, out var asked, out _));
        Assert.True(RadiusPacket.TryRead(reply, out var answered, out _));
        Assert.Equal(ReplyCheck.Genuine, ResponseAuthenticator.Check(answered, asked, _secret));
        return new Answer(reply);
    }

    /// <summary>The right answer, if it comes within this time; what is late or another request's is passed over.</summary>
    public async Task<Answer?> TryAskAsync(byte[] request, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timer.CancelAfter(patience);
        await SendAsync(request);
        try
        {
            while (true)
            {
                var (reply, _) = await _socket.ReceiveAsync(timer.Token);
                if (RadiusPacket.TryRead(request, out var asked, out _) && RadiusPacket.TryRead(reply, out var answered, out _)
                    && ResponseAuthenticator.Check(answered, asked, _secret) is ReplyCheck.Genuine)
                    return new Answer(reply);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Asks as RouterOS does: the same octets again and again.</summary>
    public async Task<Answer> InsistAsync(byte[] request, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryAskAsync(request, TimeSpan.FromMilliseconds(700), cancellationToken) is { } answer)
                return answer;
        }
    }

    /// <summary>The next answer's code, whichever request it is for.</summary>
    public async Task<PacketCode> ReceiveCodeAsync()
        => (PacketCode)(await _socket.ReceiveAsync(TestContext.Current.CancellationToken)).Reply[0];

    /// <summary>Sends what must not be answered, then something that is: the first answer to come is the second's.</summary>
    public async Task<Answer> AskAfterSilenceAsync(byte[] unanswered, byte[] request)
    {
        await SendAsync(unanswered);
        return await AskAsync(request);
    }

    private void AddPassword(
        ref PacketWriter request, string userName, string password, AuthenticationMethod method, ReadOnlySpan<byte> authenticator)
    {
        var octets = Encoding.UTF8.GetBytes(password);
        Span<byte> value = stackalloc byte[UserPassword.MaxSize];
        value.Clear();
        switch (method)
        {
            case AuthenticationMethod.Pap:
                request.Add(AttributeType.UserPassword, value[..UserPassword.Hide(octets, authenticator, _secret, value)]);
                break;
            case AuthenticationMethod.Chap:
                value[0] = 7;
                Chap.Respond(7, octets, authenticator, value[1..]);
                request.Add(AttributeType.ChapPassword, value[..Chap.ResponseSize]);
                break;
            case AuthenticationMethod.MsChapV2:
                value[0] = 7;
                value[2..18].Fill(0x5A);
                MsChapV2.Respond(
                    new MsChap2Challenge(authenticator, value[2..18], Encoding.UTF8.GetBytes(userName)), NtHash.Of(password), value[26..]);
                request.Add(MicrosoftAttribute.ChapChallenge, authenticator);
                request.Add(MicrosoftAttribute.Chap2Response, value[..50]);
                break;
            case AuthenticationMethod.MsChapV1:
                request.Add(MicrosoftAttribute.ChapChallenge, authenticator[..8]);
                request.Add(MicrosoftAttribute.ChapResponse, value[..50]);
                break;
        }
    }
}

/// <summary>How a device logs in.</summary>
/// <param name="ServiceType">None from a DHCP server.</param>
internal sealed record Login(
    ServiceType? ServiceType, string Mac, AuthenticationMethod Method = AuthenticationMethod.Pap, bool IsSigned = true, string? NasAddress = null, string[]? ProxyStates = null)
{
    public static Login Hotspot { get; } = new(Radius.Protocol.ServiceType.Login, Isp.Mac);
    public static Login Pppoe { get; } = new(Radius.Protocol.ServiceType.Framed, Isp.Mac);

    /// <summary>The client identifier: hardware type and address (reference/mikrotik.md section 4.2).</summary>
    public static Login Dhcp { get; } = new(null, $"1:{Isp.Mac.ToLowerInvariant()}");
}

/// <summary>What a router has counted of a session.</summary>
internal sealed record Traffic(
    string UserName,
    string SessionId = "80100014",
    byte[]? Class = null,
    uint Seconds = 0,
    long Uploaded = 0,
    long Downloaded = 0,
    uint DelaySeconds = 0,
    string Mac = Isp.Mac,
    bool HasGigawords = true,
    uint? EventTimestamp = null);

/// <summary>A genuine answer.</summary>
internal sealed record Answer(byte[] Octets)
{
    public PacketCode Code => (PacketCode)Octets[0];

    public string? Message => WireText.Read(Packet, AttributeType.ReplyMessage);

    public byte[] Class => Packet.TryGet(AttributeType.Class, out var value) ? value.ToArray() : [];

    public string[] ProxyStates
    {
        get
        {
            var states = new List<string>();
            foreach (var state in Packet.All(AttributeType.ProxyState))
                states.Add(Encoding.UTF8.GetString(state.Value));
            return [.. states];
        }
    }

    public uint? Number(AttributeType type) => Packet.TryGetUInt32(type, out var value) ? value : null;

    public string? RateLimit => Packet.TryGet(MikrotikAttribute.RateLimit, out var value) ? Encoding.UTF8.GetString(value) : null;

    public string? Text(AttributeType type) => WireText.Read(Packet, type);

    public string? Text(MikrotikAttribute type) => Packet.TryGet(type, out var value) ? Encoding.UTF8.GetString(value) : null;

    public string? Address(AttributeType type) => Packet.TryGet(type, out var value) ? new IPAddress(value).ToString() : null;

    /// <summary>All values of one attribute, as text, in their order.</summary>
    public string[] Texts(AttributeType type)
    {
        var texts = new List<string>();
        foreach (var attribute in Packet.All(type))
            texts.Add(Encoding.UTF8.GetString(attribute.Value));
        return [.. texts];
    }

    public string? Prefix(AttributeType type)
        => Packet.TryGet(type, out var value) && AttributeValue.TryReadIPv6Prefix(value, out var prefix) ? prefix.ToString() : null;

    public long? TotalLimit => Packet.TryGet(MikrotikAttribute.TotalLimit, out var low)
        && Packet.TryGet(MikrotikAttribute.TotalLimitGigawords, out var high)
            ? ((long)System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(high) << 32)
                | System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(low)
            : null;

    public AttributeType[] Attributes
    {
        get
        {
            var types = new List<AttributeType>();
            foreach (var attribute in Packet.Attributes)
                types.Add(attribute.Type);
            return [.. types];
        }
    }

    private RadiusPacket Packet => RadiusPacket.TryRead(Octets, out var packet, out _) ? packet : default;
}
