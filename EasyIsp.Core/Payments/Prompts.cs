using EasyIsp.Core.Customers;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Subscriptions;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>Asks people to pay: writes the request that <see cref="PromptSender"/> then sends.</summary>
public sealed class Prompts(IspDatabase database, WalkInCustomers walkIns, TimeProvider clock)
{
    /// <summary>Who asks twice within this time gets the request that is already on its way.</summary>
    public static readonly TimeSpan PatienceBetweenPrompts = TimeSpan.FromSeconds(60);

    /// <summary>A person at a hotspot buys a package with the phone in his hand.</summary>
    public async Task<PromptOutcome> AskWalkInAsync(PromptOrder order, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await OfferAsync(db, order.PackageId, cancellationToken) is not { } package)
            return new PromptOutcome.PackageGone();
        if (await AccountAsync(db, cancellationToken) is not { } account)
            return new PromptOutcome.NoPaymentAccount();

        var customer = await walkIns.FindOrRegisterAsync(db, order.Phone, order.Device?.Device.MacAddress, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        if (customer.SuspendedAt is not null)
            return new PromptOutcome.CustomerSuspended();

        await Selling.LockAsync(db, customer.Id, cancellationToken);
        if (await OpenRequestAsync(db, customer.Id, package.Id, cancellationToken) is { } waiting)
        {
            await db.CommitAsync(cancellationToken);
            return new PromptOutcome.Asked(waiting, customer.Id);
        }

        var reference = await PromptReference.NewAsync(db, customer.Number, cancellationToken);
        var request = PaymentRequest.Create(account, customer.Id, order, WholeUnits(package.Price), reference, clock.GetUtcNow());
        db.PaymentRequests.Add(request);
        await db.CommitAsync(cancellationToken);
        return new PromptOutcome.Asked(request.Id, customer.Id);
    }

    /// <summary>STK push takes whole shillings (mpesa.md, 3.1): a price with cents is asked for rounded up, the rest stays in the wallet.</summary>
    internal static decimal WholeUnits(decimal price) => decimal.Ceiling(price);

    private static Task<Package?> OfferAsync(IspDbContext db, Guid packageId, CancellationToken cancellationToken)
        => db.Packages.SingleOrDefaultAsync(
            p => p.Id == packageId && p.ArchivedAt == null && p.IsOnPortal && p.AccessType == AccessType.Hotspot && p.Price > 0,
            cancellationToken);

    private static Task<PaymentAccount?> AccountAsync(IspDbContext db, CancellationToken cancellationToken)
        => db.PaymentAccounts.Where(a => a.Rail == Rail.Mpesa && a.DisabledAt == null).OrderByDescending(a => a.Id).FirstOrDefaultAsync(cancellationToken);

    private async Task<Guid?> OpenRequestAsync(IspDbContext db, Guid customerId, Guid packageId, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow() - PatienceBetweenPrompts;
        return await db.PaymentRequests
            .Where(r => r.CustomerId == customerId && r.PackageId == packageId && r.CreatedAt > since)
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
}
