using EasyIsp.Core.Persistence;
using EasyIsp.Radius.Policy;
using Npgsql;

namespace EasyIsp.Radius.Subscribers;

/// <summary>Makes the first device that logs in the customer's, for good and for every worker.</summary>
internal sealed partial class DeviceBinder(PlatformDataSource database, TimeProvider clock, ILogger<DeviceBinder> logger)
{
    private const string Sql = """
        with bound as (
          insert into customer_devices (tenant_id, id, customer_id, mac_address, is_bound_by_login, created_at)
          values ($1, $2, $3, $4, true, $5)
          on conflict do nothing returning id)
        select exists (select from bound)
          or exists (select from customer_devices where tenant_id = $1 and customer_id = $3 and mac_address = $4)
        """;

    /// <returns>False when another device was first.</returns>
    public async Task<bool> BindAsync(LoginAttempt attempt, Guid customerId, CancellationToken cancellationToken)
    {
        try
        {
            return await WriteAsync(attempt, customerId, cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            LogNotBound(exception.Message);
            return true;
        }
    }

    private async Task<bool> WriteAsync(LoginAttempt attempt, Guid customerId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var command = database.Value.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = attempt.TenantId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7(now) });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = customerId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = attempt.MacAddress! });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is away ({Reason}): a customer gets on, and the next login binds his device")]
    private partial void LogNotBound(string reason);
}
