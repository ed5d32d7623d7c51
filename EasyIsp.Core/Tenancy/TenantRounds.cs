using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Tenancy;

/// <summary>A row of some tenant, as sweeping workers find it.</summary>
public sealed record RowKey(Guid TenantId, Guid Id);

/// <summary>Goes round the rows of many tenants, each in a scope of its own tenant.</summary>
public sealed partial class TenantRounds(IServiceScopeFactory scopes, ILogger<TenantRounds> logger)
{
    /// <summary>One row that fails (the database's own refusal, a bug) must not hold up the others; the next round finds it again.</summary>
    public Task ForEachAsync<TService>(
        IReadOnlyCollection<RowKey> rows, int atOnce, Func<TService, Guid, CancellationToken, Task> work, CancellationToken cancellationToken)
        where TService : notnull
        => Parallel.ForEachAsync(
            rows,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken },
            async (row, token) =>
            {
                try
                {
                    await using var scope = scopes.CreateAsyncScope();
                    scope.ServiceProvider.GetRequiredService<TenantContext>().Use(row.TenantId);
                    await work(scope.ServiceProvider.GetRequiredService<TService>(), row.Id, token);
                }
                catch (Exception exception) when (!token.IsCancellationRequested)
                {
                    LogFailed(exception, typeof(TService).Name, row.Id);
                }
            });

    [LoggerMessage(Level = LogLevel.Error, Message = "{Work} failed on {RowId}; it is tried again")]
    private partial void LogFailed(Exception exception, string work, Guid rowId);
}
