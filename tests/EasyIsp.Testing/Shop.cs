using EasyIsp.Core.Customers;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Subscriptions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Testing;

/// <summary>What a tenant has before a test of its desks begins: customers, packages, a router, money, sessions.</summary>
public static class Shop
{
    public static async Task<Guid> CustomerAsync(this World world, string name, string? phone = null)
        => ((RegisterOutcome.Registered)await world.AsTenantAsync<CustomerDesk, RegisterOutcome>(desk => desk.RegisterAsync(
            new CustomerDraft(AccessType.Pppoe, name, phone, Username: $"home.{name.Replace(' ', '.')}"), CancellationToken.None))).CustomerId;

    public static async Task<Guid> PackageAsync(
        this World world, string name = "Home 10", decimal price = 1500, int days = 30, AccessType accessType = AccessType.Pppoe, long? dataBytes = null)
        => ((PackageOutcome.Saved)await world.AsTenantAsync<PackageDesk, PackageOutcome>(desk => desk.CreateAsync(
            accessType, new PackageTerms(name, price, TimeSpan.FromDays(days), 10_000, 5_000, dataBytes), CancellationToken.None))).PackageId;

    public static async Task<Guid> RouterAsync(this World world, string name = "Town mast", string address = "10.255.0.2")
        => ((RouterOutcome.Saved)await world.AsTenantAsync<RouterDesk, RouterOutcome>(
            desk => desk.AddAsync(new RouterDraft(name, address), CancellationToken.None))).RouterId;

    public static Task<SellOutcome> GiveAsync(this World world, Guid customer, Guid package)
        => world.AsTenantAsync<SellDesk, SellOutcome>(desk => desk.GiveAsync(customer, package, CancellationToken.None));

    /// <summary>Money that came into the wallet in notes.</summary>
    public static Task<int> TopUpAsync(this World world, Guid customer, decimal amount) => world.WriteAsync(async db =>
    {
        await world.Services.GetRequiredService<GeneralLedger>().PostAsync(
            db,
            JournalSource.Payment,
            Guid.CreateVersion7(world.Clock.GetUtcNow()),
            "Cash",
            [Posting.Debit(AccountRef.Cash, amount), Posting.Credit(AccountRef.Wallet(customer), amount)],
            CancellationToken.None);
        return 0;
    });

    /// <summary>An open session as the RADIUS worker writes it.</summary>
    public static Task<int> GoOnlineAsync(this World world, Guid customer, Guid router, long bytes = 0) => world.WriteAsync(async db =>
    {
        var now = world.Clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var subscription = await db.Subscriptions.Where(s => s.CustomerId == customer).Select(s => (Guid?)s.Id).FirstOrDefaultAsync();
        return await db.Database.ExecuteSqlAsync($"""
            insert into open_sessions (tenant_id, id, router_id, customer_id, subscription_id, user_name, nas_session_id,
              started_at, last_heard_at, uploaded_bytes, downloaded_bytes, session_seconds)
            values ({world.TenantId}, {id}, {router}, {customer}, {subscription}, 'someone', {id.ToString()}, {now}, {now}, 0, {bytes}, 0)
            """);
    });

    /// <summary>A session that began an hour ago and has ended now.</summary>
    public static Task<int> HaveBeenOnlineAsync(this World world, Guid customer, Guid router, long bytes) => world.WriteAsync(async db =>
    {
        var now = world.Clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var subscription = await db.Subscriptions.Where(s => s.CustomerId == customer).Select(s => (Guid?)s.Id).FirstOrDefaultAsync();
        return await db.Database.ExecuteSqlAsync($"""
            insert into sessions (tenant_id, id, router_id, customer_id, subscription_id, user_name, nas_session_id,
              started_at, last_heard_at, ended_at, uploaded_bytes, downloaded_bytes, session_seconds, terminate_cause)
            values ({world.TenantId}, {id}, {router}, {customer}, {subscription}, 'someone', {id.ToString()},
              {now.AddHours(-1)}, {now}, {now}, 0, {bytes}, 3600, 1)
            """);
    });

    /// <summary>A packet of the router's has just come.</summary>
    public static Task<int> HearRouterAsync(this World world, Guid router) => world.WriteAsync(db => db.Database.ExecuteSqlAsync(
        $"update routers set last_heard_at = {world.Clock.GetUtcNow()} where id = {router}"));

    /// <summary>A login as the RADIUS worker writes it into the log.</summary>
    /// <param name="refusal">Null: he was let in.</param>
    public static async Task<Guid> LogLoginAsync(
        this World world, Guid router, string userName, Refusal? refusal, Guid? customerId = null, string? macAddress = null)
    {
        var now = world.Clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await world.WriteAsync(db => db.Database.ExecuteSqlAsync($"""
            insert into login_attempts (tenant_id, id, router_id, customer_id, user_name, mac_address, method, refusal, is_limited,
              at, last_at, times, took, left_out)
            values ({world.TenantId}, {id}, {router}, {customerId}, {userName}, {macAddress}, 'Pap', {refusal?.ToString()}, false,
              {now}, {now}, 1, {TimeSpan.FromMilliseconds(1)}, 0)
            """));
        return id;
    }

    /// <summary>Data of one day, as the RADIUS worker adds it.</summary>
    public static Task<int> HaveUsedAsync(this World world, Guid customer, DateOnly day, long bytes) => world.WriteAsync(async db =>
    {
        var subscription = await db.Subscriptions.Where(s => s.CustomerId == customer).Select(s => s.Id).FirstAsync();
        return await db.Database.ExecuteSqlAsync($"""
            insert into usage_days (tenant_id, id, subscription_id, customer_id, day, uploaded_bytes, downloaded_bytes, seconds)
            values ({world.TenantId}, {UsageDay.IdOf(day, subscription)}, {subscription}, {customer}, {day}, {bytes / 4}, {bytes - bytes / 4}, 3600)
            """);
    });
}
