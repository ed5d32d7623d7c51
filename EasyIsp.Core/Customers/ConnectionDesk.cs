using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EasyIsp.Core.Customers;

/// <summary>
/// What staff decide of a customer's connection: his own addresses, where and with which devices he may connect. All of
/// it counts from the next login on.
/// </summary>
public sealed class ConnectionDesk(IspDatabase database, AuditTrail audit, TimeProvider clock)
{
    /// <returns>Null when there is no such customer or he was deleted.</returns>
    public async Task<ConnectionInHand?> TakeInHandAsync(Guid customerId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await FindAsync(db, customerId, cancellationToken) is not { } customer)
            return null;

        var devices = await db.CustomerDevices.AsNoTracking()
            .Where(d => d.CustomerId == customerId)
            .OrderBy(d => d.Id)
            .Select(d => new DeviceRow(d.Id, d.MacAddress, d.Label, d.IsBoundByLogin, d.CreatedAt))
            .ToListAsync(cancellationToken);
        return new ConnectionInHand(DraftOf(customer), devices);
    }

    /// <param name="original">What the draft began as: a colleague's change since then is not overwritten.</param>
    public async Task<ConnectionOutcome> ChangeAsync(
        Guid customerId, ConnectionDraft draft, ConnectionDraft original, CancellationToken cancellationToken)
    {
        if (ConnectionRules.FaultsIn(draft) is { Count: > 0 } faults)
            return new ConnectionOutcome.Refused(faults);

        await using var db = await database.OpenAsync(cancellationToken);
        await LockAsync(db, customerId, cancellationToken);
        if (await FindAsync(db, customerId, cancellationToken) is not { } customer)
            return new ConnectionOutcome.Gone();
        if (!DraftOf(customer).IsSameAs(original))
            return new ConnectionOutcome.ChangedMeanwhile();

        customer.Connect(
            ConnectionRules.ParseAddress(draft.StaticAddress),
            ConnectionRules.ParsePrefix(draft.DelegatedPrefix),
            draft.DeviceLock,
            [.. draft.RouterIds.Distinct().Order()]);
        audit.Record(db, "customer.change-connection", customer.Id, new
        {
            StaticAddress = customer.StaticAddress?.ToString(),
            DelegatedPrefix = customer.DelegatedPrefix?.ToString(),
            DeviceLock = customer.DeviceLock.ToString(),
            Routers = customer.AllowedRouterIds,
        });
        return await CommitAsync(db, cancellationToken);
    }

    /// <summary>Writes a device down that the customer may use from now on.</summary>
    public async Task<ConnectionOutcome> AddDeviceAsync(Guid customerId, string? macAddress, string? label, CancellationToken cancellationToken)
    {
        if (ConnectionRules.FaultsInDevice(macAddress, label) is { Count: > 0 } faults)
            return new ConnectionOutcome.Refused(faults);

        await using var db = await database.OpenAsync(cancellationToken);
        await LockAsync(db, customerId, cancellationToken);
        if (await FindAsync(db, customerId, cancellationToken) is not { } customer)
            return new ConnectionOutcome.Gone();
        if (await db.CustomerDevices.CountAsync(d => d.CustomerId == customerId, cancellationToken) >= CustomerDevice.MaxPerCustomer)
            return new ConnectionOutcome.Refused([ConnectionFault.TooManyDevices]);

        var device = CustomerDevice.Add(
            customer.TenantId, customer.Id, MacAddress.Normalize(macAddress)!, label, clock.GetUtcNow());
        db.CustomerDevices.Add(device);
        audit.Record(db, "customer.add-device", customer.Id, new { device.MacAddress, device.Label });
        return await CommitAsync(db, cancellationToken);
    }

    /// <summary>The device is the customer's no longer; where the first one binds itself, the next to log in takes its place.</summary>
    public async Task<ConnectionOutcome> RemoveDeviceAsync(Guid customerId, Guid deviceId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await db.CustomerDevices.SingleOrDefaultAsync(d => d.Id == deviceId && d.CustomerId == customerId, cancellationToken) is not { } device)
            return new ConnectionOutcome.Gone();

        db.CustomerDevices.Remove(device);
        audit.Record(db, "customer.remove-device", customerId, new { device.MacAddress, device.Label });
        return await CommitAsync(db, cancellationToken);
    }

    private static async Task<ConnectionOutcome> CommitAsync(IspDbContext db, CancellationToken cancellationToken)
    {
        try
        {
            await db.CommitAsync(cancellationToken);
            return new ConnectionOutcome.Saved();
        }
        catch (DbUpdateException conflict) when (FaultOf(conflict) is { } fault)
        {
            return new ConnectionOutcome.Refused([fault]);
        }
    }

    private static ConnectionFault? FaultOf(DbUpdateException conflict) => (conflict.InnerException as PostgresException)?.ConstraintName switch
    {
        "ix_customers_tenant_id_static_address" => ConnectionFault.StaticAddressTaken,
        "ex_customers_delegated_prefix" => ConnectionFault.DelegatedPrefixTaken,
        "ix_customer_devices_tenant_id_customer_id_mac_address" => ConnectionFault.MacAddressTaken,
        _ => null,
    };

    private static ConnectionDraft DraftOf(Customer customer)
        => new(customer.StaticAddress?.ToString(), customer.DelegatedPrefix?.ToString(), customer.DeviceLock, customer.AllowedRouterIds);

    private static Task<int> LockAsync(IspDbContext db, Guid customerId, CancellationToken cancellationToken)
        => db.Database.ExecuteSqlAsync(
            $"select 1 from customers where tenant_id = {db.CurrentTenantId} and id = {customerId} for update", cancellationToken);

    private static Task<Customer?> FindAsync(IspDbContext db, Guid customerId, CancellationToken cancellationToken)
        => db.Customers.SingleOrDefaultAsync(c => c.Id == customerId && c.DeletedAt == null, cancellationToken);
}

/// <summary>A customer's connection taken out to be edited.</summary>
public sealed record ConnectionInHand(ConnectionDraft Draft, IReadOnlyList<DeviceRow> Devices);

public sealed record DeviceRow(Guid Id, string MacAddress, string? Label, bool IsBoundByLogin, DateTimeOffset CreatedAt);

public abstract record ConnectionOutcome
{
    private ConnectionOutcome() { }

    public sealed record Saved : ConnectionOutcome;

    /// <summary>The customer, or the device, is not there any more.</summary>
    public sealed record Gone : ConnectionOutcome;

    /// <summary>Somebody else changed the connection since the draft was taken; nothing was written.</summary>
    public sealed record ChangedMeanwhile : ConnectionOutcome;

    public sealed record Refused(IReadOnlyList<ConnectionFault> Faults) : ConnectionOutcome;
}
