using EasyIsp.Radius.Policy;

namespace EasyIsp.Radius.Sessions;

/// <summary>Who a session belongs to, as it is stored with it.</summary>
/// <param name="UserName">As the router spells it, except for vouchers.</param>
internal sealed record SessionOwner(string UserName, Guid? CustomerId = null, Guid? SubscriptionId = null, Guid? VoucherId = null);

/// <summary>An Access-Accept that was given: what its Class stands for.</summary>
internal sealed record GrantedLogin(
    Guid SessionId, Guid TenantId, Guid RouterId, string? MacAddress, SessionOwner Owner, DateTimeOffset At)
{
    /// <summary>What the router was told with it.</summary>
    public SessionTerms? Told { get; set; }
}
