using System.Net;
using System.Security.Cryptography;
using System.Text;
using EasyIsp.Emulators.Routers.Api;
using EasyIsp.Emulators.Routers.Hotspot;
using EasyIsp.Emulators.Routers.Radius;

namespace EasyIsp.Emulators.Routers;

/// <summary>
/// A MikroTik router without the router: RADIUS client, CoA listener, API and hotspot pages on a loopback address of its
/// own. Not started by its constructor; disposing of it is pulling the plug (no Stop is sent).
/// </summary>
public sealed class EmulatedRouter : IAsyncDisposable
{
    private static readonly TimeSpan TickPeriod = TimeSpan.FromSeconds(1);

    private readonly BackgroundWork _background = new();
    private readonly TimeProvider _clock;
    private readonly RouterTable _table;
    private readonly RadiusClient _radius;
    private readonly SessionKeeper _keeper;
    private DynamicAuthorizationListener? _orders;
    private ApiServer? _api;
    private HotspotServlet? _hotspot;
    private Task _ticking = Task.CompletedTask;

    public EmulatedRouter(EmulatedRouterOptions options, TimeProvider clock)
    {
        (Options, _clock) = (options, clock);
        _table = new RouterTable(options, clock);
        _radius = new RadiusClient(options, Faults, Counters, clock);
        _keeper = new SessionKeeper(options, Faults, _table, _radius, _background, clock)
        {
            HotspotUrl = () => _hotspot?.Url ?? $"http://{options.Address}:{options.HotspotPort}",
        };
    }

    public EmulatedRouterOptions Options { get; }
    public RouterFaults Faults { get; } = new();
    public RouterCounters Counters { get; } = new();
    public IReadOnlyList<EmulatedHost> Hosts => _table.Hosts;
    public IReadOnlyList<EmulatedSession> Sessions => _table.Sessions;

    /// <summary>One for each session with a rate, as <c>/queue/simple</c> shows them.</summary>
    public IReadOnlyList<QueueRow> Queues => [.. Sessions.SelectMany(QueueOf)];

    /// <summary>Where the API listens, once started.</summary>
    public IPEndPoint ApiEndPoint => _api?.EndPoint ?? throw NotStarted();

    /// <summary>Where CoA and Disconnect orders go, once started.</summary>
    public IPEndPoint CoaEndPoint => _orders?.EndPoint ?? throw NotStarted();

    /// <summary>The hotspot's pages, once started; without a slash at the end.</summary>
    public string HotspotUrl => _hotspot?.Url ?? throw NotStarted();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _orders = new DynamicAuthorizationListener(Options, _table, _keeper, Faults, Counters);
        _api = new ApiServer(Options, Faults, new ApiMenus(this, _table, _background, _clock), _clock);
        _hotspot = new HotspotServlet(this, _clock);
        await _hotspot.StartAsync(cancellationToken);
        _ticking = TickAsync();
    }

    /// <summary>A device joins the hotspot's network. Where <c>login-by</c> has <c>mac</c>, RADIUS is asked about it at once.</summary>
    public EmulatedHost AddHost(string mac)
    {
        var (host, isNew) = _table.Arrive(mac);
        if (isNew && Options.HotspotLoginBy.HasFlag(HotspotLoginMethods.Mac))
            _background.Track(LoginByMacAsync(host, _background.Ending));
        return host;
    }

    public EmulatedHost? FindHost(string mac) => _table.Host(mac);

    /// <summary>Where the router sends a device that is not online: the portal, with what its <c>login.html</c> tells. No challenge is given out.</summary>
    public Uri HandoverOf(EmulatedHost host) => Handover.AddressOf(this, host);

    /// <summary>Signs a device in with a plain password, by CHAP where the hotspot has it. Unknown devices join first.</summary>
    public Task<LoginOutcome> LoginAsync(string mac, string username, string password, CancellationToken cancellationToken)
        => _keeper.LoginHotspotAsync(_table.Arrive(mac).Host, username, ProofOf(password), cancellationToken);

    /// <summary>The user is the MAC address and the password is empty (mikrotik.md 4.2 and the vector in 4.11, [M]).</summary>
    public Task<LoginOutcome> LoginByMacAsync(EmulatedHost host, CancellationToken cancellationToken)
        => _keeper.LoginHotspotAsync(host, host.Mac, ProofOf(""), cancellationToken);

    /// <param name="mac">The subscriber's router; null makes one of the user name, always the same.</param>
    public Task<LoginOutcome> DialPppoeAsync(string username, string password, string? mac, CancellationToken cancellationToken)
        => _keeper.DialPppoeAsync(username, password, mac ?? MacOf(username), cancellationToken);

    /// <summary>Adds to the session's counters; a limit that is reached ends the session within a second.</summary>
    public void GenerateTraffic(EmulatedSession session, long bytesUp, long bytesDown)
        => session.Carry(bytesUp, bytesDown, _clock.GetUtcNow());

    /// <summary>Browsing for a time: as much as the session's rate allows, times <paramref name="load"/>.</summary>
    /// <param name="load">0 to 1; browsing uses little of a line.</param>
    public void Browse(EmulatedSession session, TimeSpan time, double load)
    {
        const long unlimited = 10_000_000;
        var rate = RateLimit.TryParse(session.RateLimit) ?? default;
        long Bytes(long bitsPerSecond) => (long)((bitsPerSecond == 0 ? unlimited : bitsPerSecond) / 8.0 * time.TotalSeconds * load);
        GenerateTraffic(session, Bytes(rate.Up) / 8, Bytes(rate.Down));
    }

    /// <summary>Ends a session; its Stop is on its way when this returns.</summary>
    /// <returns>False when it had ended before.</returns>
    public bool Disconnect(EmulatedSession session, TerminateCause cause = TerminateCause.UserRequest)
        => _keeper.End(session, cause);

    /// <summary>A device leaves the hotspot's network, and its session ends with it.</summary>
    public void RemoveHost(EmulatedHost host)
    {
        if (host.Session is { } session)
            Disconnect(session, TerminateCause.LostCarrier);
        _table.Leave(host);
    }

    /// <summary>Power fails: everybody is gone, no Stop and no Accounting-On is sent, ids and counters begin again (9.6).</summary>
    public void Reboot()
    {
        foreach (var session in _table.Reboot())
            session.TryEnd(TerminateCause.LostCarrier);
    }

    /// <summary>Waits until every accounting packet that was sent is answered or given up.</summary>
    public Task AccountingSentAsync(CancellationToken cancellationToken) => _background.FinishAsync(cancellationToken);

    /// <summary>Ends every session in good order and waits for the accounting to be taken.</summary>
    public Task ShutDownAsync(CancellationToken cancellationToken)
    {
        foreach (var session in _table.Sessions)
            Disconnect(session, TerminateCause.AdminReboot);
        return AccountingSentAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_hotspot is not null)
            await _hotspot.DisposeAsync();
        if (_api is not null)
            await _api.DisposeAsync();
        if (_orders is not null)
            await _orders.DisposeAsync();
        await _background.DisposeAsync();
        await _ticking;
        await _radius.DisposeAsync();
    }

    internal Task<LoginOutcome> LoginAsync(EmulatedHost host, string username, PasswordProof proof, CancellationToken cancellationToken)
        => _keeper.LoginHotspotAsync(host, username, proof, cancellationToken);

    internal PasswordProof ProofOf(string password) => Options.HotspotLoginBy.HasFlag(HotspotLoginMethods.HttpChap)
        ? PasswordProof.ByChap(password, RandomNumberGenerator.GetBytes(1)[0], RandomNumberGenerator.GetBytes(16))
        : new PapProof(password);

    private static IEnumerable<QueueRow> QueueOf(EmulatedSession session)
        => session.RateLimit is { } text && RateLimit.TryParse(text) is { } limit
            ? [new QueueRow(session.Name, $"{session.Address}/32", text, limit)]
            : [];

    private static string MacOf(string username)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(username));
        return MacFrom(digest.AsSpan(0, 6));
    }

    /// <summary>Locally administered, so that it is nobody's.</summary>
    internal static string MacFrom(ReadOnlySpan<byte> six)
    {
        byte[] bytes = [(byte)((six[0] & 0xFC) | 2), .. six[1..]];
        return BitConverter.ToString(bytes).Replace('-', ':');
    }

    private static InvalidOperationException NotStarted() => new("The router is not started.");

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(TickPeriod, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_background.Ending))
                _keeper.Tick();
        }
        catch (OperationCanceledException)
        {
            // The plug is pulled.
        }
    }
}
