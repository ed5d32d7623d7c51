using System.Net;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Routers;

/// <summary>A router as the worker needs it: whose it is, and how its packets are believed.</summary>
internal sealed class Nas(NasFacts facts, SharedSecret secret)
{
    public NasFacts Facts => facts;
    public Guid TenantId => facts.TenantId;
    public Guid RouterId => facts.RouterId;
    public SharedSecret Secret => secret;
    public IPEndPoint CoaEndpoint { get; } = new(facts.Address, facts.CoaPort);
    public RequestVerifier Verifier { get; } = new(secret, ModeOf(facts), facts.IsTrustedProxy);

    private static MessageAuthenticatorMode ModeOf(NasFacts facts) => facts switch
    {
        // Only the Message-Authenticator tells which tenant's router an Access-Request came from.
        { IsAddressShared: true } => MessageAuthenticatorMode.Require,
        { Rule: MessageAuthenticatorRule.Required } => MessageAuthenticatorMode.Require,
        { Rule: MessageAuthenticatorRule.Off } => MessageAuthenticatorMode.Off,
        { HasSentMessageAuthenticator: true } => MessageAuthenticatorMode.Require,
        _ => MessageAuthenticatorMode.Auto,
    };
}

/// <summary>What the database says of a router; equal facts make the same <see cref="Nas"/>.</summary>
internal sealed record NasFacts(
    Guid TenantId,
    Guid RouterId,
    IPAddress Address,
    Secret Secret,
    MessageAuthenticatorRule Rule,
    bool HasSentMessageAuthenticator,
    int CoaPort,
    string Language,
    bool IsTenantSuspended,
    bool IsAddressShared,
    bool IsTrustedProxy);
