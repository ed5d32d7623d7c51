using EasyIsp.Core.Persistence;
using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Statistics;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Emulators.Demonstration;

/// <summary>
/// Where the customers of the last weeks were online, as the RADIUS worker would have written it: evenings are busy, homes
/// stay for hours, and the line to the hill is not the best.
/// </summary>
internal sealed class DemoSessions(IServiceProvider services, SeedClock clock, Guid tenantId)
{
    private const int Days = 30;
    private const int UserRequest = 1;
    private const int LostCarrier = 2;
    private const int IdleTimeout = 4;
    private const int SessionTimeout = 5;

    /// <summary>Of a hundred who are ever online in the evening, how many are in each hour of the day.</summary>
    private static readonly int[] Busyness = [22, 14, 8, 6, 6, 10, 22, 30, 32, 34, 36, 38, 44, 46, 42, 44, 50, 60, 74, 90, 100, 96, 74, 44];

    private static readonly TimeSpan Zone = TimeSpan.FromHours(3);

    private static readonly (Refusal Reason, int Weight)[] Refusals =
        [(Refusal.SubscriptionExpired, 8), (Refusal.WrongPassword, 5), (Refusal.WrongDevice, 2), (Refusal.TooManyDevices, 2), (Refusal.MsChapV1, 1)];

    private readonly Random _random = new(20260303);
    private readonly List<Stay> _stays = [];

    public async Task WriteAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        clock.Set(now);
        await using (var scope = services.CreateAsyncScope())
        {
            scope.ServiceProvider.GetRequiredService<TenantContext>().Use(tenantId);
            await using var db = await scope.ServiceProvider.GetRequiredService<IspDatabase>().OpenAsync(cancellationToken);
            var routers = await db.Routers.OrderBy(r => r.Id).Select(r => r.Id).ToListAsync(cancellationToken);
            var homes = new Dictionary<Guid, int>();
            foreach (var line in await LinesAsync(db, cancellationToken))
            {
                // As the emulated network will have them: homes take turns.
                var router = line.IsHome ? homes.TryGetValue(line.CustomerId, out var turn) ? turn : homes[line.CustomerId] = homes.Count % routers.Count : _random.Next(3) / 2;
                Live(line, routers[router], isPoorLine: router > 0, line.EndsAt < now ? line.EndsAt : now);
            }

            await SaveAsync(db, cancellationToken);
            await RefuseAsync(db, routers, now, cancellationToken);
            await db.CommitAsync(cancellationToken);
        }

        await services.GetRequiredService<SessionStatisticsJob>().RunAsync(cancellationToken);
    }

    private static Task<List<PaidTime>> LinesAsync(IspDbContext db, CancellationToken cancellationToken) => (
        from subscription in db.Subscriptions
        join customer in db.Customers on subscription.CustomerId equals customer.Id
        join package in db.Packages on subscription.PackageId equals package.Id
        orderby customer.Number, subscription.StartsAt
        select new PaidTime(subscription.Id, customer.Id, package.AccessType == AccessType.Pppoe, subscription.StartsAt, subscription.EndsAt))
        .ToListAsync(cancellationToken);

    private void Live(PaidTime line, Guid router, bool isPoorLine, DateTimeOffset until)
    {
        for (var at = line.StartsAt.AddMinutes(_random.Next(1, 8)); at < until; at = at.AddMinutes(line.IsHome ? _random.Next(1, 90) : _random.Next(20, 240)))
        {
            if (_random.Next(100) >= Busyness[at.ToOffset(Zone).Hour] + (line.IsHome ? 35 : 0))
                continue; // not now

            var end = at.AddMinutes(line.IsHome ? _random.Next(isPoorLine ? 20 : 90, isPoorLine ? 360 : 900) : _random.Next(12, 110));
            if (end >= until.AddMinutes(-5) && line.EndsAt > until)
                return; // he would be online still: those come when the demonstration runs
            var cause = end >= line.EndsAt ? SessionTimeout : CauseOf(isPoorLine);
            end = end < line.EndsAt ? end : line.EndsAt;
            var megabytes = (end - at).TotalHours * _random.Next(40, line.IsHome ? 900 : 260);
            _stays.Add(new Stay(line, router, at, end, cause, (long)(megabytes * 1_000_000)));
            at = end;
        }
    }

    private int? CauseOf(bool isPoorLine) => _random.Next(100) switch
    {
        var chance when chance < (isPoorLine ? 55 : 8) => LostCarrier,
        < 64 => UserRequest,
        < 90 => IdleTimeout,
        _ => null,
    };

    private async Task SaveAsync(IspDbContext db, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"""
            insert into sessions (tenant_id, id, router_id, customer_id, subscription_id, user_name, nas_session_id, started_at, last_heard_at,
              ended_at, uploaded_bytes, downloaded_bytes, session_seconds, terminate_cause)
            select {tenantId}, stay.id, stay.router, stay.customer, stay.subscription, coalesce(c.username, 'c' || c.number), right(stay.id::text, 8), began, ended,
              ended, bytes / 9, bytes - bytes / 9, extract(epoch from ended - began), cause
            from unnest({_stays.Select(s => Guid.CreateVersion7(s.From)).ToArray()}, {_stays.Select(s => s.Router).ToArray()},
              {_stays.Select(s => s.Line.CustomerId).ToArray()}, {_stays.Select(s => s.Line.SubscriptionId).ToArray()},
              {_stays.Select(s => s.From).ToArray()}, {_stays.Select(s => s.Until).ToArray()}, {_stays.Select(s => s.Bytes).ToArray()},
              {_stays.Select(s => s.Cause).ToArray()}) as stay(id, router, customer, subscription, began, ended, bytes, cause)
            join customers c on c.id = stay.customer
            """, cancellationToken);
        await db.Database.ExecuteSqlAsync($"""
            insert into usage_days (tenant_id, id, subscription_id, customer_id, day, uploaded_bytes, downloaded_bytes, seconds)
            select tenant_id, usage_day_id(day, subscription_id), subscription_id, customer_id, day,
              sum(uploaded_bytes * share), sum(downloaded_bytes * share), sum(session_seconds * share)
            from sessions cross join lateral (
              select d::date as day, extract(epoch from
                least(ended_at, (d + interval '1 day') at time zone 'Africa/Nairobi') - greatest(started_at, d at time zone 'Africa/Nairobi'))
                / greatest(1, extract(epoch from ended_at - started_at)) as share
              from generate_series((started_at at time zone 'Africa/Nairobi')::date::timestamp, ended_at at time zone 'Africa/Nairobi', interval '1 day') d) days
            group by 1, 2, 3, 4, 5
            """, cancellationToken);
    }

    private async Task RefuseAsync(IspDbContext db, List<Guid> routers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var homes = await db.Customers.Where(c => c.AccessType == AccessType.Pppoe).OrderBy(c => c.Number)
            .Select(c => new { c.Id, c.Username }).ToListAsync(cancellationToken);
        for (var day = 0; day < Days; day++)
        {
            for (var left = _random.Next(4, 14); left > 0; left--)
            {
                var at = now.AddDays(-day).AddMinutes(-_random.Next(24 * 60));
                var who = _random.Next(homes.Count);
                var id = Guid.CreateVersion7(at);
                await db.Database.ExecuteSqlAsync($"""
                    insert into login_attempts (tenant_id, id, router_id, customer_id, user_name, access_type, method, refusal, is_limited, at, last_at, times, took, left_out)
                    values ({tenantId}, {id}, {routers[who % routers.Count]}, {homes[who].Id}, {homes[who].Username}, 'Pppoe', 'Pap', {Reason().ToString()}, false,
                      {at}, {at}, 1, {TimeSpan.FromMilliseconds(1)}, 0)
                    """, cancellationToken);
            }
        }
    }

    private Refusal Reason()
    {
        var chance = _random.Next(Refusals.Sum(refusal => refusal.Weight));
        return Refusals.First(refusal => (chance -= refusal.Weight) < 0).Reason;
    }

    private sealed record PaidTime(Guid SubscriptionId, Guid CustomerId, bool IsHome, DateTimeOffset StartsAt, DateTimeOffset EndsAt);

    private sealed record Stay(PaidTime Line, Guid Router, DateTimeOffset From, DateTimeOffset Until, int? Cause, long Bytes);
}
