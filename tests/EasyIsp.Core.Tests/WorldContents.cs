using System.Net;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Tests;

/// <summary>What tests find in place, put there as the product puts it.</summary>
internal static class WorldContents
{
    public static Task<Package> AddPackageAsync(this World world, string name = "Six hours", TimeSpan? duration = null)
        => world.WriteAsync(db =>
        {
            var terms = new PackageTerms(name, 50, duration ?? TimeSpan.FromHours(6), 5_000, 2_000);
            var package = Package.Create(world.TenantId, AccessType.Hotspot, terms, world.Clock.GetUtcNow());
            db.Packages.Add(package);
            return Task.FromResult(package);
        });

    public static Task<Router> AddRouterAsync(this World world, string name = "Market", string address = "127.0.1.1")
        => world.WriteAsync(db =>
        {
            var secret = world.Services.GetRequiredService<SecretCodec>().Protect(world.TenantId, "radius-secret");
            var router = Router.Add(world.TenantId, name, IPAddress.Parse(address), secret, world.Clock.GetUtcNow());
            db.Routers.Add(router);
            return Task.FromResult(router);
        });

    public static Task<Customer> AddCustomerAsync(this World world, string phone = "+254712345678")
        => world.WriteAsync(db => world.Services.GetRequiredService<WalkInCustomers>()
            .FindOrRegisterAsync(db, phone, null, CancellationToken.None));

    public static Task<Subscription> SellAsync(this World world, Customer customer, Package package)
        => world.WriteAsync(db => world.Services.GetRequiredService<Selling>()
            .SellAsync(db, customer.Id, package, 0, PurchaseMeans.Gift, CancellationToken.None));

    /// <summary>An open session as the RADIUS worker writes it, last heard of at this moment.</summary>
    public static async Task<Guid> OpenSessionAsync(
        this World world,
        Router router,
        Customer customer,
        Subscription? subscription = null,
        string macAddress = "AA:BB:CC:00:00:01",
        string address = "10.5.50.2",
        long downloaded = 0)
    {
        var now = world.Clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await world.WriteAsync(db => db.Database.ExecuteSqlAsync($"""
            insert into open_sessions (tenant_id, id, router_id, customer_id, subscription_id, user_name, nas_session_id,
              mac_address, address, started_at, last_heard_at, uploaded_bytes, downloaded_bytes, session_seconds)
            values ({world.TenantId}, {id}, {router.Id}, {customer.Id}, {subscription?.Id}, {customer.Username}, {id.ToString("N")},
              {macAddress}, {IPAddress.Parse(address)}, {now}, {now}, 0, {downloaded}, 0)
            """));
        return id;
    }
}
