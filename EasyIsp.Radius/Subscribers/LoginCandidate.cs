using EasyIsp.Radius.Policy;

namespace EasyIsp.Radius.Subscribers;

/// <summary>Whom a login means, and by what he must prove it.</summary>
/// <param name="Voucher">Set where he typed a voucher's code as his user name.</param>
internal sealed record LoginCandidate(Subscriber Subscriber, LoginMeans Means, TypedVoucher? Voucher = null)
{
    /// <summary>Out of memory, and something of his has changed since.</summary>
    public bool IsInDoubt { get; init; }
}

internal enum LoginMeans
{
    /// <summary>The stored password or a one-time one.</summary>
    Password,

    /// <summary>The device's own address, with an empty password.</summary>
    Device,

    /// <summary>
    /// The account is called as the device's own address: its stored password, and where none is stored an empty one.
    /// </summary>
    OwnAddress,

    /// <summary>Knowing the code.</summary>
    Voucher,
}
