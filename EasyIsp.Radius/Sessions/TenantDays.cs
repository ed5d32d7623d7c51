using System.Collections.Frozen;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Core.Tenancy;
using Npgsql;

namespace EasyIsp.Radius.Sessions;

/// <summary>Every tenant's days, kept in memory until a tenant changes.</summary>
internal sealed class TenantDays : IDisposable
{
    private readonly PlatformDataSource _database;
    private readonly IDisposable _subscription;
    private FrozenDictionary<Guid, DaysOfTenant>? _known;

    public TenantDays(PlatformDataSource database, ChangeFeed feed)
    {
        _database = database;
        _subscription = feed.Subscribe(change =>
        {
            if (change.IsEverything || change.Table == "tenants")
                Volatile.Write(ref _known, null);
        });
    }

    /// <exception cref="NpgsqlException">The database is away, and not all of these tenants are remembered.</exception>
    public async ValueTask<FrozenDictionary<Guid, DaysOfTenant>> OfAsync(
        IReadOnlyList<SessionReport> reports, CancellationToken cancellationToken)
    {
        var known = Volatile.Read(ref _known);
        if (known is null || reports.Any(report => !known.ContainsKey(report.TenantId)))
            Volatile.Write(ref _known, known = await ReadAsync(reports, cancellationToken));
        return known;
    }

    public void Dispose() => _subscription.Dispose();

    private async Task<FrozenDictionary<Guid, DaysOfTenant>> ReadAsync(
        IReadOnlyList<SessionReport> reports, CancellationToken cancellationToken)
    {
        await using var command = _database.Value.CreateCommand("select id, time_zone from tenants");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var read = new Dictionary<Guid, DaysOfTenant>();
        while (await reader.ReadAsync(cancellationToken))
            read[reader.GetGuid(0)] = new DaysOfTenant(new TenantCalendar(reader.GetString(1)));
        foreach (var report in reports)
            read.TryAdd(report.TenantId, new DaysOfTenant(new TenantCalendar("UTC"))); // deleted since
        return read.ToFrozenDictionary();
    }
}

/// <summary>One tenant's days; remembers the one that it was asked for last, which is nearly always today.</summary>
internal sealed class DaysOfTenant(TenantCalendar calendar)
{
    private LocalDay? _latest;

    public LocalDay At(DateTimeOffset instant)
    {
        if (_latest is { } latest && latest.BeginsAt <= instant && instant < latest.EndsAt)
            return latest;

        var date = calendar.DayOf(instant);
        return _latest = new LocalDay(date, calendar.StartOf(date), calendar.StartOf(date.AddDays(1)), UsageDay.IdPrefixOf(date));
    }
}

/// <param name="EndsAt">The first moment of the next day.</param>
/// <param name="IdPrefix">See <see cref="UsageDay.IdPrefixOf"/>.</param>
internal sealed record LocalDay(DateOnly Date, DateTimeOffset BeginsAt, DateTimeOffset EndsAt, string IdPrefix);
