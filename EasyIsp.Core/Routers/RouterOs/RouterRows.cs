using System.Globalization;

namespace EasyIsp.Core.Routers.RouterOs;

/// <summary>A row of <c>/ip/hotspot/active</c>.</summary>
/// <param name="Id">Good for a removal right after the list; a reboot renumbers every row.</param>
/// <param name="Mac">Upper case with colons.</param>
/// <param name="BytesIn">From the client: upload.</param>
/// <param name="BytesOut">To the client: download.</param>
/// <param name="TimeLeft">Null where the session has no end.</param>
/// <param name="IsRadius">False for users of the router's own list, whom we know nothing of.</param>
public sealed record HotspotActiveUser(
    string Id,
    string User,
    string Address,
    string Mac,
    TimeSpan Uptime,
    long BytesIn,
    long BytesOut,
    TimeSpan? TimeLeft,
    bool IsRadius)
{
    internal static readonly string[] Columns =
        [".id", "user", "address", "mac-address", "uptime", "bytes-in", "bytes-out", "session-time-left", "radius"];

    internal static HotspotActiveUser From(IReadOnlyDictionary<string, string> row) => new(
        row.Text(".id"),
        row.Text("user"),
        row.Text("address"),
        row.Mac("mac-address"),
        row.Duration("uptime") ?? TimeSpan.Zero,
        row.Number("bytes-in"),
        row.Number("bytes-out"),
        row.Duration("session-time-left"),
        row.Flag("radius"));
}

/// <summary>A row of <c>/ip/hotspot/host</c>: a device that is there, signed in or not.</summary>
/// <param name="Address">The address the device uses; <paramref name="ToAddress"/> is what the router makes of it.</param>
public sealed record HotspotHost(string Id, string Mac, string Address, string ToAddress, bool IsAuthorized, bool IsBypassed)
{
    internal static readonly string[] Columns = [".id", "mac-address", "address", "to-address", "authorized", "bypassed"];

    internal static HotspotHost From(IReadOnlyDictionary<string, string> row) => new(
        row.Text(".id"),
        row.Mac("mac-address"),
        row.Text("address"),
        row.Text("to-address"),
        row.Flag("authorized"),
        row.Flag("bypassed"));
}

/// <summary>A row of <c>/ppp/active</c>.</summary>
/// <param name="Service">pppoe, l2tp, sstp, …</param>
/// <param name="CallerId">The MAC address of a PPPoE client, the public address of a VPN client.</param>
/// <param name="BytesIn">From the client: upload.</param>
/// <param name="BytesOut">To the client: download.</param>
public sealed record PppActiveUser(
    string Id,
    string User,
    string Service,
    string CallerId,
    string Address,
    TimeSpan Uptime,
    long BytesIn,
    long BytesOut,
    bool IsRadius)
{
    internal static readonly string[] Columns =
        [".id", "name", "service", "caller-id", "address", "uptime", "bytes", "radius"];

    internal static PppActiveUser From(IReadOnlyDictionary<string, string> row)
    {
        // A pair from the router's side: sent first (mikrotik.md 3.5).
        var bytes = row.Text("bytes").Split('/');
        return new PppActiveUser(
            row.Text(".id"),
            row.Text("name"),
            row.Text("service"),
            row.Text("caller-id"),
            row.Text("address"),
            row.Duration("uptime") ?? TimeSpan.Zero,
            RouterOsValue.Number(bytes[^1]) ?? 0,
            RouterOsValue.Number(bytes[0]) ?? 0,
            row.Flag("radius"));
    }
}

/// <summary>A row of <c>/queue/simple</c>.</summary>
/// <param name="Target">An address with <c>/32</c> behind it, or an interface.</param>
/// <param name="MaxLimit">Null where it is no pair of rates.</param>
public sealed record SimpleQueue(string Name, string Target, RatePair? MaxLimit)
{
    internal static readonly string[] Columns = ["name", "target", "max-limit"];

    internal static SimpleQueue From(IReadOnlyDictionary<string, string> row)
        => new(row.Text("name"), row.Text("target"), RateOf(row.Text("max-limit")));

    /// <summary>The first pair of a Mikrotik-Rate-Limit, or what <c>max-limit</c> prints: plain bits a second, or k, M, G (mikrotik.md 1.7, 4.3).</summary>
    public static RatePair? RateOf(string text)
        => text.Split(' ')[0].Split('/') is [var first, .. var rest] && Bits(first) is { } up && Bits(rest is [var second] ? second : first) is { } down
            ? new RatePair(up, down)
            : null;

    private static long? Bits(string word)
    {
        var factor = word switch { [.., 'k'] => 1_000, [.., 'M'] => 1_000_000, [.., 'G'] => 1_000_000_000, _ => 1 };
        return long.TryParse(factor == 1 ? word : word[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number * factor
            : null;
    }
}

/// <summary>Bits a second, from the client and to it.</summary>
public sealed record RatePair(long Up, long Down)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Up / 1000}k/{Down / 1000}k");
}

/// <summary>Reads columns; the router leaves out what has no value.</summary>
file static class RowColumns
{
    extension(IReadOnlyDictionary<string, string> row)
    {
        public string Text(string name) => row.GetValueOrDefault(name) ?? "";

        public string Mac(string name) => RouterOsValue.Mac(row.GetValueOrDefault(name)) ?? row.Text(name);

        public long Number(string name) => RouterOsValue.Number(row.GetValueOrDefault(name)) ?? 0;

        public TimeSpan? Duration(string name) => RouterOsValue.Duration(row.GetValueOrDefault(name));

        public bool Flag(string name) => RouterOsValue.Boolean(row.GetValueOrDefault(name));
    }
}
