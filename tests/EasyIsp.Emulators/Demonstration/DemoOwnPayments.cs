using System.Net;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Emulators.Demonstration;

/// <summary>What home customers paid by themselves in the last weeks, as M-Pesa told of it.</summary>
internal sealed class DemoOwnPayments(IServiceProvider services, PaperProvider provider, SeedClock clock, Guid tenantId)
{
    private const int Days = 12;

    private readonly Random _random = new(20260304);

    /// <summary>Registers the short code, so that M-Pesa tells of them, and has each who pays renewed.</summary>
    public async Task RegisterAsync(Uri portal, CancellationToken cancellationToken)
    {
        var account = (await AsTenantAsync<PaymentAccounts, IReadOnlyList<PaymentAccountRow>>(accounts => accounts.ListAsync(cancellationToken)))[0];
        await AsTenantAsync<C2bRegistrations, bool>(async registrations =>
        {
            await registrations.RegisterAsync(account.Id, portal, cancellationToken);
            return await registrations.RuleAsync(account.Id, ValidationRule.AcceptAll, DepositRule.RenewLastPackage, cancellationToken);
        });
    }

    public async Task WriteAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var homes = await AsTenantAsync<IspDatabase, List<HomePayer>>(async database =>
        {
            await using var db = await database.OpenAsync(cancellationToken);
            return await DemoNetwork.PayersAsync(db, tenantId, cancellationToken);
        });
        var owner = await AsTenantAsync<IspDatabase, CallbackOwner>(async database =>
        {
            await using var db = await database.OpenAsync(cancellationToken);
            return await db.PaymentAccounts.Select(a => new CallbackOwner(a.TenantId, a.Id)).SingleAsync(cancellationToken);
        });
        var times = Enumerable.Range(0, Days).Select(day => now.AddDays(-day).AddMinutes(-_random.Next(30, 600))).Order();
        foreach (var time in times)
        {
            clock.Set(time);
            var body = provider.ConfirmationOf(homes[_random.Next(homes.Count)].Pay(_random));
            await AsTenantAsync<CallbackInbox, bool>(async inbox =>
            {
                await inbox.StoreConfirmationAsync(owner, IPAddress.Loopback, body, cancellationToken);
                return true;
            });
            await services.GetRequiredService<CallbackQueue>().ReadWaitingAsync(cancellationToken);
        }
    }

    private async Task<T> AsTenantAsync<TService, T>(Func<TService, Task<T>> work) where TService : notnull
    {
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Use(tenantId);
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }
}
