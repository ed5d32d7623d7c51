using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>
/// Lets an SMS stand for the provider's word, where the tenant's policy or a person says so. It is then told as a
/// confirmation would be, below the same locks, but without the payer's number: that is no evidence out of an SMS.
/// Participants; the caller holds the receipt's lock, and has seen that no payment has the receipt.
/// </summary>
public sealed class MoneySmsBooking(ConfirmationReading confirmations, TimeProvider clock)
{
    /// <summary>Only a signed phone's message, of a sender whom the phone's owner believes, of a family that the account's policy names.</summary>
    internal async Task<(MoneySmsOutcome, string? Note)> ByPolicyAsync(
        IspDbContext db, MoneySms sms, SmsFacts facts, CancellationToken cancellationToken)
    {
        if (sms is not { Source: MoneySmsSource.SignedByPhone, PhoneId: { } phoneId, PaymentAccountId: { } accountId } || facts.Family is not { } family)
            return (MoneySmsOutcome.Hint, null);
        if (!await db.MoneySmsPolicies.AnyAsync(p => p.PaymentAccountId == accountId && p.Books.Contains(family), cancellationToken))
            return (MoneySmsOutcome.Hint, null);

        var phone = await db.ForwardingPhones.AsNoTracking().SingleAsync(p => p.Id == phoneId, cancellationToken);
        if (!phone.Senders.Contains(sms.Sender))
            return (MoneySmsOutcome.Hint, "Its sender is not among those that the phone's owner believes.");

        var account = await db.PaymentAccounts.SingleAsync(a => a.Id == accountId, cancellationToken);
        if (!MoneySmsKinds.Fits(facts.Kind, account.Kind))
            return (MoneySmsOutcome.Hint, "It tells of another kind of account than the phone's.");
        if (!IsRecent(sms, facts))
            return (MoneySmsOutcome.Hint, $"It is not of the last {MoneySms.BooksWithin.Days} days, or names no day.");

        return await BookAsync(db, sms, account, facts, mayHold: true, cancellationToken);
    }

    /// <param name="mayHold">Not when a person books it: then a prompt's money is placed from suspense.</param>
    internal async Task<(MoneySmsOutcome, string? Note)> BookAsync(
        IspDbContext db, MoneySms sms, PaymentAccount account, SmsFacts facts, bool mayHold, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var told = ToldBy(sms, account, facts);
        if (told.Account is null && account.Kind == ShortCodeKind.Till)
        {
            await PaymentRows.LockTillAsync(db, account.ShortCode, told.Amount, cancellationToken);
            if (mayHold && await TillMatching.MayBeAskedForAsync(db, account, told.Amount, told.PaidAt ?? now, cancellationToken))
                return (MoneySmsOutcome.Held, "A prompt for this amount is under way at the till; the provider says which is which.");
        }

        var (outcome, note) = await confirmations.TellAsync(db, account, told, cancellationToken);
        if (outcome is ProviderMessageOutcome.ReceiptTaken or ProviderMessageOutcome.AmountMismatch)
            return (MoneySmsOutcome.ReceiptTaken, note);

        sms.Booked(now);
        return (MoneySmsOutcome.Booked, note);
    }

    private static bool IsRecent(MoneySms sms, SmsFacts facts)
        => (facts.SaidAt ?? SmsFigures.DayOf(facts.Receipt!)) is { } said
            && said > sms.ReceivedAt - MoneySms.BooksWithin && said < sms.ReceivedAt + TimeSpan.FromDays(1);

    private static C2bConfirmation ToldBy(MoneySms sms, PaymentAccount account, SmsFacts facts) => new()
    {
        Receipt = facts.Receipt!,
        Amount = facts.Amount!.Value,
        ShortCode = account.ShortCode,
        Account = MoneySmsKinds.NamesPayersAccount(facts.Kind) ? facts.Account : null,
        PaidAt = facts.SaidAt ?? sms.ReceivedAt,
        PayerName = facts.PayerName,
    };
}
