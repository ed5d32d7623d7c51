using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using EasyIsp.Emulators.Routers.Radius;
using Xunit;

namespace EasyIsp.Core.Tests.Routers;

/// <summary>Answers as it is told and keeps what it got; no server of ours, so that the router is tested alone.</summary>
internal sealed class ScriptedRadiusServer : IAsyncDisposable
{
    private readonly Channel<Received> _accounting = Channel.CreateUnbounded<Received>();
    private readonly Channel<Received> _authentication = Channel.CreateUnbounded<Received>();
    private readonly CancellationTokenSource _closing = new();
    private readonly UdpClient _auth = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly UdpClient _acct = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly Task _serving;

    public ScriptedRadiusServer() => _serving = Task.WhenAll(ServeAsync(_auth, _authentication), ServeAsync(_acct, _accounting));

    public const string Secret = "testing123";

    public int AuthPort => ((IPEndPoint)_auth.Client.LocalEndPoint!).Port;
    public int AcctPort => ((IPEndPoint)_acct.Client.LocalEndPoint!).Port;

    /// <summary>What the Accept holds after its Message-Authenticator.</summary>
    public Action<RadiusWriter> Grant { get; set; } = _ => { };

    /// <summary>Null accepts everybody.</summary>
    public string? RejectWith { get; set; }

    public bool Signs { get; set; } = true;
    public bool IsSilent { get; set; }

    public Task<Received> AuthenticationAsync() => NextAsync(_authentication);

    public Task<Received> AccountingAsync() => NextAsync(_accounting);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _serving;
        _auth.Dispose();
        _acct.Dispose();
        _closing.Dispose();
    }

    /// <summary>An answer with Message-Authenticator first, as servers should send it (mikrotik.md 4.9).</summary>
    public static byte[] SignedReply(byte code, RadiusPacket request, Action<RadiusWriter> attributes)
    {
        var writer = new RadiusWriter(code, request.Identifier, Secret).Random(request.Authenticator);
        writer.Bytes(Attr.MessageAuthenticator, new byte[16]);
        attributes(writer);
        var packet = writer.FinishAccess(sign: false);
        var key = System.Text.Encoding.UTF8.GetBytes(Secret);
        Digest.HmacMd5(key, packet).CopyTo(packet, 22);
        Digest.Md5([.. packet, .. key]).CopyTo(packet, 4);
        return packet;
    }

    private static async Task<Received> NextAsync(Channel<Received> channel)
        => await channel.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10));

    private async Task ServeAsync(UdpClient socket, Channel<Received> received)
    {
        try
        {
            while (true)
            {
                var datagram = await socket.ReceiveAsync(_closing.Token);
                var request = RadiusPacket.TryParse(datagram.Buffer)!;
                if (!IsSilent)
                    await socket.SendAsync(Answer(request), datagram.RemoteEndPoint, _closing.Token);
                received.Writer.TryWrite(new Received(datagram.Buffer, request, datagram.RemoteEndPoint));
            }
        }
        catch (OperationCanceledException)
        {
            // Closing.
        }
    }

    private byte[] Answer(RadiusPacket request)
    {
        if (request.Code == Code.AccountingRequest)
            return new RadiusWriter(Code.AccountingResponse, request.Identifier, Secret).FinishReply(request.Authenticator);

        var code = RejectWith is null ? Code.AccessAccept : Code.AccessReject;
        void Attributes(RadiusWriter reply)
        {
            if (RejectWith is not null)
                reply.Text(Attr.ReplyMessage, RejectWith);
            else
                Grant(reply);
        }

        if (Signs)
            return SignedReply(code, request, Attributes);

        var reply = new RadiusWriter(code, request.Identifier, Secret);
        Attributes(reply);
        return reply.FinishReply(request.Authenticator);
    }
}

internal sealed record Received(byte[] Bytes, RadiusPacket Packet, IPEndPoint From);
