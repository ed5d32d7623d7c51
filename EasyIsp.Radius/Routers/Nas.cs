using System.Net;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Routers;

/// <summary>
/// A router under one of its secrets, as the worker needs it: whose it is, and how its packets are believed. What
/// answers it is signed with the secret that its packet proved.
/// </summary>
internal sealed class Nas(KnownRouter router, SharedSecret secret, RequestVerifier verifier)
{
    public KnownRouter Router => router;
    public NasFacts Facts => router.Facts;
    public Guid TenantId => Facts.TenantId;
    public Guid RouterId => Facts.RouterId;
    public SharedSecret Secret => secret;
    public RequestVerifier Verifier => verifier;
    public IPEndPoint CoaEndpoint => router.CoaEndpoint;

    /// <summary>
    /// Whether the packet may be this secret's. While two are good, one that proves none is taken to be made with the one
    /// that was proved last; the previous secret ends by the clock.
    /// </summary>
    public bool IsCandidate(in RadiusPacket request, TimeProvider clock)
    {
        if (router.Previous is null)
            return true;

        var now = clock.GetUtcNow();
        return Proves(request) ? this == router.Present || router.IsChanging(now) : this == router.InUse(now);
    }

    /// <summary>The packet was genuine.</summary>
    public void Believed(in RadiusPacket request, TimeProvider clock)
    {
        if (router.Previous is not null && Proves(request))
            router.Proved(this, clock.GetUtcNow());
    }

    private static bool Proves(in RadiusPacket request)
        => request.Code is not PacketCode.AccessRequest || request.Has(AttributeType.MessageAuthenticator);
}

/// <summary>What the database says of a router; equal facts make the same <see cref="KnownRouter"/>.</summary>
/// <param name="OrdersAddress">Where it takes orders: the address in its tunnel, if it has one.</param>
/// <param name="PreviousSecret">Good beside the present one until <paramref name="PreviousSecretUntil"/>.</param>
/// <param name="IsAddressShared">An address or range of it belongs to another router too.</param>
internal sealed record NasFacts(
    Guid TenantId,
    Guid RouterId,
    IPAddress OrdersAddress,
    Secret Secret,
    Secret? PreviousSecret,
    DateTimeOffset? PreviousSecretUntil,
    bool UsesPreviousSecret,
    MessageAuthenticatorRule Rule,
    bool HasSentMessageAuthenticator,
    int CoaPort,
    string Language,
    bool IsTenantSuspended,
    bool IsAddressShared,
    bool IsTrustedProxy);
