using System.Net;
using System.Text.Json;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Auditing;

/// <summary>Something that was done, by whom, from where. Written in the transaction of the deed itself.</summary>
public sealed class AuditEvent : TenantEntity, IPartitionedByMonth
{
    /// <summary>In the place of the tenant, of a deed that concerns none: no tenant's policy shows it.</summary>
    public static readonly Guid OfPlatform = Guid.Empty;

    private AuditEvent() { }

    public DateTimeOffset At { get; private set; }

    /// <summary>Null for the system itself and for customers.</summary>
    public Guid? ActorId { get; private set; }

    public string ActorName { get; private set; } = null!;
    public IPAddress? Address { get; private set; }

    /// <summary>Field and verb, as in <c>voucher-batch.generate</c>.</summary>
    public string Action { get; private set; } = null!;

    public Guid? SubjectId { get; private set; }

    /// <summary>What a person needs to understand the deed; never a secret.</summary>
    public JsonDocument? Details { get; private set; }

    internal static AuditEvent Record(
        Guid tenantId, Actor actor, string action, Guid? subjectId, JsonDocument? details, DateTimeOffset now) => new()
        {
            TenantId = tenantId,
            Id = Guid.CreateVersion7(now),
            At = now,
            ActorId = actor.UserId,
            ActorName = actor.Name,
            Address = actor.Address,
            Action = action,
            SubjectId = subjectId,
            Details = details,
        };
}

internal sealed class AuditEventConfiguration : IEntityTypeConfiguration<AuditEvent>
{
    public void Configure(EntityTypeBuilder<AuditEvent> audit)
    {
        audit.ToTable("audit_events");
        audit.Property(a => a.ActorName).HasMaxLength(120);
        audit.Property(a => a.Action).HasMaxLength(60);
        audit.HasIndex(a => new { a.TenantId, a.SubjectId });
    }
}
