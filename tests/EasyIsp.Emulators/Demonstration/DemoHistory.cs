using System.Net;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Emulators.Demonstration;

/// <summary>
/// The last weeks of the made-up provider, sold through the product's own use cases: every payment of it has its
/// prompt, its callback, its journal entry and its subscription.
/// </summary>
internal sealed class DemoHistory(IServiceProvider services, PaperProvider provider, SeedClock clock, Guid tenantId)
{
    private const int Days = 30;
    private const int CustomersOfTheHotspot = 120;

    private readonly Random _random = new(20260302);

    public async Task WriteAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var packages = await PackagesAsync(cancellationToken);
        for (var day = Days; day >= 0; day--)
        {
            var sales = 6 + _random.Next(5) + (Days - day) / 6;
            var times = Enumerable.Range(0, sales)
                .Select(_ => now.AddDays(-day).AddMinutes(-_random.Next(14 * 60)))
                .Order();
            foreach (var time in times)
                await SellAsync(time, packages[Pick(packages.Count)], cancellationToken);
        }
    }

    private async Task SellAsync(DateTimeOffset time, Guid packageId, CancellationToken cancellationToken)
    {
        clock.Set(time);
        var phone = DemoCatalogue.Phone(_random.Next(CustomersOfTheHotspot));
        if (await AsTenantAsync<Prompts, PromptOutcome>(prompts => prompts.AskWalkInAsync(new PromptOrder(packageId, phone), cancellationToken))
            is not PromptOutcome.Asked asked)
        {
            return;
        }

        await services.GetRequiredService<PromptSender>().SendDueAsync(cancellationToken);
        var request = await AsTenantAsync<IspDatabase, PaymentRequest>(async database =>
        {
            await using var db = await database.OpenAsync(cancellationToken);
            return await db.PaymentRequests.AsNoTracking().SingleAsync(r => r.Id == asked.RequestId, cancellationToken);
        });

        clock.Set(time.AddSeconds(7 + _random.Next(20)));
        var (path, body) = provider.CallbackOf(request.MerchantRequestId!, request.CheckoutRequestId!, isPaid: _random.Next(12) > 0);
        var keys = path.Split('/')[^2..];
        var owner = await services.GetRequiredService<CallbackAddresses>().FindAsync(keys[0], cancellationToken);
        await AsTenantAsync<CallbackInbox, int>(async inbox =>
        {
            await inbox.StoreAsync(owner!, keys[0], keys[1], IPAddress.Loopback, body, cancellationToken);
            return 0;
        });
        await services.GetRequiredService<CallbackQueue>().ReadWaitingAsync(cancellationToken);
    }

    /// <summary>Cheap packages sell more often.</summary>
    private int Pick(int count) => Math.Min(count - 1, (int)(count * Math.Pow(_random.NextDouble(), 1.6)));

    private Task<List<Guid>> PackagesAsync(CancellationToken cancellationToken)
        => AsTenantAsync<IspDatabase, List<Guid>>(async database =>
        {
            await using var db = await database.OpenAsync(cancellationToken);
            return await db.Packages
                .Where(p => p.AccessType == AccessType.Hotspot)
                .OrderBy(p => p.Price)
                .Select(p => p.Id)
                .ToListAsync(cancellationToken);
        });

    private async Task<T> AsTenantAsync<TService, T>(Func<TService, Task<T>> work) where TService : notnull
    {
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Use(tenantId);
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }
}
