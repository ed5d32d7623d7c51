using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Process;
using EasyIsp.Radius.Routers;
using Microsoft.Extensions.Options;

namespace EasyIsp.Radius.RadSec;

/// <summary>
/// Takes connections of routers while the process runs, and lets go of those whose certificate is no longer good as soon
/// as that is known.
/// </summary>
internal sealed partial class RadSecPort(
    Handshake handshake,
    AccessRequestHandler access,
    AccountingRequestHandler accounting,
    StatusServerLimit statusLimit,
    NasDirectory directory,
    NasHeartbeat heartbeat,
    UnknownSources unknownSources,
    Admission admission,
    RadiusMetrics metrics,
    RadSecMetrics radSecMetrics,
    IOptions<RadiusOptions> radius,
    IOptions<RadSecOptions> options,
    TimeProvider clock,
    ILoggerFactory loggers,
    ILogger<RadSecPort> logger) : IHostedService, IDisposable
{
    private const int Backlog = 1024;
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(50);

    private readonly List<Socket> _listeners = [];
    private readonly ConcurrentDictionary<Task, byte> _serving = new();
    private readonly ConcurrentDictionary<RadSecConnection, byte> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly HandshakeDoor _door = new(options.Value.MaxHandshakes, options.Value.MaxHandshakesFromOneAddress);
    private ReplyCache? _cache;
    private RequestGate _gate = null!;

    /// <summary>Where it listens, with the port that the system chose where 0 was asked for; none without RadSec.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints { get; private set; } = [];

    public int ConnectionCount => _connections.Count;

    /// <exception cref="SocketException">The address is not ours or the port is taken.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Port is not { } port)
            return Task.CompletedTask;

        _gate = OpenGate();
        directory.Replaced += EndInvalid;
        var address = options.Value.Address is { } own ? IPAddress.Parse(own) : radius.Value.IPAddress;
        Endpoints = [.. ListenAddress.Expand(address).Select(each => Listen(new IPEndPoint(each, port)))];
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        directory.Replaced -= EndInvalid;
        await _stopping.CancelAsync();
        await Task.WhenAll(_serving.Keys);
    }

    public void Dispose()
    {
        foreach (var listener in _listeners)
            listener.Dispose();
        _cache?.Dispose();
        _stopping.Dispose();
    }

    private RequestGate OpenGate()
    {
        _cache = new ReplyCache(clock, radius.Value.ReplyCacheCapacity);
        IRequestHandler[] handlers = [access, accounting, new StatusServerHandler(ListenerRole.RadSec, statusLimit)];
        return new RequestGate(
            ListenerRole.RadSec,
            _cache,
            directory,
            heartbeat,
            unknownSources,
            handlers.ToDictionary(handler => handler.Code),
            admission,
            metrics,
            clock,
            loggers.CreateLogger<RequestGate>(),
            _stopping.Token);
    }

    private IPEndPoint Listen(IPEndPoint endpoint)
    {
        var listener = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listeners.Add(listener);
        listener.Bind(endpoint);
        listener.Listen(Backlog);
        Keep(AcceptAsync(listener));
        var bound = (IPEndPoint)listener.LocalEndPoint!;
        LogListening(bound);
        return bound;
    }

    /// <summary>Never waits for a handshake.</summary>
    private async Task AcceptAsync(Socket listener)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Take(await listener.AcceptAsync(_stopping.Token));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException exception)
            {
                LogNotAccepted(exception.SocketErrorCode);
                await Task.Delay(PauseAfterFailure, clock, CancellationToken.None);
            }
        }
    }

    private void Take(Socket socket)
    {
        if (socket.RemoteEndPoint is not IPEndPoint peer || _connections.Count >= options.Value.MaxConnections || !_door.TryEnter(peer.Address))
        {
            radSecMetrics.Refused(RadSecFailure.TooMany);
            socket.Dispose();
            return;
        }

        Keep(ServeAsync(socket, peer));
    }

    private async Task ServeAsync(Socket socket, IPEndPoint peer)
    {
        try
        {
            if (await ShakeAsync(socket, peer) is { } done)
                await RunAsync(done, peer);
        }
        catch (Exception exception)
        {
            // The outermost catch of one connection: the others go on.
            LogFailed(exception, peer);
        }
    }

    private async Task<HandshakeOutcome.Done?> ShakeAsync(Socket socket, IPEndPoint peer)
    {
        try
        {
            KeepAlive(socket);
            switch (await handshake.ShakeAsync(socket, _stopping.Token))
            {
                case HandshakeOutcome.Done done:
                    return done;
                case HandshakeOutcome.Refused { Failure: var failure, SerialNumber: var serial }:
                    radSecMetrics.Refused(failure);
                    LogRefused(serial is null ? LogLevel.Debug : LogLevel.Warning, peer, failure, serial);
                    break;
            }

            return null;
        }
        finally
        {
            _door.Leave(peer.Address);
        }
    }

    private async Task RunAsync(HandshakeOutcome.Done done, IPEndPoint peer)
    {
        using var connection = new RadSecConnection(
            done.Stream, peer, done.Identity, _gate, directory, options.Value, metrics, clock);
        _connections.TryAdd(connection, 0);
        radSecMetrics.Began();
        LogConnected(peer, done.Identity.SerialNumber);
        EndIfInvalid(connection); // its certificate may have been revoked during the handshake
        var end = RadSecEnd.Closed;
        try
        {
            end = await connection.RunAsync(_stopping.Token);
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            radSecMetrics.Ended(end);
            LogEnded(peer, done.Identity.SerialNumber, end);
        }
    }

    private void EndInvalid(object? sender, EventArgs args)
    {
        foreach (var connection in _connections.Keys)
            EndIfInvalid(connection);
    }

    private void EndIfInvalid(RadSecConnection connection)
    {
        if (connection.Identity.In(directory, clock.GetUtcNow()) is null)
            connection.End(RadSecEnd.NoLongerValid);
    }

    private void Keep(Task task)
    {
        _serving.TryAdd(task, 0);
        _ = task.ContinueWith(done => _serving.TryRemove(done, out _), TaskScheduler.Default);
    }

    /// <summary>A router that vanished without a word is noticed after two minutes, whatever the idle time-out.</summary>
    private static void KeepAlive(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 20);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Listening for RadSec on {Endpoint}")]
    private partial void LogListening(IPEndPoint endpoint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A RadSec connection could not be accepted: {Error}")]
    private partial void LogNotAccepted(SocketError error);

    [LoggerMessage(Message = "A RadSec connection from {Peer} was refused: {Failure} (certificate {SerialNumber})")]
    private partial void LogRefused(LogLevel level, IPEndPoint peer, RadSecFailure failure, string? serialNumber);

    [LoggerMessage(Level = LogLevel.Information, Message = "RadSec connection from {Peer} with certificate {SerialNumber}")]
    private partial void LogConnected(IPEndPoint peer, string serialNumber);

    [LoggerMessage(Level = LogLevel.Information, Message = "RadSec connection from {Peer} with certificate {SerialNumber} is over: {End}")]
    private partial void LogEnded(IPEndPoint peer, string serialNumber, RadSecEnd end);

    [LoggerMessage(Level = LogLevel.Error, Message = "The RadSec connection from {Peer} failed")]
    private partial void LogFailed(Exception exception, IPEndPoint peer);
}
