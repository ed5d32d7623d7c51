using System.Data.Common;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace EasyIsp.Core.Shared.Hosting;

/// <summary>The database answers both roles within two seconds and has the schema that this program was built for.</summary>
internal sealed class DatabaseHealth(AppDataSource app, PlatformDataSource platform, IspDbOptions options) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private bool _isMigrated;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await AskAsync(app.Value, patience.Token);
            await AskAsync(platform.Value, patience.Token);
            return await IsMigratedAsync(patience.Token)
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The schema is older than the program: run 'prepare'.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy("No answer within 2 seconds.");
        }
        catch (Exception exception) when (exception is DbException or TimeoutException)
        {
            // The message of a driver may name hosts and users: only its kind goes out.
            return HealthCheckResult.Unhealthy($"Not reachable ({(exception as PostgresException)?.SqlState ?? exception.GetType().Name}).");
        }
    }

    private static async Task AskAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select 1");
        await command.ExecuteScalarAsync(cancellationToken);
    }

    private async Task<bool> IsMigratedAsync(CancellationToken cancellationToken)
    {
        if (_isMigrated)
            return true;

        await using var db = new IspDbContext(options.Platform, tenantId: null);
        _isMigrated = !(await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any();
        return _isMigrated;
    }
}

/// <summary>The process hears what the others change; without it, caches and live pages would be stale.</summary>
internal sealed class ChangeFeedHealth(ChangeFeed changes) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(changes.IsListening
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("Not listening to the database's announcements."));
}
