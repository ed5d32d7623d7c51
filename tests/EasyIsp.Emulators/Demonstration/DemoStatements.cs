using System.Globalization;
using System.Text;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Reconciliation;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Emulators.Demonstration;

/// <summary>
/// M-Pesa's statement of the last weeks, exported from its portal and uploaded; from now on it is pulled. Of one payment,
/// the day before yesterday, no message had come: the statement found it.
/// </summary>
internal sealed class DemoStatements(IServiceProvider services, SeedClock clock, Guid tenantId)
{
    private static readonly TimeSpan EastAfrica = TimeSpan.FromHours(3);

    public async Task WriteAsync(DateTimeOffset now, Uri portal, CancellationToken cancellationToken)
    {
        clock.Set(now);
        var account = Guid.Empty;
        var paid = new List<Paid>();
        await AsTenantAsync<IspDatabase>(async database =>
        {
            await using var db = await database.OpenAsync(cancellationToken);
            account = await db.PaymentAccounts.Where(a => a.Rail == Rail.Mpesa).Select(a => a.Id).SingleAsync(cancellationToken);
            paid = await db.Payments
                .Where(p => p.PaymentAccountId == account && p.Receipt != null && p.SameAsId == null)
                .OrderBy(p => p.PaidAt)
                .Select(p => new Paid(p.Receipt!, p.Amount, p.PaidAt))
                .ToListAsync(cancellationToken);
        });

        var yesterday = DateOnly.FromDateTime(now.ToOffset(EastAfrica).DateTime).AddDays(-1);
        var rows = paid.Where(payment => payment.Day <= yesterday).ToList();
        var silent = rows.Last(payment => payment.Day < yesterday);
        rows.Add(silent with { Receipt = silent.Receipt[..3] + "NOWORD7", Amount = 250 });
        await AsTenantAsync<StatementUploads>(uploads => uploads.TakeAsync(
            account, FileOf(rows), new StatementPeriod(rows.Min(payment => payment.Day), yesterday), progress: null, cancellationToken));
        await AsTenantAsync<PullDesk>(desk => desk.RegisterAsync(account, "0711 000 222", portal, cancellationToken));
    }

    private static StatementFile FileOf(IEnumerable<Paid> rows)
    {
        var text = new StringBuilder("Receipt No.,Completion Time,Transaction Status,Paid In,Other Party Info,A/C No.\n");
        foreach (var row in rows)
            text.AppendLine(CultureInfo.InvariantCulture, $"{row.Receipt},{row.At.ToOffset(EastAfrica):yyyy-MM-dd HH:mm:ss},Completed,{row.Amount:0.00},2547…222 - A CUSTOMER,");
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text.ToString()));
        return StatementFile.TryRead(content, out var fault) ?? throw new InvalidOperationException(fault);
    }

    private async Task AsTenantAsync<TService>(Func<TService, Task> work) where TService : notnull
    {
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Use(tenantId);
        await work(scope.ServiceProvider.GetRequiredService<TService>());
    }

    private sealed record Paid(string Receipt, decimal Amount, DateTimeOffset At)
    {
        public DateOnly Day => DateOnly.FromDateTime(At.ToOffset(EastAfrica).DateTime);
    }
}
