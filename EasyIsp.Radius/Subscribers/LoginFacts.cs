using EasyIsp.Core.Secrets;

namespace EasyIsp.Radius.Subscribers;

/// <summary>What must be true at the very moment of a login, and is therefore never remembered.</summary>
/// <param name="UsedBytes">Of the active subscription, in ended and open sessions; null where it has no limit.</param>
internal sealed record LoginFacts(
    IReadOnlyList<OnlineDevice> Online, IReadOnlyList<LiveToken> Tokens, long? UsedBytes)
{
    /// <summary>With the database away: nothing is held against a customer.</summary>
    public static LoginFacts Unknown { get; } = new([], [], null);
}

/// <summary>An open session of the customer that is not stale.</summary>
internal readonly record struct OnlineDevice(Guid SessionId, Guid RouterId, string? MacAddress);

/// <summary>A one-time password not used and not expired.</summary>
internal sealed record LiveToken(Guid Id, Secret Password, string MacAddress);
