using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace EasyIsp.Emulators.Routers;

/// <summary>
/// Who is there and who is online, and the numbers that are given out: row ids, session ids, addresses.
/// A reboot forgets all of it but the boot counter.
/// </summary>
internal sealed class RouterTable(EmulatedRouterOptions options, TimeProvider clock)
{
    private const uint HotspotSessions = 0x80;
    private const uint PppSessions = 0x81;
    private const int CounterBits = 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, EmulatedHost> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<EmulatedSession> _sessions = [];
    private uint _boot = 1;
    private uint _lastSession;
    private uint _lastRow;
    private uint _lastHotspotAddress;
    private uint _lastPppAddress;

    public DateTimeOffset BootedAt { get; private set; } = clock.GetUtcNow();

    public IReadOnlyList<EmulatedHost> Hosts
    {
        get
        {
            lock (_gate)
                return [.. _hosts.Values];
        }
    }

    public IReadOnlyList<EmulatedSession> Sessions
    {
        get
        {
            lock (_gate)
                return [.. _sessions];
        }
    }

    public EmulatedHost? Host(string mac)
    {
        lock (_gate)
            return _hosts.GetValueOrDefault(mac);
    }

    /// <returns>The host, and whether it is new.</returns>
    public (EmulatedHost Host, bool IsNew) Arrive(string mac)
    {
        lock (_gate)
        {
            if (_hosts.TryGetValue(mac, out var known))
                return (known, false);

            var address = Offset(options.HotspotPool, _lastHotspotAddress++);
            var host = new EmulatedHost(NextRow(), mac.ToUpperInvariant(), address, clock.GetUtcNow());
            _hosts.Add(host.Mac, host);
            return (host, true);
        }
    }

    public void Leave(EmulatedHost host)
    {
        lock (_gate)
            _hosts.Remove(host.Mac);
    }

    /// <returns>False while another sign-in of this host is under way.</returns>
    public bool TryBeginAuthorizing(EmulatedHost host)
    {
        lock (_gate)
            return !host.IsAuthorizing && (host.IsAuthorizing = true);
    }

    public void EndAuthorizing(EmulatedHost host)
    {
        lock (_gate)
            host.IsAuthorizing = false;
    }

    /// <summary>Two digits service, one the boot counter, five the session counter; NAS-Port follows from it (4.2, [D][M]).</summary>
    public (string Id, uint NasPort) NextSession(SessionService service)
    {
        lock (_gate)
        {
            var counter = ++_lastSession & ((1u << CounterBits) - 1);
            var kind = service is SessionService.Hotspot ? HotspotSessions : PppSessions;
            var number = (kind << 24) | ((_boot & 0xF) << CounterBits) | counter;
            var nasPort = service is SessionService.Hotspot ? number : 0x00F0_0000 | counter;
            return (number.ToString("x8", CultureInfo.InvariantCulture), nasPort);
        }
    }

    public IPAddress NextPppAddress()
    {
        lock (_gate)
            return Offset(options.PppoePool, _lastPppAddress++);
    }

    public string NextRow()
    {
        lock (_gate)
            return $"*{++_lastRow:X}";
    }

    public void Add(EmulatedSession session)
    {
        lock (_gate)
        {
            _sessions.Add(session);
            if (session.Service is SessionService.Hotspot && _hosts.TryGetValue(session.Mac, out var host))
                host.Session = session;
        }
    }

    public void Remove(EmulatedSession session)
    {
        lock (_gate)
        {
            _sessions.Remove(session);
            if (_hosts.TryGetValue(session.Mac, out var host) && host.Session == session)
                host.Session = null;
        }
    }

    /// <returns>The sessions that are gone without a word.</returns>
    public IReadOnlyList<EmulatedSession> Reboot()
    {
        lock (_gate)
        {
            EmulatedSession[] lost = [.. _sessions];
            _sessions.Clear();
            _hosts.Clear();
            _boot++;
            (_lastSession, _lastRow, _lastHotspotAddress, _lastPppAddress) = (0, 0, 0, 0);
            BootedAt = clock.GetUtcNow();
            return lost;
        }
    }

    private static IPAddress Offset(string first, uint count)
    {
        var bytes = IPAddress.Parse(first).GetAddressBytes();
        BinaryPrimitives.WriteUInt32BigEndian(bytes, BinaryPrimitives.ReadUInt32BigEndian(bytes) + count);
        return new IPAddress(bytes);
    }
}
