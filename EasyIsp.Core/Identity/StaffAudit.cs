using EasyIsp.Core.Auditing;

namespace EasyIsp.Core.Identity;

/// <summary>What a person does with his own account stands in the log of each company he works for.</summary>
public sealed class StaffAudit(StaffDirectory staff, AuditTrail audit)
{
    /// <summary>Participant.</summary>
    internal async Task RecordAsync(StaffContext db, StaffUser user, string action, object? details, CancellationToken cancellationToken)
    {
        foreach (var place in await staff.WorkplacesAsync(user.Id, cancellationToken))
            audit.RecordFor(db, place.TenantId, action, user.Id, details);
    }
}
