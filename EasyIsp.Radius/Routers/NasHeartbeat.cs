using System.Collections.Concurrent;
using EasyIsp.Core.Persistence;
using Npgsql;
using NpgsqlTypes;

namespace EasyIsp.Radius.Routers;

/// <summary>
/// Keeps with each router when it was last heard, that it signs its Access-Requests, and while its secret changes which
/// one it has. Written together, not with every packet; only genuine packets count.
/// </summary>
internal sealed partial class NasHeartbeat(
    PlatformDataSource database, TimeProvider clock, ILogger<NasHeartbeat> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>A proof that is older than what is known, or of a secret that is neither any more, says nothing.</summary>
    private const string IsNews = """
        (r.previous_secret is not null and h.secret in (r.radius_secret, r.previous_secret)
          and h.proved_at > coalesce(r.secret_used_since, '-infinity'))
        """;

    private const string Sql = $"""
        update routers r set
          last_heard_at = greatest(r.last_heard_at, h.at),
          sent_message_authenticator_at = case when h.signs then coalesce(r.sent_message_authenticator_at, h.at)
            else r.sent_message_authenticator_at end,
          uses_previous_secret = case when {IsNews} then h.secret = r.previous_secret else r.uses_previous_secret end,
          secret_used_since = case
            when {IsNews} and (r.secret_used_since is null or r.uses_previous_secret <> (h.secret = r.previous_secret))
            then h.proved_at else r.secret_used_since end
        from unnest($1, $2, $3, $4, $5, $6) as h(tenant_id, id, at, signs, secret, proved_at)
        where r.tenant_id = h.tenant_id and r.id = h.id
        """;

    private readonly ConcurrentDictionary<KnownRouter, DateTimeOffset> _heard = new();

    public void Heard(Nas nas) => _heard[nas.Router] = clock.GetUtcNow();

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var heard = _heard.ToArray();
        if (heard.Length == 0)
            return;

        await using var connection = await database.Value.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters =
            {
                new() { Value = Array.ConvertAll(heard, entry => entry.Key.Facts.TenantId) },
                new() { Value = Array.ConvertAll(heard, entry => entry.Key.Facts.RouterId) },
                new() { Value = Array.ConvertAll(heard, entry => entry.Value) },
                new() { Value = Array.ConvertAll(heard, entry => entry.Key.HasSentMessageAuthenticator) },
                new() { Value = Array.ConvertAll(heard, entry => entry.Key.LastProof.Secret), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
                new() { Value = Array.ConvertAll(heard, entry => entry.Key.LastProof.At), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
        foreach (var entry in heard)
            _heard.TryRemove(entry);
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
                // What was heard is kept and written with the next.
                LogNotWritten(exception.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "When routers were last heard could not be written ({Reason})")]
    private partial void LogNotWritten(string reason);
}
