using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>
/// Till drawers, boxes of cheques and bank accounts: where money comes in that no provider tells of. Disabled by
/// <see cref="PaymentAccounts.DisableAsync"/>, ruled by <see cref="C2bRegistrations.RuleAsync"/>.
/// </summary>
public sealed class CounterAccounts(IspDatabase database, AuditTrail audit, TimeProvider clock)
{
    /// <returns>By name, the disabled ones last.</returns>
    public async Task<IReadOnlyList<CounterAccountRow>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.PaymentAccounts
            .Where(a => a.Rail == Rail.Cash || a.Rail == Rail.Cheque || a.Rail == Rail.Bank)
            .OrderBy(a => a.DisabledAt != null).ThenBy(a => a.Name).ThenBy(a => a.Id)
            .Select(a => new CounterAccountRow(a.Id, a.Name, a.Rail, a.Deposits, a.CreatedAt, a.DisabledAt))
            .ToListAsync(cancellationToken);
    }

    /// <returns>Null when the name or the rail cannot stand.</returns>
    public async Task<Guid?> OpenAsync(NewCounterAccount wanted, CancellationToken cancellationToken)
    {
        if (!wanted.IsValid)
            return null;

        await using var db = await database.OpenAsync(cancellationToken);
        var account = PaymentAccount.OpenCounter(db.CurrentTenantId, wanted, clock.GetUtcNow());
        db.PaymentAccounts.Add(account);
        audit.Record(db, "payment-account.open", account.Id, new { account.Name, Rail = $"{account.Rail}", Deposits = $"{account.Deposits}" });
        await db.CommitAsync(cancellationToken);
        return account.Id;
    }
}

public sealed record NewCounterAccount(string Name, Rail Rail, DepositRule Deposits = DepositRule.KeepInWallet)
{
    public bool IsValid => Rail.IsCounter() && !string.IsNullOrWhiteSpace(Name) && Name.Trim().Length <= PaymentAccountRules.MaxNameLength;
}

public sealed record CounterAccountRow(
    Guid Id, string Name, Rail Rail, DepositRule Deposits, DateTimeOffset CreatedAt, DateTimeOffset? DisabledAt);
