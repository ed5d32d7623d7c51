using EasyIsp.Core.Auditing;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.ProviderOrders;

/// <summary>Sets up who gives orders at the provider in an account's name, and asks what lies there.</summary>
public sealed class InitiatorDesk(
    IspDatabase database, OrderBook orders, SecretCodec codec, Actor actor, AuditTrail audit, TimeProvider clock)
{
    /// <returns>Null when there is no such account.</returns>
    public async Task<AccountPowers?> FindAsync(Guid accountId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await db.PaymentAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == accountId && a.Rail == Rail.Mpesa, cancellationToken) is not { } account)
            return null;

        var initiator = await db.Initiators.AsNoTracking().SingleOrDefaultAsync(i => i.PaymentAccountId == accountId, cancellationToken);
        var balances = db.ProviderOrders.AsNoTracking()
            .Where(o => o.PaymentAccountId == accountId && o.Kind == ProviderOrderKind.Balance)
            .OrderByDescending(o => o.CreatedAt);
        var last = await balances.FirstOrDefaultAsync(cancellationToken);
        var known = await balances.FirstOrDefaultAsync(o => o.State == ProviderOrderState.Done, cancellationToken);
        return new AccountPowers(
            account.ShortCode,
            initiator is null ? null : new InitiatorRow(initiator.Name, SecurityCredential.Read(initiator.Certificate), initiator.SetAt, initiator.ProvedAt),
            last,
            known is { SettledAt: { } at } ? new Funds(at, FundsAccount.ListOf(known.Answer)) : null);
    }

    /// <param name="password">Null keeps the stored one.</param>
    /// <param name="certificate">PEM or DER; null keeps the stored one.</param>
    public async Task<SetInitiatorOutcome> SetAsync(
        Guid accountId, string name, string? password, byte[]? certificate, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Trim().Length > Initiator.MaxNameLength)
            return SetInitiatorOutcome.NameWrong;
        if (password is { Length: 0 or > Initiator.MaxPasswordLength })
            return SetInitiatorOutcome.PasswordWrong;
        if (certificate is not null && (certificate.Length > SecurityCredential.MaxCertificateBytes || SecurityCredential.Read(certificate) is null))
            return SetInitiatorOutcome.CertificateWrong;

        await using var db = await database.OpenAsync(cancellationToken);
        if (await db.PaymentAccounts.AtOwnShortCode().SingleOrDefaultAsync(a => a.Id == accountId, cancellationToken) is not { } account)
            return SetInitiatorOutcome.AccountGone;

        var initiator = await db.Initiators.SingleOrDefaultAsync(i => i.PaymentAccountId == accountId, cancellationToken);
        if ((password is null && initiator is null) || (certificate is null && initiator is null))
            return password is null ? SetInitiatorOutcome.PasswordWrong : SetInitiatorOutcome.CertificateWrong;

        if (initiator is null)
            db.Initiators.Add(initiator = Initiator.Of(account, clock.GetUtcNow()));
        initiator.Set(
            name.Trim(),
            password is null ? initiator.Password : codec.Protect(account.TenantId, password),
            certificate ?? initiator.Certificate,
            clock.GetUtcNow());
        audit.Record(db, "payment-account.initiator", account.Id, new
        {
            account.Name, account.ShortCode, Initiator = initiator.Name, NewPassword = password is not null, NewCertificate = certificate is not null,
        });
        await db.CommitAsync(cancellationToken);
        return SetInitiatorOutcome.Set;
    }

    /// <summary>Asks now; the answer comes within seconds. It proves the initiator too.</summary>
    /// <returns>The order; null when the account has no initiator. One that is on its way is not asked again.</returns>
    public async Task<Guid?> AskBalanceAsync(Guid accountId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (!await db.Initiators.AnyAsync(i => i.PaymentAccountId == accountId, cancellationToken))
            return null;

        var recent = clock.GetUtcNow() - TimeSpan.FromSeconds(30);
        var underWay = await db.ProviderOrders
            .Where(o => o.PaymentAccountId == accountId && o.Kind == ProviderOrderKind.Balance && o.CreatedAt > recent)
            .Where(o => o.State == ProviderOrderState.Created || o.State == ProviderOrderState.Submitting || o.State == ProviderOrderState.Pending)
            .Select(o => (Guid?)o.Id)
            .FirstOrDefaultAsync(cancellationToken);
        if (underWay is not null)
            return underWay;

        var order = orders.AskBalance(db, accountId, actor.Name);
        await db.CommitAsync(cancellationToken);
        return order.Id;
    }
}

/// <summary>An order that was carried out proves name, password, certificate and role of its initiator.</summary>
internal sealed class InitiatorProof(TimeProvider clock) : IOrderOutcome
{
    public async Task SettledAsync(IspDbContext db, ProviderOrder order, OperationResult? result, CancellationToken cancellationToken)
    {
        if (order.State != ProviderOrderState.Done)
            return;
        var initiator = await db.Initiators.SingleOrDefaultAsync(
            i => i.PaymentAccountId == order.PaymentAccountId && i.SetAt <= order.CreatedAt, cancellationToken);
        initiator?.Proved(clock.GetUtcNow());
    }
}

/// <param name="Initiator">Null while there is none: then the account can be asked for payments and for nothing else.</param>
/// <param name="LastBalance">The last question about the funds, answered or not.</param>
/// <param name="Funds">The last answer.</param>
public sealed record AccountPowers(string ShortCode, InitiatorRow? Initiator, ProviderOrder? LastBalance, Funds? Funds);

/// <param name="Certificate">Null when it cannot be read any more.</param>
public sealed record InitiatorRow(string Name, SafaricomCertificate? Certificate, DateTimeOffset SetAt, DateTimeOffset? ProvedAt);

public sealed record Funds(DateTimeOffset At, IReadOnlyList<FundsAccount> Accounts);

public enum SetInitiatorOutcome
{
    Set,
    AccountGone,
    NameWrong,
    PasswordWrong,

    /// <summary>It is no certificate with an RSA key.</summary>
    CertificateWrong,
}
