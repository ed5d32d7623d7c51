using EasyIsp.Core.Auditing;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Limits;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Subscriptions;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EasyIsp.Core.Payments;

/// <summary>Staff ask a customer to pay: a prompt appears on a phone, for a package or to fill the wallet.</summary>
public sealed class PromptDesk(
    IspDatabase database, Prompts prompts, WalkInCustomers walkIns, TryLimiter limits, Actor actor, AuditTrail audit)
{
    /// <summary>What an account is tried out with.</summary>
    public const decimal TrialAmount = 1;

    /// <summary>
    /// The money settles what was asked for: the package is sold at its price, or the wallet filled and the account's rule
    /// followed. A form that is sent twice asks once, and so do two within <see cref="Prompts.PatienceBetweenPrompts"/>.
    /// </summary>
    public async Task<PromptOutcome> AskAsync(CustomerPrompt wanted, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var customer = await db.Customers.SingleOrDefaultAsync(c => c.Id == wanted.CustomerId && c.DeletedAt == null, cancellationToken);
        if (customer is null)
            return new PromptOutcome.CustomerGone();
        if (await AccountAsync(db, customer, wanted, cancellationToken) is not { } account)
            return new PromptOutcome.NoPaymentAccount();

        var amount = wanted.Amount;
        if (wanted.PackageId is { } packageId)
        {
            if (await OfferAsync(db, packageId, customer.AccessType, cancellationToken) is not { } package)
                return new PromptOutcome.PackageGone();
            if (customer.SuspendedAt is not null)
                return new PromptOutcome.CustomerSuspended();
            amount = Prompts.WholeUnits(package.Price);
        }

        if (CustomerPromptRules.FaultsIn(wanted with { Amount = amount }) is { Count: > 0 } faults)
            return new PromptOutcome.Refused(faults);
        return await SendAsync(
            db, account, customer, new PromptOrder(wanted.PackageId, wanted.Phone, Rail: wanted.Rail) { Id = wanted.Id }, amount, cancellationToken);
    }

    /// <summary>How far a prompt is, in one look.</summary>
    /// <returns>Null when the tenant has no such request.</returns>
    public async Task<PromptStatus?> StatusAsync(Guid requestId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await (
            from request in db.PaymentRequests
            where request.Id == requestId
            join customer in db.Customers on request.CustomerId equals customer.Id
            join account in db.PaymentAccounts on request.PaymentAccountId equals account.Id
            join package in db.Packages on request.PackageId equals (Guid?)package.Id into packages
            from package in packages.DefaultIfEmpty()
            join payment in db.Payments on (Guid?)request.Id equals payment.PaymentRequestId into payments
            from payment in payments.DefaultIfEmpty()
            select new PromptStatus(
                request.Id, request.State, request.Amount, request.Phone, customer.Id, customer.Name, request.PackageId, package == null ? null : package.Name,
                account.Id, account.Name, account.Rail, request.AskedBy, request.ResultCode, request.CreatedAt, request.SubmittedAt, request.SettledAt,
                payment == null ? null : payment.Id, payment == null ? null : payment.Receipt))
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>The account that <see cref="AskAsync"/> would ask this customer through now.</summary>
    /// <returns>Its name; null when there is none, or no such customer.</returns>
    public async Task<string?> AccountForAsync(Guid customerId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var customer = await db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == customerId && c.DeletedAt == null, cancellationToken);
        return customer is null
            ? null
            : (await prompts.AccountAsync(db, await RouterOfAsync(db, customer, cancellationToken), rail: null, cancellationToken))?.Name;
    }

    /// <summary>
    /// One shilling through this very account, by somebody who sets it up: short code and passkey are proved by a prompt alone
    /// (mpesa.md, 3). It is money like any other, in the wallet of the customer with that phone, who is registered when there is none.
    /// </summary>
    /// <param name="id">Of the request to be.</param>
    /// <param name="phone">E.164.</param>
    public async Task<PromptOutcome> TryOutAsync(Guid id, Guid accountId, string phone, CancellationToken cancellationToken)
    {
        if (CustomerPromptRules.FaultsIn(new CustomerPrompt(id, Guid.Empty, phone, TrialAmount)) is { Count: > 0 } faults)
            return new PromptOutcome.Refused(faults);

        await using var db = await database.OpenAsync(cancellationToken);
        if (await prompts.AccountAsync(db, accountId, cancellationToken) is not { } account)
            return new PromptOutcome.NoPaymentAccount();

        var customer = await walkIns.FindOrRegisterAsync(db, phone, macAddress: null, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return await SendAsync(db, account, customer, new PromptOrder(PackageId: null, phone) { Id = id }, TrialAmount, cancellationToken);
    }

    private async Task<PromptOutcome> SendAsync(
        IspDbContext db, PaymentAccount account, Customer customer, PromptOrder order, decimal amount, CancellationToken cancellationToken)
    {
        await Selling.LockAsync(db, customer.Id, cancellationToken);
        if (order.Id is { } id && await db.PaymentRequests.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancellationToken) is { } known)
            return known.Asks(customer.Id, order, amount) ? new PromptOutcome.Asked(id, customer.Id) : new PromptOutcome.IdTaken();

        if (await limits.TakeAsync(
            db.CurrentTenantId,
            cancellationToken,
            LimitRules.PromptByAccount.Of(db.CurrentTenantId, actor.UserId?.ToString("N") ?? actor.Name),
            LimitRules.PromptByTenant.Of(db.CurrentTenantId),
            LimitRules.PromptByPhone.Of(order.Phone)) is { } refusal)
        {
            return new PromptOutcome.TooMany(refusal.RetryAfter);
        }

        var asked = await prompts.AskAsync(db, account, customer, order with { AskedBy = actor.Name.Truncate(PaymentRequest.MaxAskedByLength) }, amount, cancellationToken);
        audit.Record(db, "payment.ask", asked, new { Account = account.Name, Amount = amount, CustomerId = customer.Id, order.PackageId });
        try
        {
            await db.CommitAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException
        {
            SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "ak_payment_requests_tenant_id_id" or "pk_payment_requests",
        })
        {
            // Asked for at the same moment for another customer, whose lock is another.
            return new PromptOutcome.IdTaken();
        }

        return new PromptOutcome.Asked(asked, customer.Id);
    }

    private async Task<PaymentAccount?> AccountAsync(IspDbContext db, Customer customer, CustomerPrompt wanted, CancellationToken cancellationToken)
        => wanted.AccountId is { } chosen
            ? await prompts.AccountAsync(db, chosen, cancellationToken)
            : await prompts.AccountAsync(db, await RouterOfAsync(db, customer, cancellationToken), wanted.Rail, cancellationToken);

    /// <summary>The only one that he may connect at, else the one where he is online; null when nobody knows.</summary>
    internal static async Task<Guid?> RouterOfAsync(IspDbContext db, Customer customer, CancellationToken cancellationToken)
        => customer.AllowedRouterIds is [var only]
            ? only
            : await db.OpenSessions.IgnoreQueryFilters([QueryFilters.Place]).Where(s => s.CustomerId == customer.Id)
                .OrderByDescending(s => s.StartedAt)
                .Select(s => (Guid?)s.RouterId)
                .FirstOrDefaultAsync(cancellationToken);

    private static Task<Package?> OfferAsync(IspDbContext db, Guid packageId, AccessType accessType, CancellationToken cancellationToken)
        => db.Packages.SingleOrDefaultAsync(
            p => p.Id == packageId && p.ArchivedAt == null && p.AccessType == accessType && p.Price > 0, cancellationToken);
}

/// <param name="PaymentId">Null until the money came.</param>
/// <param name="Receipt">Null until the provider told it.</param>
public sealed record PromptStatus(
    Guid Id,
    PaymentRequestState State,
    decimal Amount,
    string Phone,
    Guid CustomerId,
    string Customer,
    Guid? PackageId,
    string? Package,
    Guid AccountId,
    string Account,
    Rail Rail,
    string? AskedBy,
    string? ResultCode,
    DateTimeOffset CreatedAt,
    DateTimeOffset? SubmittedAt,
    DateTimeOffset? SettledAt,
    Guid? PaymentId,
    string? Receipt);
