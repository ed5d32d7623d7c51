using System.Globalization;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>
/// Makes something of one confirmation. Evidence in this order: the receipt, the request that the account names, the
/// customer whose number it is; never the phone alone. What is left is booked all the same, and waits in suspense.
/// </summary>
public sealed class ConfirmationReading(Settlement settlement, Deposits deposits, TimeProvider clock)
{
    /// <summary>Participant.</summary>
    internal async Task<(ProviderMessageOutcome, string? Note)> UnderstandAsync(
        IspDbContext db, ProviderMessage message, CancellationToken cancellationToken)
    {
        if (!C2bConfirmation.TryParse(message.Body, out var confirmation, out var malformed))
            return (ProviderMessageOutcome.Malformed, malformed);

        message.Names(confirmation.Receipt);
        var account = await db.PaymentAccounts.SingleAsync(a => a.Id == message.PaymentAccountId, cancellationToken);
        if (!account.IsCalled(confirmation.ShortCode))
            return (ProviderMessageOutcome.UnknownRequest, $"It names short code {confirmation.ShortCode}, its address is of {account.ShortCode}.");

        return await TellAsync(db, account, confirmation, cancellationToken);
    }

    /// <summary>Participant: the provider, or whoever is believed as he would be, says that money came to this account.</summary>
    internal async Task<(ProviderMessageOutcome, string? Note)> TellAsync(
        IspDbContext db, PaymentAccount account, C2bConfirmation confirmation, CancellationToken cancellationToken)
    {
        await PaymentRows.LockReceiptAsync(db, confirmation.Receipt, cancellationToken);
        if (account.Kind == ShortCodeKind.Till)
            await PaymentRows.LockTillAsync(db, account.ShortCode, confirmation.Amount, cancellationToken);
        return await PaymentRows.LockReceiptedAsync(db, confirmation.Receipt, cancellationToken) is { } known
            ? await AgainAsync(db, account, known, confirmation, cancellationToken)
            : await FirstAsync(db, account, confirmation, cancellationToken);
    }

    private async Task<(ProviderMessageOutcome, string?)> AgainAsync(
        IspDbContext db, PaymentAccount account, Payment known, C2bConfirmation confirmation, CancellationToken cancellationToken)
    {
        if (known.Amount != confirmation.Amount)
        {
            return (ProviderMessageOutcome.AmountMismatch, string.Create(
                CultureInfo.InvariantCulture, $"It says {confirmation.Amount}; {known.Amount} is booked for its receipt."));
        }

        if (known.IsGuess && await WronglyTakenAsync(db, account, known, confirmation, cancellationToken) is { } request)
        {
            if (await settlement.GiveUpAsync(db, known, cancellationToken))
                return await FirstAsync(db, account, confirmation, cancellationToken);
            if (confirmation.Account is not null)
                return (ProviderMessageOutcome.ReceiptTaken, $"It names account {confirmation.Account}; its receipt paid prompt {request.Reference}.");
        }

        // Who told first may not have known the account, nor who paid. What a person has moved since stays where it is.
        var waits = known.IsInSuspense && !await db.Allocations.AnyAsync(a => a.PaymentId == known.Id, cancellationToken);
        var namesAccountFirst = waits && confirmation.Account is not null
            && (known.TypedAccount is null || await IsOfFileAsync(db, confirmation.Receipt, cancellationToken));
        known.Learn(confirmation);
        if (namesAccountFirst)
            await PlaceAsync(db, account, known, confirmation, cancellationToken);
        else if (waits && await TillMatching.AskedAsync(db, account, confirmation with { PayerNumber = known.PayerNumber }, clock.GetUtcNow(), cancellationToken) is { } asked)
            await deposits.JoinAsync(db, asked, known, AllocationGrounds.Provider("Who paid was told later"), cancellationToken);
        return (ProviderMessageOutcome.Repeated, null);
    }

    /// <summary>A file named the account, which credits nobody: the provider's own word does.</summary>
    private static Task<bool> IsOfFileAsync(IspDbContext db, string receipt, CancellationToken cancellationToken)
        => db.StatementLines.AnyAsync(l => l.Receipt == receipt && l.Source == StatementSource.Upload, cancellationToken);

    /// <returns>
    /// The request that was taken to be paid by this money, when it now names another account, or at a till another payer: a
    /// prompt is paid by the phone that was asked. Null when nothing speaks against it.
    /// </returns>
    private static async Task<PaymentRequest?> WronglyTakenAsync(
        IspDbContext db, PaymentAccount account, Payment known, C2bConfirmation confirmation, CancellationToken cancellationToken)
    {
        var request = await db.PaymentRequests.AsNoTracking().SingleAsync(r => r.Id == known.PaymentRequestId, cancellationToken);
        var isAnothers = account.Kind == ShortCodeKind.Till
            ? PayerNumber.IsAnothers(confirmation.PayerNumber, request.Phone)
            : confirmation.Account is { } named && request.Reference is { } reference && reference != AccountNumber.Normalize(named);
        return isAnothers ? request : null;
    }

    /// <summary>What waits is whose it would have been, had its account been known.</summary>
    private async Task PlaceAsync(
        IspDbContext db, PaymentAccount account, Payment known, C2bConfirmation confirmation, CancellationToken cancellationToken)
    {
        var named = await NamedAsync(db, confirmation, cancellationToken);
        if (named is not null && named.Amount == known.Amount)
        {
            await SettleAsync(db, named.Id, confirmation, cancellationToken);
        }
        else if ((named?.CustomerId ?? await CustomerAsync(db, confirmation, cancellationToken)) is { } customerId)
        {
            await deposits.PlaceAsync(db, known, customerId, AllocationGrounds.Provider("Its account was told later"), cancellationToken);
            await deposits.FollowAsync(db, known, customerId, account.Deposits, cancellationToken);
        }
    }

    private async Task<(ProviderMessageOutcome, string?)> FirstAsync(
        IspDbContext db, PaymentAccount account, C2bConfirmation confirmation, CancellationToken cancellationToken)
    {
        var named = await NamedAsync(db, confirmation, cancellationToken);
        if (named is not null && named.Amount == confirmation.Amount)
            return await SettleAsync(db, named.Id, confirmation, cancellationToken);
        if (named is null && confirmation.Account is null && await WasAskedAsync(db, account, confirmation, cancellationToken))
            return (ProviderMessageOutcome.Repeated, null);

        var customerId = named?.CustomerId ?? await CustomerAsync(db, confirmation, cancellationToken);
        await deposits.BookAsync(db, account, Deposit.Of(confirmation), customerId, cancellationToken);
        return (customerId is null ? ProviderMessageOutcome.Unmatched : ProviderMessageOutcome.Settled, null);
    }

    /// <summary>The request whose reference was told. A number alone is a customer's, never a reference.</summary>
    private static async Task<NamedRequest?> NamedAsync(IspDbContext db, C2bConfirmation confirmation, CancellationToken cancellationToken)
    {
        var reference = AccountNumber.Normalize(confirmation.Account);
        return reference.All(char.IsAsciiDigit)
            ? null
            : await db.PaymentRequests.Where(r => r.Reference == reference)
                .Select(r => new NamedRequest(r.Id, r.CustomerId, r.Amount))
                .SingleOrDefaultAsync(cancellationToken);
    }

    private async Task<(ProviderMessageOutcome, string?)> SettleAsync(
        IspDbContext db, Guid requestId, C2bConfirmation confirmation, CancellationToken cancellationToken)
    {
        var request = await PaymentRows.LockRequestAsync(db, requestId, cancellationToken);
        var evidence = new PaidEvidence(confirmation.Receipt, confirmation.PaidAt, confirmation);
        return await settlement.SettleAsync(db, request!, evidence, cancellationToken) switch
        {
            SettlementOutcome.Settled => (ProviderMessageOutcome.Settled, null),
            SettlementOutcome.Known => (ProviderMessageOutcome.Repeated, null),
            _ => (ProviderMessageOutcome.ReceiptTaken, $"Receipt {confirmation.Receipt} belongs to another payment."),
        };
    }

    /// <summary>
    /// Participant: a file has the receipt of a prompt that is paid as a query said. It stays a guess, which whoever names the
    /// prompt puts right; without the payer's number it could not be told for one.
    /// </summary>
    /// <returns>False when no such prompt waits for its receipt.</returns>
    internal async Task<bool> FindsReceiptAsync(
        IspDbContext db, PaymentAccount account, C2bConfirmation told, CancellationToken cancellationToken)
    {
        if (told.PayerNumber is null)
            return false;
        if (await NamedAsync(db, told, cancellationToken) is not { } named)
            return await WasAskedAsync(db, account, told, cancellationToken);
        if (named.Amount != told.Amount
            || await PaymentRows.LockRequestAsync(db, named.Id, cancellationToken) is not { } request
            || await PaymentRows.LockPaymentOfAsync(db, request, cancellationToken) is not { Receipt: null } paid)
            return false;

        paid.Enrich(told.Receipt, told.PaidAt);
        paid.Learn(told with { Account = null });
        return true;
    }

    /// <summary>At a till: a query said already that a prompt is paid, and this is its receipt.</summary>
    private async Task<bool> WasAskedAsync(
        IspDbContext db, PaymentAccount account, C2bConfirmation confirmation, CancellationToken cancellationToken)
    {
        if (await TillMatching.AskedAsync(db, account, confirmation, clock.GetUtcNow(), cancellationToken) is not { } asked)
            return false;

        asked.Enrich(confirmation.Receipt, confirmation.PaidAt);
        asked.Learn(confirmation);
        return true;
    }

    private static async Task<Guid?> CustomerAsync(IspDbContext db, C2bConfirmation confirmation, CancellationToken cancellationToken)
        => AccountNumber.Exact(confirmation.Account) is { } number
            ? await db.Customers.Where(c => c.Number == number && c.DeletedAt == null).Select(c => (Guid?)c.Id).SingleOrDefaultAsync(cancellationToken)
            : null;

    private sealed record NamedRequest(Guid Id, Guid CustomerId, decimal Amount);
}
