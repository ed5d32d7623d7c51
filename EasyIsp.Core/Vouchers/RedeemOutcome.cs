using System.Net;
using EasyIsp.Core.Limits;

namespace EasyIsp.Core.Vouchers;

/// <summary>What came of typing a code.</summary>
public abstract record RedeemOutcome
{
    private RedeemOutcome()
    {
    }

    public sealed record Redeemed(Guid CustomerId, Guid SubscriptionId, DateTimeOffset EndsAt) : RedeemOutcome;

    /// <summary>No such code, or nothing that could be one.</summary>
    public sealed record Unknown : RedeemOutcome;

    /// <summary>Its check letter tells that a letter is wrong; nothing was looked up.</summary>
    public sealed record Mistyped : RedeemOutcome;

    /// <param name="BySameDevice">The device that types it is its owner's: it may be brought back online.</param>
    /// <param name="RunsUntil">When the owner's present access ends; null when it is over.</param>
    public sealed record AlreadyUsed(Guid CustomerId, bool BySameDevice, DateTimeOffset? RunsUntil) : RedeemOutcome;

    public sealed record Expired(DateTimeOffset Since) : RedeemOutcome;

    public sealed record Revoked : RedeemOutcome;

    /// <summary>The package is no longer sold; the voucher stays unused, so that staff can make good.</summary>
    public sealed record PackageGone : RedeemOutcome;

    /// <summary>Too many codes from here, or wrong ones; try again after the pause.</summary>
    public sealed record TooManyTries(LimitRefusal Refusal) : RedeemOutcome;
}

/// <summary>Who types a code: the device as its router named it, the network address that the portal sees, and his phone if he gave it.</summary>
/// <param name="MacAddress">As <see cref="Shared.MacAddress"/> spells it.</param>
/// <param name="Phone">E.164.</param>
public sealed record Redeemer(string? MacAddress, IPAddress? Address, string? Phone = null)
{
    /// <summary>At which it is typed; null where nobody knows.</summary>
    public Guid? RouterId { get; init; }
}
