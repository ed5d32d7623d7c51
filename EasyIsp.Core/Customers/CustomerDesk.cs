using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EasyIsp.Core.Customers;

/// <summary>What staff do with the people they serve: enter them, correct them, read them their password.</summary>
public sealed class CustomerDesk(IspDatabase database, SecretCodec codec, AuditTrail audit, TimeProvider clock)
{
    private const int GeneratedPasswordLength = 10;

    public async Task<RegisterOutcome> RegisterAsync(CustomerDraft draft, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var country = await CountryAsync(db, cancellationToken);
        if (CustomerRules.FaultsIn(draft, country) is { Count: > 0 } faults)
            return new RegisterOutcome.Refused(faults);

        var number = await db.TakeNumbersAsync(TenantCounters.Customers, 1, clock, cancellationToken);
        var customer = draft.AccessType == AccessType.Pppoe
            ? RegisterHome(db, draft, number, country)
            : Customer.Register(
                db.CurrentTenantId, number, AccessType.Hotspot, draft.ToProfile(country), WalkInCustomers.UsernameOf(number), null, clock.GetUtcNow());
        db.Customers.Add(customer);
        audit.Record(db, "customer.register", customer.Id, new { customer.Number, customer.Name });
        try
        {
            await db.CommitAsync(cancellationToken);
        }
        catch (DbUpdateException conflict) when (IsUsernameTaken(conflict))
        {
            return new RegisterOutcome.Refused([CustomerFault.UsernameTaken]);
        }

        return new RegisterOutcome.Registered(customer.Id, number);
    }

    /// <summary>A customer as the form shows him, without his password.</summary>
    /// <returns>Null when there is none or he was deleted.</returns>
    public async Task<CustomerInHand?> TakeInHandAsync(Guid customerId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await FindAsync(db, customerId, cancellationToken) is { } customer
            ? new CustomerInHand(DraftOf(customer), customer.Number)
            : null;
    }

    /// <param name="original">
    /// What the draft began as: a colleague's change since then is not overwritten, while the customer may well have
    /// come online or bought something.
    /// </param>
    public async Task<ChangeOutcome> ChangeAsync(
        Guid customerId, CustomerDraft draft, CustomerDraft original, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"select 1 from customers where tenant_id = {db.CurrentTenantId} and id = {customerId} for update", cancellationToken);
        if (await FindAsync(db, customerId, cancellationToken) is not { } customer)
            return new ChangeOutcome.Gone();
        if (DraftOf(customer) != original)
            return new ChangeOutcome.ChangedMeanwhile();

        var country = await CountryAsync(db, cancellationToken);
        draft = draft with { AccessType = customer.AccessType };
        if (CustomerRules.FaultsIn(draft, country) is { Count: > 0 } faults)
            return new ChangeOutcome.Refused(faults);

        customer.Change(draft.ToProfile(country));
        if (customer.AccessType == AccessType.Pppoe)
            customer.GiveAccess(draft.Username!, ProtectOrNull(db, draft.Password));
        audit.Record(db, "customer.change", customer.Id, new { Changed = ChangedFields(db, customer) });
        try
        {
            await db.CommitAsync(cancellationToken);
        }
        catch (DbUpdateException conflict) when (IsUsernameTaken(conflict))
        {
            return new ChangeOutcome.Refused([CustomerFault.UsernameTaken]);
        }

        return new ChangeOutcome.Changed();
    }

    /// <summary>A named reveal: whoever asks is written down, whether he looks or not.</summary>
    /// <returns>Null when the customer has no password: he is deleted, or connects at a hotspot.</returns>
    public async Task<string?> RevealPasswordAsync(Guid customerId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await FindAsync(db, customerId, cancellationToken) is not { Password: { } password } customer)
            return null;

        audit.Record(db, "customer.reveal-password", customer.Id);
        await db.CommitAsync(cancellationToken);
        return codec.Reveal(customer.TenantId, password);
    }

    private static CustomerDraft DraftOf(Customer customer) => new(
        customer.AccessType,
        customer.Name,
        customer.Phone,
        customer.Email,
        customer.Address,
        customer.Notes,
        customer.Latitude,
        customer.Longitude,
        customer.Username);

    private Customer RegisterHome(IspDbContext db, CustomerDraft draft, long number, string country)
        => Customer.Register(
            db.CurrentTenantId,
            number,
            AccessType.Pppoe,
            draft.ToProfile(country),
            draft.Username!,
            ProtectOrNull(db, draft.Password) ?? codec.Protect(db.CurrentTenantId, RandomText.Readable(GeneratedPasswordLength)),
            clock.GetUtcNow());

    private Secret? ProtectOrNull(IspDbContext db, string? password)
        => string.IsNullOrEmpty(password) ? null : codec.Protect(db.CurrentTenantId, password);

    /// <summary>Names alone: old and new values may be somebody's private affair.</summary>
    private static string[] ChangedFields(IspDbContext db, Customer customer)
        => [.. db.Entry(customer).Properties.Where(property => property.IsModified).Select(property => property.Metadata.Name)];

    private static Task<Customer?> FindAsync(IspDbContext db, Guid customerId, CancellationToken cancellationToken)
        => db.Customers.SingleOrDefaultAsync(c => c.Id == customerId && c.DeletedAt == null, cancellationToken);

    private static Task<string> CountryAsync(IspDbContext db, CancellationToken cancellationToken)
        => db.Tenants.Where(t => t.Id == db.CurrentTenantId).Select(t => t.Country).SingleAsync(cancellationToken);

    private static bool IsUsernameTaken(DbUpdateException conflict) => conflict.InnerException is PostgresException
    {
        SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "ix_customers_tenant_id_username",
    };
}

/// <summary>A customer taken out to be edited.</summary>
public sealed record CustomerInHand(CustomerDraft Draft, long Number);

public abstract record RegisterOutcome
{
    private RegisterOutcome() { }

    public sealed record Registered(Guid CustomerId, long Number) : RegisterOutcome;

    public sealed record Refused(IReadOnlyList<CustomerFault> Faults) : RegisterOutcome;
}

public abstract record ChangeOutcome
{
    private ChangeOutcome() { }

    public sealed record Changed : ChangeOutcome;

    /// <summary>The customer was deleted, or never was.</summary>
    public sealed record Gone : ChangeOutcome;

    /// <summary>Somebody else changed the customer since the draft was taken; nothing was written.</summary>
    public sealed record ChangedMeanwhile : ChangeOutcome;

    public sealed record Refused(IReadOnlyList<CustomerFault> Faults) : ChangeOutcome;
}
