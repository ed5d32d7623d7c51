using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Sms;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using EasyIsp.Emulators.Daraja;
using EasyIsp.Emulators.Forwarding;
using EasyIsp.Emulators.Routers;
using EasyIsp.Emulators.Sms;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Emulators.Demonstration;

/// <summary>
/// Sets the emulators up as the demonstration tenant knows its outside world: the routers with their secrets, M-Pesa
/// and the SMS gateway with their keys, the home customers with their passwords. All of it is made at random by the
/// seed and read from the database, so nothing of it lies in a file.
/// </summary>
internal sealed class DemoNetwork(PlatformDatabase platform, SecretCodec codec)
{
    /// <summary>Of a flat whose router was left behind and goes on dialling.</summary>
    private static readonly Person FormerTenant = new(SessionService.Pppoe, "flat-12.old", "forgotten");

    public async Task<Guid> PackageAsync(Guid tenantId, string name, CancellationToken cancellationToken)
    {
        await using var db = await platform.OpenAsync(cancellationToken);
        return await db.Packages.IgnoreQueryFilters([QueryFilters.Tenant])
            .Where(p => p.TenantId == tenantId && p.Name == name)
            .Select(p => p.Id)
            .SingleAsync(cancellationToken);
    }

    public async Task SetUpAsync(
        DarajaEmulatorOptions daraja, SmsEmulatorOptions sms, EmulatedRoutersOptions network, DemoAddresses addresses, CancellationToken cancellationToken)
    {
        await using var db = await platform.OpenAsync(cancellationToken);
        var tenantId = await db.Tenants
            .Where(t => t.Slug == DemoCatalogue.TenantSlug)
            .Select(t => (Guid?)t.Id)
            .SingleOrDefaultAsync(cancellationToken)
            ?? throw new InvalidOperationException("There is no demonstration tenant: run 'seed' first.");

        await MeetProvidersAsync(db, tenantId, daraja, sms, addresses, cancellationToken);
        var homes = await HomesAsync(db, tenantId, cancellationToken);
        var routers = await db.Routers.IgnoreQueryFilters([QueryFilters.Tenant]).AsNoTracking()
            .Where(r => r.TenantId == tenantId && r.ArchivedAt == null)
            .OrderBy(r => r.Id)
            .ToListAsync(cancellationToken);
        var sites = await db.PortalSites.Where(s => s.TenantId == tenantId).ToDictionaryAsync(s => s.RouterId, s => s.Code, cancellationToken);
        foreach (var (router, index) in routers.Select((router, index) => (router, index)))
        {
            network.Routers.Add(Emulate(router, sites[router.Id], addresses));
            var people = new EmulatedPeopleOptions { Seed = index + 1, MeanStay = TimeSpan.FromMinutes(12), MeanAway = TimeSpan.FromMinutes(3), Slips = 0.05 };
            foreach (var home in homes.Where((_, i) => i % routers.Count == index))
                people.People.Add(home);
            if (index == 0)
                people.People.Add(FormerTenant);
            network.People[router.Name] = people;
        }
    }

    public async Task<List<HomePayer>> PayersAsync(CancellationToken cancellationToken)
    {
        await using var db = await platform.OpenAsync(cancellationToken);
        var tenantId = await db.Tenants.Where(t => t.Slug == DemoCatalogue.TenantSlug).Select(t => t.Id).SingleAsync(cancellationToken);
        return await PayersAsync(db, tenantId, cancellationToken);
    }

    /// <summary>What the seed entered in the app of the owner's phone.</summary>
    public async Task<OwnersPhoneOptions> OwnersPhoneAsync(Uri portal, CancellationToken cancellationToken)
    {
        await using var db = await platform.OpenAsync(cancellationToken);
        var phone = await (
            from tenant in db.Tenants
            join known in db.ForwardingPhones.IgnoreQueryFilters([QueryFilters.Tenant]) on tenant.Id equals known.TenantId
            where tenant.Slug == DemoCatalogue.TenantSlug && known.RevokedAt == null && known.Key != null
            orderby known.Id
            select known).AsNoTracking().FirstOrDefaultAsync(cancellationToken);
        return phone is null
            ? new OwnersPhoneOptions()
            : new OwnersPhoneOptions
            {
                Address = new Uri(portal, $"{ForwardingAddress.Path}/{codec.Reveal(phone.TenantId, phone.AddressKey!)}"),
                Key = codec.Reveal(phone.TenantId, phone.Key!),
            };
    }

    /// <summary>Participant: home customers with what their package costs.</summary>
    public static Task<List<HomePayer>> PayersAsync(IspDbContext db, Guid tenantId, CancellationToken cancellationToken) => (
        from customer in db.Customers.IgnoreQueryFilters([QueryFilters.Tenant])
        where customer.TenantId == tenantId && customer.AccessType == AccessType.Pppoe && customer.DeletedAt == null && customer.Phone != null
        let price = (from subscription in db.Subscriptions
                     join package in db.Packages on subscription.PackageId equals package.Id
                     where subscription.CustomerId == customer.Id
                     orderby subscription.EndsAt descending
                     select (decimal?)package.Price).FirstOrDefault()
        where price != null
        orderby customer.Number
        select new HomePayer(customer.Number, customer.Phone!, price.Value)).ToListAsync(cancellationToken);

    private async Task MeetProvidersAsync(
        IspDbContext db, Guid tenantId, DarajaEmulatorOptions daraja, SmsEmulatorOptions sms, DemoAddresses addresses, CancellationToken cancellationToken)
    {
        foreach (var account in await db.PaymentAccounts.IgnoreQueryFilters([QueryFilters.Tenant]).AsNoTracking()
            .Where(a => a.TenantId == tenantId && a.Rail == Rail.Mpesa).ToListAsync(cancellationToken))
        {
            // Safaricom remembers what was registered; the emulator reads it here when it starts again.
            var registered = account.ConfirmedSince is null
                ? null
                : C2bRegistrations.AddressesAt(addresses.Portal, codec.Reveal(tenantId, account.CallbackKey));
            daraja.Merchants.Add(new DarajaMerchant
            {
                ConsumerKey = codec.Reveal(tenantId, account.ConsumerKey),
                ConsumerSecret = codec.Reveal(tenantId, account.ConsumerSecret),
                ShortCode = account.ShortCode,
                Passkey = codec.Reveal(tenantId, account.Passkey),
                Till = account.TillNumber,
                Pulls = await db.StatementPulls.IgnoreQueryFilters([QueryFilters.Tenant]).AnyAsync(p => p.PaymentAccountId == account.Id, cancellationToken),
                ConfirmationUrl = registered?.Confirmation,
                ValidationUrl = registered?.Validation,
            });
            daraja.Remembered.AddRange(await PaidAsync(db, account, cancellationToken));
        }

        foreach (var account in await db.SmsAccounts.IgnoreQueryFilters([QueryFilters.Tenant]).AsNoTracking()
            .Where(a => a.TenantId == tenantId).ToListAsync(cancellationToken))
        {
            sms.Accounts.Add(new SmsEmulatorAccount
            {
                ApiKey = codec.Reveal(tenantId, account.ApiKey), PartnerId = account.PartnerId, SenderIds = [account.SenderId], Credit = 1_000_000,
            });
        }
    }

    /// <summary>As much of it as a pull may still ask for.</summary>
    private static Task<List<DarajaStatementLine>> PaidAsync(IspDbContext db, PaymentAccount account, CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetUtcNow().AddDays(-2);
        return db.Payments.IgnoreQueryFilters([QueryFilters.Tenant])
            .Where(p => p.TenantId == account.TenantId && p.PaymentAccountId == account.Id && p.Receipt != null && p.SameAsId == null && p.PaidAt > since)
            .Select(p => new DarajaStatementLine(p.Receipt!, p.Amount, (p.Phone ?? "+254700000000").Substring(1), "", account.ShortCode, p.TypedAccount ?? "", p.PaidAt))
            .ToListAsync(cancellationToken);
    }

    private async Task<List<Person>> HomesAsync(IspDbContext db, Guid tenantId, CancellationToken cancellationToken)
    {
        var homes = await db.Customers.IgnoreQueryFilters([QueryFilters.Tenant]).AsNoTracking()
            .Where(c => c.TenantId == tenantId && c.AccessType == AccessType.Pppoe && c.DeletedAt == null)
            .OrderBy(c => c.Number)
            .Select(c => new { c.Username, c.Password })
            .ToListAsync(cancellationToken);
        return [.. homes.Select(home => new Person(SessionService.Pppoe, home.Username!, codec.Reveal(tenantId, home.Password!)))];
    }

    private EmulatedRouterOptions Emulate(Router router, string site, DemoAddresses addresses) => new()
    {
        Name = router.Name,
        Address = router.Address.ToString(),
        RadiusAddress = addresses.Radius,
        RadiusAuthPort = addresses.RadiusAuthPort,
        RadiusAcctPort = addresses.RadiusAcctPort,
        RadiusSecret = codec.Reveal(router.TenantId, router.RadiusSecret),
        ApiPort = router.Api!.Port,
        ApiUser = router.Api.User,
        ApiPassword = codec.Reveal(router.TenantId, router.Api.Password),
        CoaPort = router.CoaPort,
        PortalUrl = new Uri(addresses.Portal, $"/h/{site}").AbsoluteUri,
    };
}

/// <summary>Where the processes of the product answer, as <c>./easyisp up</c> started them.</summary>
internal sealed record DemoAddresses(Uri Portal, Uri Emulators, string Radius, int RadiusAuthPort, int RadiusAcctPort)
{
    public static DemoAddresses Read(IConfiguration configuration) => new(
        new Uri(configuration["EASYISP_PORTAL_URL"] ?? "http://127.0.0.1:5081"),
        new Uri(configuration["EASYISP_EMULATORS_URL"] ?? "http://127.0.0.1:5090"),
        configuration["EASYISP_RADIUS_ADDRESS"] ?? "127.0.0.1",
        configuration.GetValue("EASYISP_RADIUS_AUTH_PORT", 1812),
        configuration.GetValue("EASYISP_RADIUS_ACCT_PORT", 1813));
}
