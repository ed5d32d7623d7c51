using EasyIsp.Core.Customers;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Subscriptions;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>Asks people to pay: writes the request that <see cref="PromptSender"/> then sends.</summary>
public sealed class Prompts(IspDatabase database, WalkInCustomers walkIns, PaymentProviders providers, TimeProvider clock)
{
    /// <summary>Who asks twice within this time gets the request that is already on its way.</summary>
    public static readonly TimeSpan PatienceBetweenPrompts = TimeSpan.FromSeconds(60);

    /// <summary>A person at a hotspot buys a package with the phone in his hand.</summary>
    public async Task<PromptOutcome> AskWalkInAsync(PromptOrder order, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (order.PackageId is not { } wanted || await OfferAsync(db, wanted, cancellationToken) is not { } package)
            return new PromptOutcome.PackageGone();
        if (await AccountAsync(db, order.RouterId, order.Rail, cancellationToken) is not { } account)
            return new PromptOutcome.NoPaymentAccount();

        var customer = await walkIns.FindOrRegisterAsync(db, order.Phone, order.Device?.Device.MacAddress, cancellationToken);
        if (customer.SuspendedAt is not null)
            return new PromptOutcome.CustomerSuspended();

        // Whoever is new was never asked. The company's other newcomers wait for his number, so nothing is looked up meanwhile.
        if (db.Entry(customer).State != EntityState.Added)
            await Selling.LockAsync(db, customer.Id, cancellationToken);
        var asked = await AskAsync(db, account, customer, order, WholeUnits(package.Price), cancellationToken);
        await db.CommitAsync(cancellationToken);
        return new PromptOutcome.Asked(asked, customer.Id);
    }

    /// <summary>
    /// Participant: a prompt for this customer, or the same one that is on its way already. The caller holds the lock of a
    /// customer who is stored.
    /// </summary>
    /// <returns>The request.</returns>
    internal async Task<Guid> AskAsync(
        IspDbContext db, PaymentAccount account, Customer customer, PromptOrder order, decimal amount, CancellationToken cancellationToken)
    {
        var isNew = db.Entry(customer).State == EntityState.Added;
        if (!isNew && await OpenRequestAsync(db, account, customer, order, amount, cancellationToken) is { } waiting)
            return waiting;

        // At a bank the prompt names the account there, and nothing that repeats a reference of ours is ever heard.
        var reference = account.Kind == ShortCodeKind.BankPaybill ? null
            : isNew ? PromptReference.Draw(customer.Number)
            : await PromptReference.NewAsync(db, customer.Number, cancellationToken);
        var request = PaymentRequest.Create(
            account, customer.Id, order, amount, reference, providers.Of(account.Rail).NewReference(), clock.GetUtcNow());
        db.PaymentRequests.Add(request);
        return request.Id;
    }

    /// <summary>STK push takes whole shillings (mpesa.md, 3.1): a price with cents is asked for rounded up, the rest stays in the wallet.</summary>
    public static decimal WholeUnits(decimal price) => decimal.Ceiling(price);

    /// <summary>
    /// The rails of the accounts that are in use at a router, the one of the newest first: a payer chooses where there are several.
    /// </summary>
    /// <param name="routerId">Null: nobody knows where the payer is.</param>
    public async Task<IReadOnlyList<Rail>> RailsAsync(Guid? routerId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var rails = await AccountsAt(db, routerId).OrderByDescending(a => a.Id).Select(a => a.Rail).ToListAsync(cancellationToken);
        return [.. rails.Distinct()];
    }

    /// <summary>Participant: the account that prompts which begin at a router are sent from.</summary>
    /// <param name="routerId">Null: nobody knows where the payer is.</param>
    /// <param name="rail">Null: whichever the newest has.</param>
    internal Task<PaymentAccount?> AccountAsync(IspDbContext db, Guid? routerId, Rail? rail, CancellationToken cancellationToken)
        => AccountsAt(db, routerId).Where(a => rail == null || a.Rail == rail).OrderByDescending(a => a.Id).FirstOrDefaultAsync(cancellationToken);

    /// <summary>Participant: the Paybill or till that people at a router pay to by themselves, the newest first.</summary>
    /// <param name="routerId">Null: nobody knows where the payer is.</param>
    internal Task<PaymentAccount?> OwnShortCodeAsync(IspDbContext db, Guid? routerId, CancellationToken cancellationToken)
        => AccountsAt(db, routerId).AtOwnShortCode().OrderByDescending(a => a.Id).FirstOrDefaultAsync(cancellationToken);

    /// <summary>Participant: this very account.</summary>
    /// <returns>Null when it is disabled, or no provider prompts for it.</returns>
    internal Task<PaymentAccount?> AccountAsync(IspDbContext db, Guid accountId, CancellationToken cancellationToken)
        => Accounts(db).SingleOrDefaultAsync(a => a.Id == accountId, cancellationToken);

    private static Task<Package?> OfferAsync(IspDbContext db, Guid packageId, CancellationToken cancellationToken)
        => db.Packages.SingleOrDefaultAsync(
            p => p.Id == packageId && p.ArchivedAt == null && p.IsOnPortal && p.AccessType == AccessType.Hotspot && p.Price > 0,
            cancellationToken);

    private IQueryable<PaymentAccount> Accounts(IspDbContext db)
        => db.PaymentAccounts.Where(a => providers.Rails.Contains(a.Rail) && a.DisabledAt == null);

    /// <summary>
    /// The router's own, where it has any; else those that are no router's. What is another router's own is never among them:
    /// it may be somebody else's till.
    /// </summary>
    private IQueryable<PaymentAccount> AccountsAt(IspDbContext db, Guid? routerId)
    {
        var (accounts, bindings) = (Accounts(db), db.PaymentAccountRouters);
        var unbound = accounts.Where(a => !bindings.Any(b => b.PaymentAccountId == a.Id));
        if (routerId is null)
            return unbound;

        var own = accounts.Where(a => bindings.Any(b => b.PaymentAccountId == a.Id && b.RouterId == routerId));
        return accounts.Where(a => own.Select(o => o.Id).Contains(a.Id) || (!own.Any() && unbound.Select(u => u.Id).Contains(a.Id)));
    }

    /// <summary>On this very phone; and by this rail, where the payer chose one.</summary>
    private async Task<Guid?> OpenRequestAsync(
        IspDbContext db, PaymentAccount account, Customer customer, PromptOrder order, decimal amount, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow() - PatienceBetweenPrompts;
        return await db.PaymentRequests
            .Where(r => r.CustomerId == customer.Id && r.Phone == order.Phone && r.PackageId == order.PackageId && r.CreatedAt > since)
            .Where(r => order.Rail == null || db.PaymentAccounts.Any(a => a.Id == r.PaymentAccountId && a.Rail == account.Rail))
            .Where(r => order.PackageId != null || (r.Amount == amount && r.PaymentAccountId == account.Id))
            .Where(r => r.State == PaymentRequestState.Created || r.State == PaymentRequestState.Submitting
                || r.State == PaymentRequestState.SubmittedUnknown || r.State == PaymentRequestState.Pending)
            .OrderByDescending(r => r.CreatedAt)
            .Select(r => (Guid?)r.Id)
            .FirstOrDefaultAsync(cancellationToken);
    }
}

/// <summary>What became of the wish to pay.</summary>
public abstract record PromptOutcome
{
    private PromptOutcome() { }

    /// <summary>The prompt is on its way, or was already.</summary>
    public sealed record Asked(Guid RequestId, Guid CustomerId) : PromptOutcome;

    public sealed record PackageGone : PromptOutcome;

    /// <summary>The tenant has not set up a way to be paid.</summary>
    public sealed record NoPaymentAccount : PromptOutcome;

    public sealed record CustomerSuspended : PromptOutcome;

    public sealed record CustomerGone : PromptOutcome;

    public sealed record Refused(IReadOnlyList<CustomerPromptFault> Faults) : PromptOutcome;

    /// <summary>This phone, this person or this company has asked so often that nothing was sent.</summary>
    public sealed record TooMany(TimeSpan RetryAfter) : PromptOutcome;

    /// <summary>Something else was asked for under this id.</summary>
    public sealed record IdTaken : PromptOutcome;
}
