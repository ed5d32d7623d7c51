using System.Net;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>
/// Answers the provider's question whether a customer's own payment may come, by the account's rule (mpesa.md, 4.2). In
/// doubt it may: money that came can be placed, money that was refused may never come.
/// </summary>
public sealed class DepositValidation(IspDatabase database, TimeProvider clock)
{
    /// <summary>Keeps the question with its answer.</summary>
    /// <param name="body">At most <see cref="ProviderMessage.MaxBodyBytes"/>.</param>
    public async Task<ValidationAnswer> AnswerAsync(
        CallbackOwner owner, IPAddress? source, byte[] body, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(body.Length, ProviderMessage.MaxBodyBytes);
        var now = clock.GetUtcNow();
        await using var db = await database.OpenAsync(cancellationToken);
        var message = ProviderMessage.Receive(owner, ProviderMessageKind.Validation, paymentRequestId: null, source, body, now);
        db.ProviderMessages.Add(message);

        var answer = ValidationAnswer.Accept;
        if (C2bConfirmation.TryParse(body, out var asked, out var malformed))
        {
            message.Names(asked.Receipt);
            var account = await db.PaymentAccounts.SingleAsync(a => a.Id == owner.PaymentAccountId, cancellationToken);
            answer = await JudgeAsync(db, account, asked, cancellationToken);
        }

        var outcome = malformed is not null ? ProviderMessageOutcome.Malformed
            : answer == ValidationAnswer.Accept ? ProviderMessageOutcome.LetThrough
            : ProviderMessageOutcome.TurnedAway;
        message.Processed(outcome, Note(malformed, answer), now);
        await db.CommitAsync(cancellationToken);
        return answer;
    }

    private static async Task<ValidationAnswer> JudgeAsync(
        IspDbContext db, PaymentAccount account, C2bConfirmation asked, CancellationToken cancellationToken)
    {
        // At a till nobody types an account: there is nothing to refuse by.
        if (account.Validation == ValidationRule.AcceptAll || (account.Kind == ShortCodeKind.Till && asked.Account is null))
            return ValidationAnswer.Accept;

        var reference = AccountNumber.Normalize(asked.Account);
        if (await db.PaymentRequests.Where(r => r.Reference == reference).Select(r => (decimal?)r.Amount).SingleOrDefaultAsync(cancellationToken) is { } wanted)
            return account.Validation == ValidationRule.RefuseWrongAmounts && asked.Amount != wanted ? ValidationAnswer.WrongAmount : ValidationAnswer.Accept;

        return AccountNumber.Exact(asked.Account) is { } number
            && await db.Customers.AnyAsync(c => c.Number == number && c.DeletedAt == null, cancellationToken)
                ? ValidationAnswer.Accept
                : ValidationAnswer.UnknownAccount;
    }

    private static string? Note(string? malformed, ValidationAnswer answer) => malformed ?? answer switch
    {
        ValidationAnswer.UnknownAccount => "No customer has this account number.",
        ValidationAnswer.WrongAmount => "Another amount was asked for.",
        _ => null,
    };
}

public enum ValidationAnswer
{
    Accept,
    UnknownAccount,
    WrongAmount,
}
