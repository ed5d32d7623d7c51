using System.Net;
using System.Security.Claims;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Tenancy;

namespace EasyIsp.Web.Access;

/// <summary>
/// Who sits at the screen and for which tenant. One per request and per circuit; it makes the scope's
/// <see cref="TenantContext"/> and <see cref="Actor"/> theirs.
/// </summary>
public sealed class ConsoleSession
{
    private readonly TenantContext _tenant;
    private readonly Actor _actor;
    private readonly StaffStanding _standing;

    internal ConsoleSession(TenantContext tenant, Actor actor, StaffStanding standing)
        => (_tenant, _actor, _standing) = (tenant, actor, standing);

    /// <summary>The person sees other routers from now on: what is shown is read again.</summary>
    public event EventHandler? PlaceChanged;

    public string UserName { get; private set; } = "";
    public bool IsSuperAdmin { get; private set; }
    public bool IsSupport { get; private set; }

    /// <summary>Null for a super admin who has entered no tenant.</summary>
    public StaffAccess? Access { get; private set; }

    /// <exception cref="InvalidOperationException">No tenant was entered.</exception>
    public Tenant Tenant => Access?.Tenant ?? throw new InvalidOperationException("No tenant has been entered.");

    /// <summary>The zone of all times on the screen.</summary>
    public TimeZoneInfo Zone => Access is { } access ? TimeZoneInfo.FindSystemTimeZoneById(access.Tenant.TimeZone) : TimeZoneInfo.Utc;

    public bool May(Permission permission) => Access?.Permissions.Contains(permission) == true;

    /// <summary>Reads again who the person is and what the role allows; the tenant of a scope never changes.</summary>
    internal async Task BeginAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        UserName = user.Name();
        IsSuperAdmin = user.IsSuperAdmin();
        IsSupport = user.IsSupport();
        Access = await _standing.OfAsync(user, cancellationToken);
        if (Access is { } access)
            Enter(access);
        Become(user, _actor.Address);
    }

    private void Enter(StaffAccess access)
    {
        _tenant.Use(access.Tenant.Id);
        var before = _tenant.RouterIds;
        _tenant.RestrictTo(access.RouterIds);
        if ((before is null) != (access.RouterIds is null) || !(before ?? []).SequenceEqual(access.RouterIds ?? []))
            PlaceChanged?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>A circuit has no HttpContext: the address comes from the page that opened it.</summary>
    internal void Become(ClaimsPrincipal user, IPAddress? address)
    {
        if (user.UserId() is { } userId)
            _actor.Become(userId, user.IsSupport() ? $"{user.Name()} (support)" : user.Name(), address);
    }
}
