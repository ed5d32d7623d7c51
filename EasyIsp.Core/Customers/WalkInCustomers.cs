using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Customers;

/// <summary>Customers whom no member of staff ever entered: they pay at a hotspot, or type a voucher.</summary>
public sealed class WalkInCustomers(TimeProvider clock)
{
    /// <summary>
    /// Participant: the hotspot customer with this phone, else (without a phone) with this device, else a new one. A
    /// phone is a person; a device is only a convenience, since phones change their hardware addresses.
    /// </summary>
    public async Task<Customer> FindOrRegisterAsync(
        IspDbContext db, string? phone, string? macAddress, CancellationToken cancellationToken)
    {
        // Two first visits at once make one customer: whoever comes second waits here and then finds the first's row.
        await db.Database.ExecuteSqlAsync(
            $"select pg_advisory_xact_lock(hashtextextended({db.CurrentTenantId + (phone ?? macAddress ?? "")}, 0))", cancellationToken);

        var hotspot = db.Customers.Where(c => c.AccessType == AccessType.Hotspot && c.DeletedAt == null);
        var known = phone is not null
            ? await hotspot.Where(c => c.Phone == phone).OrderBy(c => c.Id).FirstOrDefaultAsync(cancellationToken)
            : macAddress is not null
                ? await hotspot.Where(c => c.Phone == null && c.MacAddress == macAddress).OrderBy(c => c.Id).FirstOrDefaultAsync(cancellationToken)
                : null;
        var customer = known ?? await RegisterAsync(db, phone, cancellationToken);
        // A number that somebody types proves nothing: only a payment from it ties his device to its owner.
        if (phone is null && macAddress is not null)
            customer.SeenWith(macAddress);
        return customer;
    }

    private async Task<Customer> RegisterAsync(IspDbContext db, string? phone, CancellationToken cancellationToken)
    {
        var number = await db.TakeNumbersAsync(TenantCounters.Customers, 1, clock, cancellationToken);
        var name = phone is null ? $"Guest {number}" : PhoneNumber.ToNational(phone);
        var customer = Customer.Register(
            db.CurrentTenantId,
            number,
            AccessType.Hotspot,
            new CustomerProfile(name, phone),
            UsernameOf(number),
            password: null,
            clock.GetUtcNow());
        db.Customers.Add(customer);
        return customer;
    }

    /// <summary>What RADIUS and the router call a hotspot customer; the customer never sees it.</summary>
    internal static string UsernameOf(long number) => $"c{number}";
}
