using System.Net;
using System.Net.Sockets;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Tests.Listen;

/// <summary>A client socket on loopback that sends packets as they are given and waits for what comes back.</summary>
internal sealed class PaperNas : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _buffer = new byte[RadiusPacket.MaxSize];

    public PaperNas(string address = "127.0.0.1") => _socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));

    public IPEndPoint Endpoint => (IPEndPoint)_socket.LocalEndPoint!;

    public Task SendAsync(byte[] packet, IPEndPoint server, CancellationToken cancellationToken)
        => _socket.SendToAsync(packet, SocketFlags.None, server, cancellationToken).AsTask();

    public async Task<(byte[] Reply, IPEndPoint From)> ReceiveAsync(CancellationToken cancellationToken)
    {
        var any = new IPEndPoint(IPAddress.Any, 0);
        var received = await _socket.ReceiveFromAsync(_buffer, SocketFlags.None, any, cancellationToken)
            .AsTask().WaitAsync(Patience, cancellationToken);
        return (_buffer[..received.ReceivedBytes], (IPEndPoint)received.RemoteEndPoint);
    }

    /// <returns>Null when nothing has arrived.</returns>
    public byte[]? TryReceive() => _socket.Available > 0 ? _buffer[.._socket.Receive(_buffer)] : null;

    public async Task<byte[]> AskAsync(byte[] packet, IPEndPoint server, CancellationToken cancellationToken)
    {
        await SendAsync(packet, server, cancellationToken);
        return (await ReceiveAsync(cancellationToken)).Reply;
    }

    public void Dispose() => _socket.Dispose();
}
