using EasyIsp.Core.Auditing;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Sessions.Trials;

/// <summary>Staff ask what a login would be answered, and watch for what comes of it.</summary>
public sealed class LoginTestDesk(
    TenantContext tenant, IspDatabase database, SecretCodec codec, AuditTrail audit, Actor actor, TimeProvider clock)
{
    /// <summary>Of a tenant in a minute: enough to look for a fault, too few to look for a password or a voucher's code.</summary>
    public const int MostInAMinute = 20;

    private const int Suggestions = 8;

    /// <summary>Enough to know one's own typing again, too little to find a voucher's code.</summary>
    private const int ShownOfUnknown = 2;

    /// <summary>Writes the question down; the workers hear of it. Who asked what is in the audit.</summary>
    public async Task<LoginTestOutcome> AskAsync(LoginTestDraft draft, CancellationToken cancellationToken)
    {
        if (LoginTestRules.FaultsIn(draft) is { Count: > 0 } faults)
            return new LoginTestOutcome.Refused(faults);

        var now = clock.GetUtcNow();
        await using var db = await database.OpenAsync(cancellationToken);
        if (await db.Routers.SingleOrDefaultAsync(r => r.Id == draft.RouterId && r.ArchivedAt == null, cancellationToken) is not { } router)
            return LoginTestOutcome.Refused.For(LoginTestFault.RouterGone);
        if (await db.LoginTests.IgnoreQueryFilters([QueryFilters.Place]).CountAsync(t => t.AskedAt > now - TimeSpan.FromMinutes(1), cancellationToken) >= MostInAMinute)
            return LoginTestOutcome.Refused.For(LoginTestFault.TooMany);

        var typed = draft.IsByDevice ? MacAddress.Normalize(draft.MacAddress)! : draft.UserName!.Trim();
        var customer = await OwnerOfAsync(db, typed, cancellationToken);
        if (draft is { UsesStoredPassword: true, IsByDevice: false } && WhyNoPassword(customer) is { } fault)
            return LoginTestOutcome.Refused.For(fault);

        var credentials = new LoginTestCredentials(typed, draft.UsesStoredPassword || draft.IsByDevice ? null : draft.Password ?? "");
        var shown = customer is not null || MacAddress.Normalize(typed) is not null ? typed : Masked(typed);
        var test = LoginTest.Ask(tenant.Id, draft, customer?.Id, shown, credentials.Protect(codec, tenant.Id), actor.UserId, now);
        db.LoginTests.Add(test);
        Record(db, test, router, customer);
        await db.CommitAsync(cancellationToken);
        return new LoginTestOutcome.Asked(test.Id);
    }

    /// <returns>Null once it is forgotten.</returns>
    public async Task<LoginTestStatus?> FindAsync(Guid testId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await (
            from test in db.LoginTests
            join router in db.Routers on test.RouterId equals router.Id
            where test.Id == testId
            select new LoginTestStatus(
                test.Id, test.UserName, test.CustomerId, router.Id, router.Name, router.LastHeardAt, test.AskedAt, test.TakenAt, test.TakenBy, test.Result))
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Nobody answered: what was typed is wiped, and no worker takes it any more.</summary>
    /// <returns>False when one has taken it after all.</returns>
    public async Task<bool> GiveUpAsync(Guid testId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var givenUp = await db.LoginTests.Where(t => t.Id == testId && t.TakenAt == null).ExecuteUpdateAsync(
            set => set.SetProperty(t => t.TakenAt, clock.GetUtcNow()).SetProperty(t => t.Credentials, (Secret?)null), cancellationToken);
        await db.CommitAsync(cancellationToken);
        return givenUp == 1;
    }

    /// <returns>Null when there is none.</returns>
    public async Task<LoginTestSubject?> CustomerAsync(Guid customerId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await Subjects(db.Customers.Where(c => c.Id == customerId)).SingleOrDefaultAsync(cancellationToken);
    }

    /// <returns>Customers by whatever finds them, a few of the newest.</returns>
    public async Task<IReadOnlyList<LoginTestSubject>> SuggestAsync(string? typed, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await CustomerSearch.HitsAsync(db, typed, cancellationToken) is not { } hits)
            return [];

        return await Subjects(db.Customers.Where(c => hits.Contains(c.Id)).OrderByDescending(c => c.Id).Take(Suggestions)).ToListAsync(cancellationToken);
    }

    private static IQueryable<LoginTestSubject> Subjects(IQueryable<Customer> customers) => customers
        .Where(c => c.DeletedAt == null && c.Username != null)
        .Select(c => new LoginTestSubject(c.Id, c.Name, c.Username!, c.AccessType, c.MacAddress));

    private static Task<Customer?> OwnerOfAsync(IspDbContext db, string typed, CancellationToken cancellationToken)
    {
        var name = typed.ToLowerInvariant();
        return db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Username == name && c.DeletedAt == null, cancellationToken);
    }

    /// <summary>A hotspot's customer without a password is given one by the portal at each login, and here too.</summary>
    private static LoginTestFault? WhyNoPassword(Customer? customer) => customer switch
    {
        null => LoginTestFault.NobodyHasIt,
        { Password: null, AccessType: not AccessType.Hotspot } => LoginTestFault.NoStoredPassword,
        _ => null,
    };

    private void Record(IspDbContext db, LoginTest test, Router router, Customer? customer) => audit.Record(
        db,
        customer is null ? "router.test-login" : "customer.test-login",
        customer?.Id ?? router.Id,
        new { Router = router.Name, test.UserName, Kind = test.Kind.ToString(), Method = test.Method.ToString(), test.UsesStoredPassword });

    private static string Masked(string name)
        => string.Concat(name.AsSpan(0, Math.Min(ShownOfUnknown, name.Length)), new string('•', Math.Max(0, name.Length - ShownOfUnknown)));
}

public abstract record LoginTestOutcome
{
    private LoginTestOutcome()
    {
    }

    public sealed record Asked(Guid TestId) : LoginTestOutcome;

    public sealed record Refused(IReadOnlyList<LoginTestFault> Faults) : LoginTestOutcome
    {
        internal static Refused For(LoginTestFault fault) => new([fault]);
    }
}

/// <param name="RouterLastHeardAt">Null: no packet of it has ever arrived.</param>
/// <param name="TakenBy">Null while it waits, and when it was given up.</param>
public sealed record LoginTestStatus(
    Guid Id,
    string UserName,
    Guid? CustomerId,
    Guid RouterId,
    string RouterName,
    DateTimeOffset? RouterLastHeardAt,
    DateTimeOffset AskedAt,
    DateTimeOffset? TakenAt,
    string? TakenBy,
    LoginTestResult? Result)
{
    public bool IsGivenUp => TakenAt is not null && TakenBy is null;
}

/// <summary>A customer whose login may be tested.</summary>
public sealed record LoginTestSubject(Guid Id, string Name, string UserName, AccessType AccessType, string? MacAddress);
