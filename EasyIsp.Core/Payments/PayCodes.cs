using System.Security.Cryptography;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>
/// A picture that M-Pesa's app reads, with which a customer pays his account (mpesa.md, 12). What he pays by it is a payment
/// of his own: it comes by confirmation or by the pulled statement, not as the answer to a prompt.
/// </summary>
public sealed class PayCodes(IspDatabase database, Prompts prompts, SecretCodec codec, IDarajaOperations daraja)
{
    /// <param name="amount">Whole shillings.</param>
    public async Task<PayCodeOutcome> MakeAsync(Guid customerId, decimal amount, CancellationToken cancellationToken)
    {
        if (!StkPushOrder.TakesAmount(amount))
            return new PayCodeOutcome.AmountWrong();
        if (await ReadAsync(customerId, cancellationToken) is not { } read)
            return new PayCodeOutcome.CustomerGone();
        if (read.Account is not { } account)
            return new PayCodeOutcome.NoPaymentAccount();

        var order = new QrOrder(read.Company, $"{read.Customer.Number}", amount);
        return await AskAsync(account, order, cancellationToken) switch
        {
            QrResult.Made made => new PayCodeOutcome.Made(new PayCode(
                made.Png, read.Customer.Name, account.TillNumber ?? account.ShortCode, account.Kind == ShortCodeKind.Till, read.Customer.Number, amount, read.IsHeard)),
            QrResult.NotMade not => new PayCodeOutcome.NotMade(not.Reason),
            var other => throw new InvalidOperationException($"No such result: {other.GetType().Name}."),
        };
    }

    private async Task<Wanted?> ReadAsync(Guid customerId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == customerId && c.DeletedAt == null, cancellationToken) is not { } customer)
            return null;

        var company = await db.Tenants.Where(t => t.Id == db.CurrentTenantId).Select(t => t.Name).SingleAsync(cancellationToken);
        var account = await prompts.OwnShortCodeAsync(db, await PromptDesk.RouterOfAsync(db, customer, cancellationToken), cancellationToken);
        var isHeard = account is not null
            && (account.ConfirmedSince is not null || await db.StatementPulls.AnyAsync(p => p.PaymentAccountId == account.Id, cancellationToken));
        return new Wanted(customer, company, account, isHeard);
    }

    private async Task<QrResult> AskAsync(PaymentAccount account, QrOrder order, CancellationToken cancellationToken)
    {
        try
        {
            return await daraja.QrAsync(account.Credentials(codec), order, cancellationToken);
        }
        catch (CryptographicException)
        {
            return new QrResult.NotMade("The stored keys cannot be read; open the account again.");
        }
    }

    private sealed record Wanted(Customer Customer, string Company, PaymentAccount? Account, bool IsHeard);
}

/// <summary>What stands beside the picture.</summary>
/// <param name="Number">The Paybill's, or the till's.</param>
/// <param name="IsTill">A till carries no account number: the money waits in suspense for a person.</param>
/// <param name="Account">Which the Paybill's customer would type.</param>
/// <param name="IsHeard">M-Pesa tells of what comes by itself, or its statement is pulled.</param>
public sealed record PayCode(byte[] Png, string Customer, string Number, bool IsTill, long Account, decimal Amount, bool IsHeard);

public abstract record PayCodeOutcome
{
    private PayCodeOutcome() { }

    public sealed record Made(PayCode Code) : PayCodeOutcome;

    /// <summary>Not whole shillings from 1 to 250,000.</summary>
    public sealed record AmountWrong : PayCodeOutcome;

    public sealed record CustomerGone : PayCodeOutcome;

    /// <summary>There is no Paybill or till in use where he is.</summary>
    public sealed record NoPaymentAccount : PayCodeOutcome;

    /// <summary>M-Pesa refused, or did not answer.</summary>
    public sealed record NotMade(string Reason) : PayCodeOutcome;
}
