using EasyIsp.Core.Auditing;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Subscriptions;

/// <summary>
/// Takes a customer's way into the network away and gives it back; what is online then is cut, or brought in line.
/// </summary>
public sealed class AccessControl(
    IspDatabase database, Disconnecting disconnecting, Changing changing, AuditTrail audit, TimeProvider clock)
{
    public Task<AccessOutcome> SuspendAsync(Guid customerId, CancellationToken cancellationToken)
        => ApplyAsync(customerId, "customer.suspend", "suspended", Suspend, cancellationToken);

    public Task<AccessOutcome> ResumeAsync(Guid customerId, CancellationToken cancellationToken)
        => ApplyAsync(customerId, "customer.resume", null, Resume, cancellationToken);

    /// <summary>Cannot be undone: user name, password and device are wiped. What was paid stays in the books.</summary>
    public Task<AccessOutcome> DeleteAsync(Guid customerId, CancellationToken cancellationToken)
        => ApplyAsync(customerId, "customer.delete", "deleted", Delete, cancellationToken);

    /// <summary>Ends what is online now, at the routers that the person sees; the customer may come back at once.</summary>
    public Task<AccessOutcome> DisconnectAsync(Guid customerId, CancellationToken cancellationToken)
        => ApplyAsync(customerId, "customer.disconnect", "staff", (_, _) => true, cancellationToken, isEverywhere: false);

    /// <param name="disconnectReason">Null: the customer's sessions, where there are any, go on with what he has now.</param>
    /// <param name="change">False when the customer is so already.</param>
    /// <param name="isEverywhere">Also where the person sees no router: who is suspended or deleted is so everywhere.</param>
    private async Task<AccessOutcome> ApplyAsync(
        Guid customerId,
        string action,
        string? disconnectReason,
        Func<Customer, DateTimeOffset, bool> change,
        CancellationToken cancellationToken,
        bool isEverywhere = true)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        await Selling.LockAsync(db, customerId, cancellationToken);
        var customer = await db.Customers.SingleOrDefaultAsync(c => c.Id == customerId && c.DeletedAt == null, cancellationToken);
        if (customer is null)
            return new AccessOutcome.Gone();
        if (!change(customer, clock.GetUtcNow()))
            return new AccessOutcome.AsBefore();

        var ending = disconnectReason is null ? 0 : await OrderDisconnectsAsync(db, customerId, disconnectReason, isEverywhere, cancellationToken);
        if (disconnectReason is null)
            await changing.ChangeAllOfAsync(db, customerId, "resumed", cancellationToken);
        audit.Record(db, action, customerId, new { Sessions = ending });
        await db.CommitAsync(cancellationToken);
        return new AccessOutcome.Applied(ending);
    }

    private async Task<int> OrderDisconnectsAsync(
        IspDbContext db, Guid customerId, string reason, bool isEverywhere, CancellationToken cancellationToken)
    {
        var open = isEverywhere ? db.OpenSessions.IgnoreQueryFilters([QueryFilters.Place]) : db.OpenSessions;
        var sessions = await open.Where(s => s.CustomerId == customerId).Select(s => s.Id).ToListAsync(cancellationToken);
        return (await disconnecting.DisconnectAsync(db, sessions, reason, cancellationToken)).Count;
    }

    private static bool Suspend(Customer customer, DateTimeOffset now)
    {
        if (customer.SuspendedAt is not null)
            return false;
        customer.Suspend(now);
        return true;
    }

    private static bool Resume(Customer customer, DateTimeOffset now)
    {
        if (customer.SuspendedAt is null)
            return false;
        customer.Resume();
        return true;
    }

    private static bool Delete(Customer customer, DateTimeOffset now)
    {
        customer.Delete(now);
        return true;
    }
}

public abstract record AccessOutcome
{
    private AccessOutcome() { }

    /// <param name="SessionsEnding">How many sessions the routers were told to end.</param>
    public sealed record Applied(int SessionsEnding) : AccessOutcome;

    /// <summary>Somebody had already done it; nothing was written.</summary>
    public sealed record AsBefore : AccessOutcome;

    /// <summary>There is no such customer any more.</summary>
    public sealed record Gone : AccessOutcome;
}
