using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace EasyIsp.Core.Persistence;

/// <summary>
/// Names the tenant at the start of each transaction, for that transaction only: nothing leaks through a pool, and
/// PgBouncer's transaction mode and Citus honour nothing else.
/// </summary>
internal sealed class TenantTransactionInterceptor : DbTransactionInterceptor
{
    public static readonly TenantTransactionInterceptor Instance = new();

    public override async ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is IspDbContext { TenantId: { } tenantId })
        {
            await using var command = connection.CreateCommand();
            command.Transaction = result;
            command.CommandText = "select set_config('app.tenant_id', $1, true)";
            var parameter = command.CreateParameter();
            parameter.Value = tenantId.ToString();
            command.Parameters.Add(parameter);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return result;
    }

    public override DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
        => throw new NotSupportedException("Transactions are begun asynchronously.");
}
