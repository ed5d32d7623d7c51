using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EasyIsp.Core.Sessions;

/// <summary>
/// Closes sessions whose router went silent (power cut, lost Stop), over all tenants. They ended when they were last
/// heard of, without a cause. Safe to run twice and side by side.
/// </summary>
public sealed partial class StaleSessionsJob(
    PlatformDatabase database, IOptions<SessionsOptions> options, TimeProvider clock, ILogger<StaleSessionsJob> logger)
{
    /// <summary>
    /// An advisory lock: held shared by the RADIUS worker while it decides between open and ended, so that no session
    /// is seen in neither table.
    /// </summary>
    public const int MovingLock = 1813_0002;

    private const int BatchSize = 1000;

    private const string CloseSql = $$"""
        with due as (
          select ctid as place from open_sessions where last_heard_at < {0}
          order by last_heard_at limit {1} for update skip locked),
        ended as (delete from open_sessions o using due where o.ctid = due.place returning o.*),
        kept as (
          insert into sessions (tenant_id, id, router_id, customer_id, subscription_id, voucher_id, user_name, nas_session_id,
            mac_address, address, started_at, last_heard_at, uploaded_bytes, downloaded_bytes, session_seconds, ended_at)
          select tenant_id, id, router_id, customer_id, subscription_id, voucher_id, user_name, nas_session_id,
            mac_address, address, started_at, last_heard_at, uploaded_bytes, downloaded_bytes, session_seconds, last_heard_at
          from ended
          on conflict (tenant_id, id) do nothing),
        used as ({{UnbookedUsage.BookOfEnded}})
        select count(*)::int as "Value" from ended
        """;

    /// <returns>How many sessions were closed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var closed = 0;
        int batch;
        do
        {
            batch = await CloseBatchAsync(cancellationToken);
            closed += batch;
        }
        while (batch == BatchSize);

        if (closed > 0)
            LogClosed(closed, options.Value.SilentAfter);
        return closed;
    }

    private async Task<int> CloseBatchAsync(CancellationToken cancellationToken)
    {
        var silentSince = clock.GetUtcNow() - options.Value.SilentAfter;
        await using var db = await database.OpenAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({MovingLock})", cancellationToken);
        var closed = await db.Database.SqlQueryRaw<int>(CloseSql, silentSince, BatchSize).ToListAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
        return closed[0];
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Closed {Count} sessions that had been silent for {SilentAfter}")]
    private partial void LogClosed(int count, TimeSpan silentAfter);
}
