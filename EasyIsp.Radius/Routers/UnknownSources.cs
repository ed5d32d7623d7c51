using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Protocol;
using Npgsql;

namespace EasyIsp.Radius.Routers;

/// <summary>
/// Who sends us packets without being a router of anybody: what staff want to see when they add one. Noted in memory and
/// written together every few seconds; what several workers have seen adds up. Nothing here is proven, for nobody's
/// secret is known, and made-up addresses fill neither the memory nor the table.
/// </summary>
internal sealed partial class UnknownSources(
    RadiusMetrics metrics, PlatformDataSource database, TimeProvider clock, ILogger<UnknownSources> logger) : BackgroundService
{
    /// <summary>Addresses noted between two writings.</summary>
    public const int Capacity = UnknownRouter.Capacity;

    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>One worker at a time: the cut locks rows in an order of its own.</summary>
    private const string TakeTurnsSql = "select pg_advisory_xact_lock(727003)";

    private const string AddSql = """
        insert into unknown_routers as known
          (id, address, nas_identifier, login_packets, accounting_packets, first_seen_at, last_seen_at)
        select * from unnest($1, $2, $3, $4, $5, $6, $7)
        on conflict (address) do update set
          nas_identifier = coalesce(excluded.nas_identifier, known.nas_identifier),
          login_packets = known.login_packets + excluded.login_packets,
          accounting_packets = known.accounting_packets + excluded.accounting_packets,
          first_seen_at = least(known.first_seen_at, excluded.first_seen_at),
          last_seen_at = greatest(known.last_seen_at, excluded.last_seen_at)
        """;

    /// <summary>
    /// Away with those who were added as routers meanwhile, and with what is too much: a real router repeats itself, a
    /// made-up address is seldom seen twice.
    /// </summary>
    private const string CutSql = """
        delete from unknown_routers where address in (
          select u.address from unknown_routers u join routers r
            on r.address = u.address or r.tunnel_address = u.address or u.address <<= any (r.source_networks) where r.archived_at is null
          union all
          (select address from unknown_routers
           order by login_packets + accounting_packets desc, last_seen_at desc, address offset $1))
        """;

    private readonly Lock _gate = new();
    private Dictionary<UInt128, Sighting> _seen = [];

    public void Note(PeerEndpoint peer, ListenerRole role, in RadiusPacket request)
    {
        metrics.UnknownNas(peer);
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            if (!_seen.TryGetValue(peer.Address, out var sighting))
            {
                if (_seen.Count >= Capacity)
                    return;
                _seen.Add(peer.Address, sighting = new Sighting(peer, now));
            }

            sighting.Note(role, request, now);
        }
    }

    /// <exception cref="NpgsqlException">The database is away; what was noted is kept.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var seen = Take();
        if (seen.Count == 0)
            return;

        try
        {
            await WriteAsync([.. seen.Values], cancellationToken);
        }
        catch
        {
            TakeBack(seen);
            throw;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await FlushAsync(stoppingToken);
            }
            catch (NpgsqlException exception)
            {
                LogNotWritten(exception.Message);
            }
        }
    }

    private Dictionary<UInt128, Sighting> Take()
    {
        lock (_gate)
        {
            var seen = _seen;
            _seen = [];
            return seen;
        }
    }

    private void TakeBack(Dictionary<UInt128, Sighting> unwritten)
    {
        lock (_gate)
        {
            foreach (var (address, since) in _seen)
            {
                if (unwritten.TryGetValue(address, out var before))
                    before.Add(since);
                else if (unwritten.Count < Capacity)
                    unwritten.Add(address, since);
            }

            _seen = unwritten;
        }
    }

    private async Task WriteAsync(Sighting[] seen, CancellationToken cancellationToken)
    {
        await using var connection = await database.Value.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(TakeTurnsSql),
                new NpgsqlBatchCommand(AddSql)
                {
                    Parameters =
                    {
                        new() { Value = Array.ConvertAll(seen, sighting => sighting.Id) },
                        new() { Value = Array.ConvertAll(seen, sighting => sighting.Address) },
                        new() { Value = Array.ConvertAll(seen, sighting => sighting.NasIdentifier) },
                        new() { Value = Array.ConvertAll(seen, sighting => sighting.LoginPackets) },
                        new() { Value = Array.ConvertAll(seen, sighting => sighting.AccountingPackets) },
                        new() { Value = Array.ConvertAll(seen, sighting => sighting.FirstSeenAt) },
                        new() { Value = Array.ConvertAll(seen, sighting => sighting.LastSeenAt) },
                    },
                },
                new NpgsqlBatchCommand(CutSql) { Parameters = { new() { Value = UnknownRouter.Capacity } } },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Who sent packets without being known could not be written ({Reason}); it is kept")]
    private partial void LogNotWritten(string reason);
}
