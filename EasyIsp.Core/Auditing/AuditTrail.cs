using System.Text.Json;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Auditing;

/// <summary>Writes what was done into the transaction that does it.</summary>
public sealed class AuditTrail(Actor actor, TimeProvider clock)
{
    /// <summary>Participant.</summary>
    /// <param name="action">Field and verb, as in <c>customer.suspend</c>.</param>
    /// <param name="details">Values a person needs, as an anonymous object; never a secret.</param>
    public void Record(IspDbContext db, string action, Guid? subjectId = null, object? details = null)
        => RecordFor(db, db.CurrentTenantId, action, subjectId, details);

    /// <summary>Participant: into a tenant's log, or the platform's own, from a context of the platform or of staff's accounts.</summary>
    /// <param name="tenantId">Or <see cref="AuditEvent.OfPlatform"/>.</param>
    public void RecordFor(DbContext db, Guid tenantId, string action, Guid? subjectId = null, object? details = null)
        => db.Set<AuditEvent>().Add(AuditEvent.Record(
            tenantId,
            actor,
            action,
            subjectId,
            details is null ? null : JsonSerializer.SerializeToDocument(details, JsonSerializerOptions.Web),
            clock.GetUtcNow()));
}

public static class AuditingFeature
{
    public static IServiceCollection AddAuditing(this IServiceCollection services)
        => services.AddScoped<Actor>().AddScoped<AuditTrail>();
}
