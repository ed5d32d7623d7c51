using EasyIsp.Core.Payments;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Emulators.Demonstration;

/// <summary>What was paid at the office in the last days: cash, cheques of which one bounced, deposits at the bank.</summary>
internal sealed class DemoCounter(IServiceProvider services, SeedClock clock, Guid tenantId)
{
    private static readonly (Rail Rail, string Name)[] Accounts =
        [(Rail.Cash, "Drawer at the office"), (Rail.Cheque, "Cheques"), (Rail.Bank, "KCB current account")];

    public async Task WriteAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        clock.Set(now.AddDays(-12));
        var accounts = new Dictionary<Rail, Guid>();
        foreach (var (rail, name) in Accounts)
        {
            accounts[rail] = await AsTenantAsync<CounterAccounts, Guid?>(desk => desk.OpenAsync(new NewCounterAccount(name, rail), cancellationToken))
                ?? throw new InvalidOperationException($"{name} could not be opened.");
        }

        var homes = await AsTenantAsync<IspDatabase, List<Guid>>(async database =>
        {
            await using var db = await database.OpenAsync(cancellationToken);
            return await db.Customers.Where(c => c.AccessType == AccessType.Pppoe).OrderBy(c => c.Number).Select(c => c.Id).ToListAsync(cancellationToken);
        });
        await TakeAsync(now.AddDays(-9), homes[3], accounts[Rail.Cash], 1_500, null, "Left with the guard", cancellationToken);
        var cheque = await TakeAsync(now.AddDays(-8), homes[7], accounts[Rail.Cheque], 9_500, "000481", "Highland Stores Ltd", cancellationToken);
        await TakeAsync(now.AddDays(-5), homes[11], accounts[Rail.Bank], 2_500, "S-20391", null, cancellationToken);
        await TakeAsync(now.AddDays(-2), homes[15], accounts[Rail.Cash], 3_500, null, null, cancellationToken);
        await TakeAsync(now.AddHours(-5), homes[19], accounts[Rail.Bank], 1_500, "S-20417", null, cancellationToken);
        clock.Set(now.AddDays(-4));
        await AsTenantAsync<CounterDesk, ReverseOutcome>(desk => desk.ReverseAsync(cheque, "Returned by the bank: refer to drawer", cancellationToken));
    }

    private async Task<Guid> TakeAsync(
        DateTimeOffset at, Guid customer, Guid account, decimal amount, string? reference, string? note, CancellationToken cancellationToken)
    {
        clock.Set(at);
        var day = await AsTenantAsync<IspDatabase, DateOnly>(async database =>
        {
            await using var db = await database.OpenAsync(cancellationToken);
            return new TenantCalendar(await db.Tenants.SingleAsync(cancellationToken)).DayOf(at);
        });
        var entry = new CounterPayment(Guid.CreateVersion7(at), customer, account, amount, day, reference, note);
        await AsTenantAsync<CounterDesk, TakeOutcome>(desk => desk.TakeAsync(entry, cancellationToken));
        return entry.Id;
    }

    private async Task<T> AsTenantAsync<TService, T>(Func<TService, Task<T>> work) where TService : notnull
    {
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Use(tenantId);
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }
}
