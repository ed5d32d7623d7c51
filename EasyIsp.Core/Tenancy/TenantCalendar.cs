namespace EasyIsp.Core.Tenancy;

/// <summary>The tenant's days: which date an instant falls on, and when a date begins.</summary>
public sealed class TenantCalendar(string timeZone)
{
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);

    public TenantCalendar(Tenant tenant) : this(tenant.TimeZone) { }

    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, _zone).DateTime);

    /// <summary>The first instant of the day, in UTC. Where clocks skip midnight, the day begins when they go on.</summary>
    public DateTimeOffset StartOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (_zone.IsInvalidTime(midnight))
            midnight = midnight.AddMinutes(15);

        // An hour that comes twice has two offsets; the larger is the earlier instant.
        var offset = _zone.IsAmbiguousTime(midnight) ? _zone.GetAmbiguousTimeOffsets(midnight).Max() : _zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset).ToUniversalTime();
    }
}
