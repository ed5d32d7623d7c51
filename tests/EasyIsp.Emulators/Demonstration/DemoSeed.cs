using System.Net;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Outbox;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Sms;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Core.Tenancy;
using EasyIsp.Core.Vouchers;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Emulators.Demonstration;

/// <summary>
/// Founds the demonstration tenant, once: its staff (whose passwords are made here and told once), what it sells, its
/// routers, its customers and its last weeks.
/// </summary>
internal sealed class DemoSeed(IServiceProvider services, PaperProvider provider, SeedClock clock, DemoAddresses addresses)
{
    private const int HomeCustomers = 36;

    /// <returns>The sign-ins, or nothing when the tenant was there already.</returns>
    public async Task<IReadOnlyList<DemoSignIn>> RunAsync(CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        clock.Set(now.AddDays(-40));
        if (await FoundAsync(cancellationToken) is not { } tenantId)
            return [];

        var signIns = await HireAsync(tenantId, cancellationToken);
        await AsTenantAsync<PaymentAccounts>(tenantId, accounts => accounts.OpenAsync(
            new NewPaymentAccount(
                "M-Pesa Paybill", new Uri(addresses.Emulators, "/daraja").AbsoluteUri, DemoCatalogue.ShortCode, TillNumber: null,
                RandomText.Key(), RandomText.Key(), RandomText.Key()),
            cancellationToken));
        var ownPayments = new DemoOwnPayments(services, provider, clock, tenantId);
        await ownPayments.RegisterAsync(addresses.Portal, cancellationToken);
        await AsTenantAsync<IspDatabase>(tenantId, database => FurnishAsync(database, tenantId, cancellationToken));
        await new DemoHistory(services, provider, clock, tenantId).WriteAsync(now, cancellationToken);
        clock.Set(now.AddDays(-3));
        await AsTenantAsync<IspDatabase>(tenantId, database => ConnectHomesAsync(database, now, cancellationToken));
        await ownPayments.WriteAsync(now, cancellationToken);
        await new DemoCounter(services, clock, tenantId).WriteAsync(now, cancellationToken);
        await new DemoStatements(services, clock, tenantId).WriteAsync(now, addresses.Portal, cancellationToken);
        await new DemoSessions(services, clock, tenantId).WriteAsync(now, cancellationToken);
        await PrintVouchersAsync(tenantId, cancellationToken);
        // Only now: the past sends no texts.
        await AsTenantAsync<IspDatabase>(tenantId, database => OpenSmsAsync(database, tenantId, cancellationToken));
        await AddOwnersPhoneAsync(tenantId, cancellationToken);
        return signIns;
    }

    private async Task<Guid?> FoundAsync(CancellationToken cancellationToken)
    {
        await using var db = await services.GetRequiredService<PlatformDatabase>().OpenAsync(cancellationToken);
        if (await db.Tenants.AnyAsync(t => t.Slug == DemoCatalogue.TenantSlug, cancellationToken))
            return null;

        var tenant = Tenant.Found(DemoCatalogue.TenantSlug, DemoCatalogue.TenantName, TenantLocale.Kenya, clock.GetUtcNow());
        tenant.Brand("#0f766e", "+254711000222");
        db.Tenants.Add(tenant);
        await db.CommitAsync(cancellationToken);
        return tenant.Id;
    }

    private async Task<List<DemoSignIn>> HireAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Use(tenantId);
        var users = scope.ServiceProvider.GetRequiredService<UserManager<StaffUser>>();
        await using var db = await scope.ServiceProvider.GetRequiredService<IspDatabase>().OpenAsync(cancellationToken);
        var roles = StandardRoles.For(tenantId, clock.GetUtcNow()).ToDictionary(role => role.Name);
        db.Roles.AddRange(roles.Values);

        List<DemoSignIn> signIns = [await SignUpAsync(users, "Platform", DemoCatalogue.SuperAdminEmail, "Platform operator", isSuperAdmin: true)];
        foreach (var (role, email, name) in DemoCatalogue.Staff)
        {
            var signIn = await SignUpAsync(users, role, email, name, isSuperAdmin: false);
            db.Memberships.Add(Membership.Begin(tenantId, signIn.UserId, roles[role].Id, clock.GetUtcNow()));
            signIns.Add(signIn);
        }

        await db.CommitAsync(cancellationToken);
        return signIns;
    }

    private async Task<DemoSignIn> SignUpAsync(UserManager<StaffUser> users, string role, string email, string name, bool isSuperAdmin)
    {
        // A second demonstration tenant in one installation finds the platform's operator there already.
        if (await users.FindByEmailAsync(email) is { } known)
            return new DemoSignIn(known.Id, role, email, "(as before)");

        var user = StaffUser.Invite(email, name, isSuperAdmin, clock.GetUtcNow());
        user.EmailConfirmed = true;
        var password = RandomText.Readable(14);
        var created = await users.CreateAsync(user, password);
        if (!created.Succeeded)
            throw new InvalidOperationException(string.Join(" ", created.Errors.Select(error => error.Description)));
        return new DemoSignIn(user.Id, role, email, password);
    }

    private async Task FurnishAsync(IspDatabase database, Guid tenantId, CancellationToken cancellationToken)
    {
        var codec = services.GetRequiredService<SecretCodec>();
        var now = clock.GetUtcNow();
        await using var db = await database.OpenAsync(cancellationToken);
        db.Packages.AddRange(DemoCatalogue.HotspotPackages.Select(terms => Package.Create(tenantId, AccessType.Hotspot, terms, now)));
        db.Packages.AddRange(DemoCatalogue.HomePackages.Select(terms => Package.Create(tenantId, AccessType.Pppoe, terms, now)));
        foreach (var (name, address, site) in DemoCatalogue.Routers)
        {
            var router = Router.Add(tenantId, name, address, codec.Protect(tenantId, RandomText.Readable(32)), now);
            router.ReachByApi(new RouterApiAccess("easyisp", codec.Protect(tenantId, RandomText.Readable(24)), 8728, certificateFingerprint: null));
            db.Routers.Add(router);
            db.PortalSites.Add(PortalSite.Claim(site, tenantId, router.Id));
        }

        await db.CommitAsync(cancellationToken);
    }

    private async Task OpenSmsAsync(IspDatabase database, Guid tenantId, CancellationToken cancellationToken)
    {
        var codec = services.GetRequiredService<SecretCodec>();
        await using var db = await database.OpenAsync(cancellationToken);
        db.SmsAccounts.Add(SmsAccount.Open(
            tenantId, new Uri(addresses.Emulators, "/sms").AbsoluteUri, "1234", codec.Protect(tenantId, RandomText.Key()), "SAVANNA", clock.GetUtcNow()));
        await db.CommitAsync(cancellationToken);
    }

    /// <summary>Its SMS are hints, as a company that M-Pesa confirms to has it.</summary>
    private async Task AddOwnersPhoneAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        var account = Guid.Empty;
        await AsTenantAsync<PaymentAccounts>(tenantId, async accounts => account = (await accounts.ListAsync(cancellationToken))[0].Id);
        await AsTenantAsync<ForwardingDesk>(tenantId, desk => desk.AddAsync(new ForwardingPhoneDraft("Owner's phone", account, Signs: true), cancellationToken));
    }

    private async Task ConnectHomesAsync(IspDatabase database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var codec = services.GetRequiredService<SecretCodec>();
        var selling = services.GetRequiredService<Selling>();
        await using var db = await database.OpenAsync(cancellationToken);
        var tenantId = (await db.Tenants.SingleAsync(cancellationToken)).Id;
        var packages = await db.Packages.Where(p => p.AccessType == AccessType.Pppoe).OrderBy(p => p.Price).ToListAsync(cancellationToken);
        for (var i = 0; i < HomeCustomers; i++)
        {
            // Their months end on different days; a few have just ended.
            clock.Set(now.AddDays(-(i % 31)).AddHours(-i));
            var number = await db.TakeNumbersAsync(TenantCounters.Customers, 1, clock, cancellationToken);
            var name = DemoCatalogue.PersonName(i);
            var customer = Customer.Register(
                tenantId, number, AccessType.Pppoe,
                new CustomerProfile(name, DemoCatalogue.Phone(500 + i), Latitude: -1.28 + i * 0.002, Longitude: 36.82 + i % 6 * 0.004),
                $"{name.ToLowerInvariant().Replace(' ', '.')}.{number}", codec.Protect(tenantId, RandomText.Readable(12)), clock.GetUtcNow());
            if (i == 0)
                customer.Connect(IPAddress.Parse("10.40.0.10"), null, DeviceLock.Off, []);
            db.Customers.Add(customer);
            await selling.SellAsync(db, customer.Id, packages[i % packages.Count], price: 0, PurchaseMeans.Gift, cancellationToken);
        }

        await db.CommitAsync(cancellationToken);
    }

    private async Task PrintVouchersAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        var day = await services.GetRequiredService<DemoNetwork>().PackageAsync(tenantId, "Day", cancellationToken);
        await AsTenantAsync<VoucherPress>(tenantId, press => press.GenerateAsync(
            new NewVoucherBatch(day, "Kiosk by the market", 60, TimeSpan.FromDays(180), Prefix: "SV"), cancellationToken));
    }

    private async Task AsTenantAsync<TService>(Guid tenantId, Func<TService, Task> work) where TService : notnull
    {
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Use(tenantId);
        await work(scope.ServiceProvider.GetRequiredService<TService>());
    }
}

/// <summary>How somebody of the demonstration signs in; told once, by the seed.</summary>
internal sealed record DemoSignIn(Guid UserId, string Role, string Email, string Password);
