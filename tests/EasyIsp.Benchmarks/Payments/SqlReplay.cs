using System.Diagnostics;
using EasyIsp.Core.Persistence;
using EasyIsp.Testing;
using Npgsql;

namespace EasyIsp.Benchmarks.Payments;

/// <summary>Carries out recorded units of work barely through Npgsql, on a database as it was before them.</summary>
internal sealed class SqlReplay(TestDatabase database, Guid tenantId) : IAsyncDisposable
{
    /// <summary>It prepares as ours does.</summary>
    private readonly NpgsqlDataSource _app = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.App) { MaxAutoPrepare = 64, NoResetOnClose = true });
    private readonly NpgsqlDataSource _platform = NpgsqlDataSource.Create(database.Platform);

    /// <summary>Once for nothing, so that connections are open and know their tables; then for the clock.</summary>
    /// <param name="phases">One after the other; the units of one at once.</param>
    public async Task<TimeSpan> RunAsync(IReadOnlyList<SqlPhase> phases, CancellationToken cancellationToken)
    {
        await CarryOutAsync(phases, commits: false, cancellationToken);
        var watch = Stopwatch.StartNew();
        await CarryOutAsync(phases, commits: true, cancellationToken);
        return watch.Elapsed;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _platform.DisposeAsync();
    }

    private async Task CarryOutAsync(IReadOnlyList<SqlPhase> phases, bool commits, CancellationToken cancellationToken)
    {
        foreach (var phase in phases)
        {
            await Parallel.ForEachAsync(
                phase.Units,
                new ParallelOptions { MaxDegreeOfParallelism = phase.AtOnce, CancellationToken = cancellationToken },
                async (unit, token) => await CarryOutAsync(unit, commits && unit.IsCommitted, token));
        }
    }

    private async Task CarryOutAsync(SqlUnit unit, bool commits, CancellationToken cancellationToken)
    {
        var isApp = unit.Role == DatabaseRoles.App;
        await using var connection = await (isApp ? _app : _platform).OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (isApp)
        {
            await using var tenant = new NpgsqlCommand("select set_config('app.tenant_id', $1, true)", connection, transaction);
            tenant.Parameters.Add(new NpgsqlParameter { Value = tenantId.ToString() });
            await tenant.ExecuteNonQueryAsync(cancellationToken);
        }

        foreach (var recorded in unit.Commands)
        {
            await using var command = new NpgsqlCommand(recorded.Text, connection, transaction);
            foreach (var parameter in recorded.Parameters)
                command.Parameters.Add(parameter.Clone());
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            do
            {
                while (await reader.ReadAsync(cancellationToken))
                {
                }
            }
            while (await reader.NextResultAsync(cancellationToken));
        }

        if (commits)
            await transaction.CommitAsync(cancellationToken);
    }
}

/// <summary>Units of work of which so many run at once.</summary>
internal sealed record SqlPhase(int AtOnce, IReadOnlyList<SqlUnit> Units);
