namespace EasyIsp.Core.Routers.RouterOs;

/// <summary>What we ask of a router over its API. Safe for use by several callers at once.</summary>
/// <remarks>Every method throws <see cref="RouterOsException"/> when the router refuses or is lost.</remarks>
public interface IRouterClient : IAsyncDisposable
{
    /// <summary>Signs a waiting hotspot host in from our side; the router then asks RADIUS about the user.</summary>
    /// <param name="mac">Any notation.</param>
    Task LoginHotspotAsync(string ip, string mac, string user, string password, CancellationToken cancellationToken);

    Task<IReadOnlyList<HotspotActiveUser>> HotspotActiveAsync(CancellationToken cancellationToken);

    /// <returns>False when the session had ended by itself.</returns>
    Task<bool> RemoveHotspotActiveAsync(string id, CancellationToken cancellationToken);

    /// <param name="mac">Only this device's rows; any notation. Null for all.</param>
    Task<IReadOnlyList<HotspotHost>> HotspotHostsAsync(string? mac, CancellationToken cancellationToken);

    Task<IReadOnlyList<PppActiveUser>> PppActiveAsync(CancellationToken cancellationToken);

    /// <returns>False when the session had ended by itself.</returns>
    Task<bool> RemovePppActiveAsync(string id, CancellationToken cancellationToken);

    /// <summary>The queues that the router made itself, for sessions among others.</summary>
    Task<IReadOnlyList<SimpleQueue>> DynamicQueuesAsync(CancellationToken cancellationToken);
}

internal sealed class RouterClient(RouterOsConnection connection) : IRouterClient
{
    private const string HotspotActive = "/ip/hotspot/active";
    private const string HotspotHosts = "/ip/hotspot/host";
    private const string PppActive = "/ppp/active";
    private const string Queues = "/queue/simple";

    public async Task LoginHotspotAsync(string ip, string mac, string user, string password, CancellationToken cancellationToken)
        => await connection.ExecuteAsync(
            new RouterOsCommand($"{HotspotActive}/login")
                .With("ip", ip)
                .With("mac-address", NormalMac(mac))
                .With("user", user)
                .With("password", password),
            cancellationToken);

    public Task<IReadOnlyList<HotspotActiveUser>> HotspotActiveAsync(CancellationToken cancellationToken)
        => PrintAsync(Print(HotspotActive, HotspotActiveUser.Columns), HotspotActiveUser.From, cancellationToken);

    public Task<bool> RemoveHotspotActiveAsync(string id, CancellationToken cancellationToken)
        => RemoveAsync(HotspotActive, id, cancellationToken);

    public Task<IReadOnlyList<HotspotHost>> HotspotHostsAsync(string? mac, CancellationToken cancellationToken)
    {
        var print = Print(HotspotHosts, HotspotHost.Columns);
        if (mac is not null)
            print.Where("mac-address", NormalMac(mac));
        return PrintAsync(print, HotspotHost.From, cancellationToken);
    }

    public Task<IReadOnlyList<PppActiveUser>> PppActiveAsync(CancellationToken cancellationToken)
        => PrintAsync(Print(PppActive, PppActiveUser.Columns), PppActiveUser.From, cancellationToken);

    public Task<bool> RemovePppActiveAsync(string id, CancellationToken cancellationToken)
        => RemoveAsync(PppActive, id, cancellationToken);

    public Task<IReadOnlyList<SimpleQueue>> DynamicQueuesAsync(CancellationToken cancellationToken)
        => PrintAsync(Print(Queues, SimpleQueue.Columns).Where("dynamic", "true"), SimpleQueue.From, cancellationToken);

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private static RouterOsCommand Print(string menu, string[] columns) => new RouterOsCommand($"{menu}/print").Only(columns);

    private static string NormalMac(string mac)
        => RouterOsValue.Mac(mac) ?? throw new ArgumentException($"'{mac}' is no MAC address.", nameof(mac));

    private async Task<IReadOnlyList<TRow>> PrintAsync<TRow>(
        RouterOsCommand print, Func<IReadOnlyDictionary<string, string>, TRow> read, CancellationToken cancellationToken)
        => [.. (await connection.ExecuteAsync(print, cancellationToken)).Rows.Select(read)];

    private async Task<bool> RemoveAsync(string menu, string id, CancellationToken cancellationToken)
    {
        try
        {
            await connection.ExecuteAsync(new RouterOsCommand($"{menu}/remove").With(".id", id), cancellationToken);
            return true;
        }
        catch (RouterOsException e) when (e.IsNoSuchItem)
        {
            return false;
        }
    }
}
