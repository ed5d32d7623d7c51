using EasyIsp.Core.Auditing;

namespace EasyIsp.Core.Identity;

/// <summary>
/// What a person does with his own account stands in the log of each company he works for; where the account is not one
/// company's (a super admin's, of who works for several or for none), in the platform's own log too.
/// </summary>
public sealed class StaffAudit(StaffDirectory staff, AuditTrail audit)
{
    /// <summary>Participant.</summary>
    public async Task RecordAsync(StaffContext db, StaffUser user, string action, object? details, CancellationToken cancellationToken)
    {
        var places = await staff.WorkplacesAsync(user.Id, cancellationToken);
        foreach (var place in places)
            audit.RecordFor(db, place.TenantId, action, user.Id, details);
        if (user.IsSuperAdmin || places.Count != 1)
            audit.RecordFor(db, AuditEvent.OfPlatform, action, user.Id, details);
    }
}
