using System.Globalization;
using System.Net;

namespace EasyIsp.Emulators.Routers.Api;

using Row = Dictionary<string, string>;

/// <summary>What a command gives: rows of a print, or <c>=ret=</c>.</summary>
internal sealed record ApiResult(IReadOnlyList<IReadOnlyDictionary<string, string>>? Rows = null, string? Value = null);

/// <summary>The menus this router has (mikrotik.md 3.1, 3.3 to 3.6, [D]) and their commands.</summary>
internal sealed class ApiMenus(EmulatedRouter router, RouterTable table, BackgroundWork background, TimeProvider clock)
{
    private const int MissingItemOrCommand = 0;

    private static readonly string[] PrintParameters = [".proplist", "count-only", "stats", "detail"];

    /// <summary>Columns that come only with <c>=stats=</c> or by name (1.6, [D][M]).</summary>
    private static readonly string[] Statistics = ["bytes", "packets"];

    /// <param name="policies">The user's; print needs <c>read</c>, everything else <c>write</c> (the minimum per command is [U]).</param>
    /// <exception cref="ApiTrapException">The router refuses.</exception>
    public async Task<ApiResult> ExecuteAsync(ApiRequest request, ICollection<string> policies, CancellationToken cancellationToken)
    {
        var split = request.Command.LastIndexOf('/');
        var (menu, command) = (request.Command[..split], request.Command[(split + 1)..]);
        if (RowsOf(menu) is not { } rows)
            throw new ApiTrapException("no such command prefix", MissingItemOrCommand);

        var reads = command is "print" or "getall";
        if (!policies.Contains(reads ? "read" : "write"))
            throw new ApiTrapException("not enough permissions (9)");
        if (reads)
            return Print(request, rows());

        return (menu, command) switch
        {
            ("/ip/hotspot/active", "login") => await LoginAsync(request, cancellationToken),
            ("/ip/hotspot/active", "remove") => Remove(request, SessionService.Hotspot),
            ("/ppp/active", "remove") => Remove(request, SessionService.Pppoe),
            _ => throw new ApiTrapException("no such command", MissingItemOrCommand),
        };
    }

    /// <summary>Units that are zero are left out (1.7, [D]).</summary>
    internal static string Duration(TimeSpan time)
    {
        (long Count, string Unit)[] parts =
        [
            (time.Days / 7, "w"), (time.Days % 7, "d"), (time.Hours, "h"), (time.Minutes, "m"), (time.Seconds, "s"),
        ];
        var text = string.Concat(parts.Where(part => part.Count > 0).Select(part => $"{part.Count}{part.Unit}"));
        return text.Length == 0 ? "0s" : text;
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Flag(bool flag) => flag ? "true" : "false";

    private static ApiResult Print(ApiRequest request, IEnumerable<Row> rows)
    {
        request.Allow(PrintParameters);
        var found = rows.Where(row => ApiQuery.Passes(row, request.Queries)).ToList();
        if (request["count-only"] is not null)
            return new ApiResult(Value: Number(found.Count));

        var wanted = request[".proplist"]?.Split(',');
        var withStatistics = request["stats"] is not null;
        bool Shown(string column) => wanted?.Contains(column) ?? (withStatistics || !Statistics.Contains(column));
        return new ApiResult([.. found.Select(row => row.Where(cell => Shown(cell.Key)).ToDictionary())]);
    }

    private Func<IEnumerable<Row>>? RowsOf(string menu) => menu switch
    {
        "/system/identity" => () => [new Row { ["name"] = router.Options.Name }],
        "/system/resource" => () => [Resource()],
        "/ip/hotspot/active" => () => SessionsOf(SessionService.Hotspot).Select(HotspotActive),
        "/ip/hotspot/host" => () => table.Hosts.Select(Host),
        "/ppp/active" => () => SessionsOf(SessionService.Pppoe).Select(PppActive),
        "/queue/simple" => () => router.Queues.Select(Queue),
        "/ip/firewall/address-list" => () => table.Sessions.SelectMany(AddressLists),
        _ => null,
    };

    private IEnumerable<EmulatedSession> SessionsOf(SessionService service) => table.Sessions.Where(s => s.Service == service);

    private Row Resource() => new()
    {
        ["uptime"] = Duration(clock.GetUtcNow() - table.BootedAt),
        ["version"] = $"{router.Options.Version} (stable)",
        ["free-memory"] = "734003200",
        ["total-memory"] = "1073741824",
        ["cpu"] = "ARM64",
        ["cpu-count"] = "4",
        ["cpu-load"] = Number(Math.Min(95, 3 + table.Sessions.Count)),
        ["architecture-name"] = "arm64",
        ["board-name"] = "RB5009UG+S+",
        ["platform"] = "MikroTik",
    };

    private Row HotspotActive(EmulatedSession session)
    {
        var now = clock.GetUtcNow();
        var row = new Row
        {
            [".id"] = session.RowId,
            ["server"] = router.Options.HotspotServer,
            ["user"] = session.User,
            ["address"] = session.Address.ToString(),
            ["mac-address"] = session.Mac,
            ["uptime"] = Duration(now - session.StartedAt),
            ["idle-time"] = Duration(now - session.LastTrafficAt),
            ["bytes-in"] = Number(session.BytesUp),
            ["bytes-out"] = Number(session.BytesDown),
            ["radius"] = "true",
            ["blocked"] = "false",
        };
        if (session.EndsAt is { } end)
            row["session-time-left"] = Duration(end - now);
        if (session.Grant.TotalLimitBytes is { } limit)
            row["limit-bytes-total"] = Number(limit);
        return row;
    }

    private Row Host(EmulatedHost host) => new()
    {
        [".id"] = host.RowId,
        ["mac-address"] = host.Mac,
        ["address"] = host.Address.ToString(),
        ["to-address"] = (host.Session?.Address ?? host.Address).ToString(),
        ["server"] = router.Options.HotspotServer,
        ["uptime"] = Duration(clock.GetUtcNow() - host.SeenAt),
        ["authorized"] = Flag(host.Session is not null),
        ["bypassed"] = "false",
        ["DHCP"] = "true",
    };

    private Row PppActive(EmulatedSession session) => new()
    {
        [".id"] = session.RowId,
        ["name"] = session.User,
        ["service"] = "pppoe",
        ["caller-id"] = session.Mac,
        ["address"] = session.Address.ToString(),
        ["uptime"] = Duration(clock.GetUtcNow() - session.StartedAt),
        ["session-id"] = $"0x{session.Id.ToUpperInvariant()}",
        ["radius"] = "true",
        // Sent by the router first (3.5, [D]).
        ["bytes"] = $"{session.BytesDown}/{session.BytesUp}",
    };

    private static Row Queue(QueueRow queue) => new()
    {
        ["name"] = queue.Name,
        ["target"] = queue.Target,
        ["max-limit"] = $"{queue.MaxLimit.Up}/{queue.MaxLimit.Down}",
        ["dynamic"] = "true",
    };

    private static IEnumerable<Row> AddressLists(EmulatedSession session) => session.AddressLists.Select(list => new Row
    {
        ["list"] = list,
        ["address"] = session.Address.ToString(),
        ["dynamic"] = "true",
    });

    private ApiResult Remove(ApiRequest request, SessionService service)
    {
        request.Allow(".id", "numbers");
        var id = request["numbers"] ?? request.Required(".id");
        var session = SessionsOf(service).FirstOrDefault(s => s.RowId == id)
            ?? throw new ApiTrapException("no such item", MissingItemOrCommand);
        router.Disconnect(session, TerminateCause.AdminReset);
        return new ApiResult();
    }

    /// <summary>The refusals' texts are those that clients of real routers look for ([K]).</summary>
    private async Task<ApiResult> LoginAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        request.Allow("ip", "mac-address", "user", "password", "domain");
        if (!IPAddress.TryParse(request.Required("ip"), out var ip))
            throw new ApiTrapException("invalid value for argument ip", category: 1);

        var host = table.Hosts.FirstOrDefault(h => h.Address.Equals(ip))
            ?? throw new ApiTrapException($"unknown host IP {ip}");
        if (request["mac-address"] is { } mac && !mac.Equals(host.Mac, StringComparison.OrdinalIgnoreCase))
            throw new ApiTrapException($"wrong MAC provided {mac}");

        var proof = router.ProofOf(request["password"] ?? "");
        var login = router.LoginAsync(host, request.Required("user"), proof, background.Ending);
        if (!router.Options.ApiLoginWaitsForRadius)
            background.Track(login);
        else if (await login.WaitAsync(cancellationToken) is { Error: { } error })
            throw new ApiTrapException(error);

        return new ApiResult();
    }
}
