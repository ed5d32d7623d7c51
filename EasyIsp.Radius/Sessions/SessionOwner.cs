namespace EasyIsp.Radius.Sessions;

/// <summary>Who a session belongs to, as it is stored with it.</summary>
/// <param name="UserName">As the router spells it, except for vouchers.</param>
internal sealed record SessionOwner(string UserName, Guid? CustomerId = null, Guid? SubscriptionId = null, Guid? VoucherId = null);
