using System.Collections.Concurrent;
using EasyIsp.Core.Persistence;
using Npgsql;

namespace EasyIsp.Radius.Routers;

/// <summary>
/// Keeps with each router when it was last heard, and that it signs its Access-Requests. Written together, not with
/// every packet; only genuine packets count.
/// </summary>
internal sealed partial class NasHeartbeat(
    PlatformDataSource database, TimeProvider clock, ILogger<NasHeartbeat> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private const string Sql = """
        update routers r set
          last_heard_at = greatest(r.last_heard_at, h.at),
          sent_message_authenticator_at = case when h.signs then coalesce(r.sent_message_authenticator_at, h.at)
            else r.sent_message_authenticator_at end
        from unnest($1, $2, $3, $4) as h(tenant_id, id, at, signs)
        where r.tenant_id = h.tenant_id and r.id = h.id
        """;

    private readonly ConcurrentDictionary<Nas, DateTimeOffset> _heard = new();

    public void Heard(Nas nas) => _heard[nas] = clock.GetUtcNow();

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
                new() { Value = Array.ConvertAll(heard, entry => entry.Key.TenantId) },
                new() { Value = Array.ConvertAll(heard, entry => entry.Key.RouterId) },
                new() { Value = Array.ConvertAll(heard, entry => entry.Value) },
                new() { Value = Array.ConvertAll(heard, entry => entry.Key.Verifier.HasSentMessageAuthenticator) },
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
