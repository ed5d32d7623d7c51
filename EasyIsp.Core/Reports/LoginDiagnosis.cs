using EasyIsp.Core.Customers;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Sessions;
using EasyIsp.Core.Sessions.Attempts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EasyIsp.Core.Reports;

/// <summary>Why a customer cannot connect: what is known of him now, and what routers have last asked of him.</summary>
public sealed class LoginDiagnosis(IspDatabase database, IOptions<SessionsOptions> options, TimeProvider clock)
{
    private const int MostLogins = 25;

    public async Task<Diagnosis> OfAsync(CustomerFacts facts, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var (now, kept) = (clock.GetUtcNow(), options.Value.KeepLogins);
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == facts.Id, cancellationToken);
        var routers = await RoutersAsync(db, customer, facts.Subscription?.PackageId, cancellationToken);
        var devices = customer.DeviceLock is DeviceLock.Off
            ? null
            : await db.CustomerDevices.Where(d => d.CustomerId == facts.Id).OrderBy(d => d.CreatedAt).Select(d => d.MacAddress).ToListAsync(cancellationToken);
        var logins = await LoginLists.OfCustomerAsync(db, customer, now - kept, MostLogins, cancellationToken);
        return new Diagnosis(AnswerTo(facts, routers, logins.FirstOrDefault(), now), routers, customer.DeviceLock, devices, logins, kept);
    }

    internal static Answer AnswerTo(CustomerFacts facts, IReadOnlyList<RouterHeard> routers, LoginRow? last, DateTimeOffset now) => last switch
    {
        _ when facts.Hindrance is not (Hindrance.None or Hindrance.AllDevicesOnline) => Answer.Hindered,
        _ when facts.Online.Any(session => !session.IsLimited) => Answer.IsOnline,
        _ when routers.Count == 0 => Answer.NoRouter,
        _ when routers.All(router => router.IsSilentAt(now)) => Answer.RoutersSilent,
        null => Answer.NeverAsked,
        { Refusal: null } => Answer.LetIn,
        { Refusal: { } why } when IsOver(why) => Answer.WouldBeLetIn,
        _ => Answer.Refused,
    };

    /// <summary>What nothing in the facts of now says any more.</summary>
    private static bool IsOver(Refusal why)
        => why is Refusal.TooManyDevices || LoginKinds.ReasonsOf(LoginKind.NothingToUse).Contains(why) || LoginKinds.ReasonsOf(LoginKind.Suspended).Contains(why);

    /// <returns>Those that he and his package are for, the one heard last first.</returns>
    private static async Task<List<RouterHeard>> RoutersAsync(
        IspDbContext db, Customer customer, Guid? packageId, CancellationToken cancellationToken)
    {
        var own = customer.AllowedRouterIds;
        var package = await db.Packages.Where(p => p.Id == packageId).Select(p => p.Access.RouterIds).SingleOrDefaultAsync(cancellationToken) ?? [];
        var routers = db.Routers.Where(r => r.ArchivedAt == null);
        if (own.Count > 0)
            routers = routers.Where(r => own.Contains(r.Id));
        if (package.Count > 0)
            routers = routers.Where(r => package.Contains(r.Id));
        return await routers
            .OrderByDescending(r => r.LastHeardAt.HasValue).ThenByDescending(r => r.LastHeardAt)
            .Select(r => new RouterHeard(r.Id, r.Name, r.LastHeardAt))
            .ToListAsync(cancellationToken);
    }
}

/// <param name="Routers">Where he may connect, the one heard last first.</param>
/// <param name="Devices">With which he may; null where any will do.</param>
/// <param name="Logins">His last ones, newest first.</param>
/// <param name="LookedBack">As far as the log reaches.</param>
public sealed record Diagnosis(
    Answer Answer,
    IReadOnlyList<RouterHeard> Routers,
    DeviceLock DeviceLock,
    IReadOnlyList<string>? Devices,
    IReadOnlyList<LoginRow> Logins,
    TimeSpan LookedBack);

public enum Answer
{
    /// <summary>See <see cref="CustomerFacts.Hindrance"/>.</summary>
    Hindered,
    IsOnline,

    /// <summary>His package and he himself are for no router that there is.</summary>
    NoRouter,

    /// <summary>None of his routers was heard lately.</summary>
    RoutersSilent,

    /// <summary>No router has asked for him as far back as the log reaches.</summary>
    NeverAsked,

    /// <summary>The last login was refused, and nothing says that the next will not be.</summary>
    Refused,

    /// <summary>The last login was refused for what has passed.</summary>
    WouldBeLetIn,

    /// <summary>The last login was let in, and no session is open.</summary>
    LetIn,
}

/// <summary>A router, and when its last genuine packet came.</summary>
public sealed record RouterHeard(Guid Id, string Name, DateTimeOffset? LastHeardAt)
{
    public bool IsSilentAt(DateTimeOffset now) => LastHeardAt is not { } at || now - at > RouterRow.SilentAfter;
}
