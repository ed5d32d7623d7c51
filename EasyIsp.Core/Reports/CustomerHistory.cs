using System.Net;
using System.Text.Json;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Outbox;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Reports;

/// <summary>What happened to one customer, a page at a time and the newest first: the tabs of his page.</summary>
public sealed class CustomerHistory(IspDatabase database)
{
    /// <summary>Sessions that have ended; the open ones are among <see cref="CustomerFacts"/>.</summary>
    public async Task<Page<PastSession>> SessionsAsync(Guid customerId, PageOf page, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await (
            from s in db.Sessions
            where s.CustomerId == customerId
            orderby s.Id descending
            select new PastSession(
                s.Id,
                s.StartedAt,
                s.EndedAt,
                db.Routers.Where(r => r.Id == s.RouterId).Select(r => r.Name).FirstOrDefault()!,
                s.MacAddress,
                s.Address,
                s.UploadedBytes,
                s.DownloadedBytes,
                s.TerminateCause)).ToPageAsync(page, cancellationToken);
    }

    public async Task<Page<CustomerPayment>> PaymentsAsync(Guid customerId, PageOf page, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.Payments
            .Where(p => p.CustomerId == customerId)
            .OrderByDescending(p => p.Id)
            .Join(db.PaymentAccounts, p => p.PaymentAccountId, a => a.Id, (p, a) => new CustomerPayment(
                p.Id, p.PaymentRequestId, p.PaidAt, p.Amount, p.Receipt ?? p.Reference, p.Phone, a.Rail, p.ReversedAt))
            .ToPageAsync(page, cancellationToken);
    }

    /// <summary>The lines of the wallet, each with the balance after it.</summary>
    public async Task<Page<WalletLine>> WalletAsync(Guid customerId, PageOf page, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var lines =
            from account in db.LedgerAccounts
            join line in db.JournalLines on account.Id equals line.AccountId
            where account.Kind == LedgerAccountKind.Wallet && account.SubjectId == customerId
            orderby line.Id descending
            select line;
        var found = await (
            from line in lines
            join entry in db.JournalEntries on line.EntryId equals entry.Id
            orderby line.Id descending
            select new WalletLine(line.Id, entry.BookedAt, entry.Source, entry.SourceId, entry.Memo, -line.Amount, 0))
            .ToPageAsync(page, cancellationToken);
        // What the page's first line and all older ones sum to is the balance after that first line.
        var balance = -await lines.Skip(page.Skip).SumAsync(line => line.Amount, cancellationToken);
        var rows = new List<WalletLine>(found.Rows.Count);
        foreach (var row in found.Rows)
        {
            rows.Add(row with { BalanceAfter = balance });
            balance -= row.Amount;
        }

        return found with { Rows = rows };
    }

    public async Task<Page<CustomerMessage>> MessagesAsync(Guid customerId, PageOf page, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.Messages
            .Where(m => m.CustomerId == customerId)
            .OrderByDescending(m => m.Id)
            .Select(m => new CustomerMessage(m.Id, m.CreatedAt, m.SentAt, m.State, m.Recipient, m.Text, m.Failure))
            .ToPageAsync(page, cancellationToken);
    }

    /// <summary>The audit trail of anything: a customer, a package, a router.</summary>
    public async Task<Page<Deed>> DeedsAsync(Guid subjectId, PageOf page, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.AuditEvents
            .Where(a => a.SubjectId == subjectId)
            .OrderByDescending(a => a.Id)
            .Select(a => new Deed(a.Id, a.At, a.ActorName, a.Address, a.Action, a.Details))
            .ToPageAsync(page, cancellationToken);
    }
}

/// <param name="TerminateCause">Acct-Terminate-Cause (RFC 2866, 5.10); null when it was closed for its silence.</param>
public sealed record PastSession(
    Guid Id,
    DateTimeOffset StartedAt,
    DateTimeOffset EndedAt,
    string Router,
    string? MacAddress,
    IPAddress? Address,
    long UploadedBytes,
    long DownloadedBytes,
    int? TerminateCause);

/// <param name="RequestId">The prompt that asked for it; null when he paid by himself.</param>
/// <param name="Receipt">The provider's, or the reference that staff wrote down.</param>
public sealed record CustomerPayment(
    Guid Id, Guid? RequestId, DateTimeOffset PaidAt, decimal Amount, string? Receipt, string? Phone, Rail Rail, DateTimeOffset? ReversedAt);

/// <param name="Amount">Positive for money that came into the wallet.</param>
public sealed record WalletLine(
    Guid Id, DateTimeOffset BookedAt, JournalSource Source, Guid SourceId, string Memo, decimal Amount, decimal BalanceAfter);

public sealed record CustomerMessage(
    Guid Id, DateTimeOffset CreatedAt, DateTimeOffset? SentAt, MessageState State, string Recipient, string Text, string? Failure);

/// <param name="Action">Field and verb, as in <c>customer.suspend</c>.</param>
public sealed record Deed(Guid Id, DateTimeOffset At, string Actor, IPAddress? Address, string Action, JsonDocument? Details);
