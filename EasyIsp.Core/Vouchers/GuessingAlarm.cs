using System.Net;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Vouchers;

/// <summary>Where so many codes that nobody printed come from.</summary>
public enum GuessedBy
{
    Device,

    /// <summary>A network address, whatever devices it claims to be.</summary>
    Address,

    /// <summary>All that comes from one router.</summary>
    Router,
}

/// <summary>Somebody guesses voucher codes, or has lost a list of them. Shown to staff for a day, kept for a month.</summary>
public sealed class GuessingAlarm : TenantEntity
{
    public static readonly TimeSpan Shown = TimeSpan.FromDays(1);
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private GuessingAlarm() { }

    public DateTimeOffset RaisedAt { get; private set; }
    public GuessedBy By { get; private set; }

    /// <summary>Wrong codes until then.</summary>
    public int WrongCodes { get; private set; }

    public string? MacAddress { get; private set; }
    public IPAddress? Address { get; private set; }
    public Guid? RouterId { get; private set; }

    internal static GuessingAlarm Raise(Guid tenantId, GuessedBy by, int wrongCodes, Redeemer who, DateTimeOffset now) => new()
    {
        TenantId = tenantId,
        Id = Guid.CreateVersion7(now),
        RaisedAt = now,
        By = by,
        WrongCodes = wrongCodes,
        MacAddress = who.MacAddress,
        Address = who.Address,
        RouterId = who.RouterId,
    };
}

internal sealed class GuessingAlarmConfiguration : IEntityTypeConfiguration<GuessingAlarm>
{
    public void Configure(EntityTypeBuilder<GuessingAlarm> alarm)
    {
        alarm.ToTable("guessing_alarms");
        alarm.Property(a => a.MacAddress).HasMaxLength(17);
        alarm.References<GuessingAlarm, Router>(nameof(GuessingAlarm.RouterId));
    }
}
