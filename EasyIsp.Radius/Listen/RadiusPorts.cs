using System.Net;
using EasyIsp.Radius.Process;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Routers;
using Microsoft.Extensions.Options;

namespace EasyIsp.Radius.Listen;

/// <summary>Opens the two ports on each address while the process runs.</summary>
internal sealed partial class RadiusPorts(
    AccessRequestHandler access,
    AccountingRequestHandler accounting,
    NasDirectory directory,
    NasHeartbeat heartbeat,
    UnknownSources unknownSources,
    StatusServerLimit statusLimit,
    Admission admission,
    RadiusMetrics metrics,
    IOptions<RadiusOptions> options,
    TimeProvider clock,
    ILoggerFactory loggers,
    ILogger<RadiusPorts> logger) : IHostedService, IAsyncDisposable
{
    private readonly List<UdpListener> _listeners = [];
    private readonly List<ReplyCache> _caches = [];
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Where each role is listened for, with the ports that the system chose where 0 was asked for.</summary>
    public IReadOnlyList<(ListenerRole Role, IPEndPoint Endpoint)> Endpoints { get; private set; } = [];

    /// <exception cref="System.Net.Sockets.SocketException">The address is not ours or a port is taken.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Endpoints =
        [
            .. Open(ListenerRole.Authentication, options.Value.AuthPort, access),
            .. Open(ListenerRole.Accounting, options.Value.AcctPort, accounting),
        ];
        foreach (var (role, endpoint) in Endpoints)
            LogListening(role, endpoint);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_listeners.Select(listener => listener.StopAsync(cancellationToken)));
        await _stopping.CancelAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _listeners)
            await listener.DisposeAsync();
        foreach (var cache in _caches)
            cache.Dispose();
        _stopping.Dispose();
    }

    private List<(ListenerRole Role, IPEndPoint Endpoint)> Open(ListenerRole role, int port, IRequestHandler handler)
    {
        var cache = new ReplyCache(clock, options.Value.ReplyCacheCapacity);
        _caches.Add(cache);
        var status = new StatusServerHandler(role, statusLimit);
        var gate = new RequestGate(
            role,
            cache,
            directory,
            heartbeat,
            unknownSources,
            new Dictionary<PacketCode, IRequestHandler> { [handler.Code] = handler, [status.Code] = status },
            admission,
            metrics,
            clock,
            loggers.CreateLogger<RequestGate>(),
            _stopping.Token);

        var opened = new List<(ListenerRole, IPEndPoint)>();
        foreach (var address in ListenAddress.Expand(options.Value.IPAddress))
        {
            var listener = new UdpListener(
                new IPEndPoint(address, port), gate, metrics, clock, loggers.CreateLogger<UdpListener>(), receivers: options.Value.Receivers);
            _listeners.Add(listener);
            listener.Start();
            opened.Add((role, listener.Endpoint));
        }

        return opened;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Listening for {Role} on {Endpoint}")]
    private partial void LogListening(ListenerRole role, IPEndPoint endpoint);
}
