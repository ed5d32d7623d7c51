using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Sessions.Trials;

/// <summary>
/// Where workers take the login tests of all tenants. What is taken is taken once: whoever waits for the answer of a worker
/// that died asks again.
/// </summary>
public sealed class LoginTestQueue(PlatformDatabase database, TimeProvider clock)
{
    private const int AtOnce = 10;

    /// <summary>Takes tests, and with them all that could be read of what was typed.</summary>
    /// <param name="worker">Who takes them.</param>
    /// <returns>Those that no other worker has, the oldest first.</returns>
    public async Task<IReadOnlyList<TakenLoginTest>> TakeAsync(string worker, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var since = now - LoginTest.WaitsAtMost;
        await using var db = await database.OpenAsync(cancellationToken);
        var tests = await db.LoginTests.FromSql($"""
            select * from login_tests where taken_at is null and asked_at > {since}
            order by asked_at limit {AtOnce} for update skip locked
            """).IgnoreQueryFilters([QueryFilters.Tenant]).AsNoTracking().ToListAsync(cancellationToken);
        if (tests.Count == 0)
            return [];

        var ids = tests.ConvertAll(test => test.Id);
        var customers = tests.Where(test => test.UsesStoredPassword).Select(test => test.CustomerId).ToList();
        var passwords = await db.Customers.IgnoreQueryFilters([QueryFilters.Tenant])
            .Where(c => customers.Contains(c.Id) && c.DeletedAt == null)
            .ToDictionaryAsync(c => c.Id, c => c.Password, cancellationToken);
        await db.LoginTests.IgnoreQueryFilters([QueryFilters.Tenant]).Where(t => ids.Contains(t.Id)).ExecuteUpdateAsync(
            set => set.SetProperty(t => t.TakenAt, now).SetProperty(t => t.TakenBy, worker).SetProperty(t => t.Credentials, (Secret?)null),
            cancellationToken);
        await db.CommitAsync(cancellationToken);
        return tests.ConvertAll(test => new TakenLoginTest(test, test.CustomerId is { } id ? passwords.GetValueOrDefault(id) : null));
    }

    public async Task AnswerAsync(LoginTest test, LoginTestResult result, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        await db.LoginTests.IgnoreQueryFilters([QueryFilters.Tenant])
            .Where(t => t.TenantId == test.TenantId && t.Id == test.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.Result, result), cancellationToken);
        await db.CommitAsync(cancellationToken);
    }
}

/// <param name="Test">With its credentials, which the database no longer has.</param>
/// <param name="StoredPassword">The customer's; null where he has none, or it is not asked for.</param>
public sealed record TakenLoginTest(LoginTest Test, Secret? StoredPassword);
