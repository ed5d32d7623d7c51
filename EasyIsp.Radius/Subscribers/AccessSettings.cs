using System.Collections.Frozen;
using System.Threading.Channels;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Tenancy;
using EasyIsp.Radius.Policy;
using Npgsql;

namespace EasyIsp.Radius.Subscribers;

/// <summary>
/// What tenants have decided that no subscriber's row says: where the refused are let in, and what is added at a router.
/// It is little, and read whole at start and whenever some of it changes.
/// </summary>
internal sealed partial class AccessSettings(
    PlatformDataSource database, ChangeFeed feed, TimeProvider clock, ILogger<AccessSettings> logger) : BackgroundService
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private const string Sql = """
        select tenant_id, reason, address_pool, address_list, kbps, length from limited_access;
        select router_id, array_agg(name || '=' || value order by position) from reply_attributes where router_id is not null group by router_id
        """;

    private readonly Channel<Change> _news = Channel.CreateBounded<Change>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private Known _known = new(
        FrozenDictionary<(Guid, LimitedReason), LimitedTerms>.Empty, FrozenDictionary<Guid, ExtraAttributes>.Empty);

    private IDisposable? _subscription;

    /// <returns>Null when who is refused stays out.</returns>
    public LimitedTerms? LimitedFor(LoginAttempt attempt, Refusal refusal)
        => LimitedTerms.ReasonOf(attempt, refusal) is { } reason
            ? Volatile.Read(ref _known).Limited.GetValueOrDefault((attempt.TenantId, reason))
            : null;

    public ExtraAttributes AttributesOf(Guid routerId)
        => Volatile.Read(ref _known).OfRouters.GetValueOrDefault(routerId) ?? ExtraAttributes.None;

    /// <summary>Hears from here on: what <see cref="ExecuteAsync"/> does runs on the pool, at some time.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = feed.Subscribe(change =>
        {
            if (change.IsEverything || change.Table is "limited_access" or "reply_attributes")
                _news.Writer.TryWrite(change);
        });
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _subscription?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _news.Writer.TryWrite(Change.Everything);
        await foreach (var _ in _news.Reader.ReadAllAsync(stoppingToken))
            await ReloadAsync(stoppingToken);
    }

    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        try
        {
            Volatile.Write(ref _known, await ReadAsync(cancellationToken));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The outermost loop: whatever it was, what was known stands and the next round may succeed.
            LogNotLoaded(exception.GetBaseException().Message);
            await Task.Delay(PauseAfterFailure, clock, cancellationToken);
            _news.Writer.TryWrite(Change.Everything);
        }
    }

    private async Task<Known> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Value.CreateCommand(Sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var limited = new Dictionary<(Guid, LimitedReason), LimitedTerms>();
        while (await reader.ReadAsync(cancellationToken))
            limited[(reader.GetGuid(0), Enum.Parse<LimitedReason>(reader.GetString(1)))] = Limited(reader);

        await reader.NextResultAsync(cancellationToken);
        var ofRouters = new Dictionary<Guid, ExtraAttributes>();
        while (await reader.ReadAsync(cancellationToken))
            ofRouters[reader.GetGuid(0)] = ExtraAttributes.Of(reader.GetFieldValue<string[]>(1));
        return new Known(limited.ToFrozenDictionary(), ofRouters.ToFrozenDictionary());
    }

    private static LimitedTerms Limited(NpgsqlDataReader row) => new(
        LineTerms.Limited(row.GetInt32(4), row.IsDBNull(2) ? null : row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3)).Octets,
        row.GetFieldValue<TimeSpan>(5));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The settings of limited access could not be read ({Reason}); trying again in a second")]
    private partial void LogNotLoaded(string reason);

    private sealed record Known(
        FrozenDictionary<(Guid TenantId, LimitedReason Reason), LimitedTerms> Limited, FrozenDictionary<Guid, ExtraAttributes> OfRouters);
}
