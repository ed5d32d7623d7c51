using EasyIsp.Core.Auditing;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>A person settles a message that nothing could be made of: puts it away, or books the money that it names.</summary>
public sealed class FlaggedDesk(
    IspDatabase database, PaymentProviders providers, Deposits deposits, Actor actor, AuditTrail audit, TimeProvider clock)
{
    /// <param name="reason">What was found out: required.</param>
    /// <returns>False when somebody has settled it already, or no reason is given.</returns>
    public async Task<bool> PutAwayAsync(Guid messageId, string reason, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (string.IsNullOrWhiteSpace(reason) || await LockAsync(db, messageId, cancellationToken) is not { } message)
            return false;

        PutAway(db, message, reason);
        await db.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>
    /// Books the money that the message names into suspense, from where it can be placed. For who has seen it on the
    /// provider's statement: the message itself proves nothing.
    /// </summary>
    public async Task<BookFlaggedOutcome> BookAsync(Guid messageId, string reason, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(reason))
            return new BookFlaggedOutcome.ReasonMissing();

        await using var db = await database.OpenAsync(cancellationToken);
        if (await LockAsync(db, messageId, cancellationToken) is not { } message)
            return new BookFlaggedOutcome.Settled();
        var account = await db.PaymentAccounts.SingleAsync(a => a.Id == message.PaymentAccountId, cancellationToken);
        if (MoneyIn(message, account.Rail) is not { } money)
            return new BookFlaggedOutcome.NamesNoMoney();

        await PaymentRows.LockReceiptAsync(db, money.Receipt, cancellationToken);
        if (await db.Payments.AnyAsync(p => p.Receipt == money.Receipt, cancellationToken))
            return new BookFlaggedOutcome.ReceiptBooked(money.Receipt);
        if (message is { Kind: ProviderMessageKind.Event, PaymentRequestId: { } asked }
            && await db.Payments.AnyAsync(p => p.PaymentRequestId == asked, cancellationToken))
        {
            return new BookFlaggedOutcome.ReceiptBooked(money.Receipt); // by another name of it
        }

        var payment = await deposits.BookAsync(db, account, money, customerId: null, cancellationToken);
        PutAway(db, message, reason);
        audit.Record(db, "payment.book-flagged", payment.Id, new { money.Receipt, money.Amount, Reason = reason });
        await db.CommitAsync(cancellationToken);
        return new BookFlaggedOutcome.Booked(payment.Id);
    }

    private void PutAway(IspDbContext db, ProviderMessage message, string reason)
    {
        message.PutAway(actor.Name.Truncate(120), reason.Trim().Truncate(Allocation.MaxReasonLength), clock.GetUtcNow());
        audit.Record(db, "provider-message.put-away", message.Id, new { Outcome = $"{message.Outcome}", message.Note, Reason = reason });
    }

    private Deposit? MoneyIn(ProviderMessage message, Rail rail) => message.Kind switch
    {
        ProviderMessageKind.Confirmation => C2bConfirmation.TryParse(message.Body, out var confirmation, out _) ? Deposit.Of(confirmation) : null,
        ProviderMessageKind.Callback or ProviderMessageKind.Event => providers.Of(rail).Read(message).Money,
        _ => null,
    };

    /// <returns>Null when it is not flagged, or not any more.</returns>
    private static async Task<ProviderMessage?> LockAsync(IspDbContext db, Guid messageId, CancellationToken cancellationToken)
    {
        var message = await db.ProviderMessages
            .FromSql($"select * from provider_messages where tenant_id = {db.CurrentTenantId} and id = {messageId} for update")
            .SingleOrDefaultAsync(cancellationToken);
        return message is { IsFlagged: true } ? message : null;
    }
}

public abstract record BookFlaggedOutcome
{
    private BookFlaggedOutcome() { }

    public sealed record Booked(Guid PaymentId) : BookFlaggedOutcome;

    public sealed record ReceiptBooked(string Receipt) : BookFlaggedOutcome;

    public sealed record NamesNoMoney : BookFlaggedOutcome;

    /// <summary>Somebody has settled it already.</summary>
    public sealed record Settled : BookFlaggedOutcome;

    public sealed record ReasonMissing : BookFlaggedOutcome;
}
