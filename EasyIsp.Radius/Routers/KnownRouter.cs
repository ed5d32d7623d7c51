using System.Net;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Routers;

/// <summary>
/// A router with the secrets that are good for it: its present one, while they change the previous one, and the one that
/// everybody has on a TLS connection. Remembers which of the first two it last proved.
/// </summary>
internal sealed class KnownRouter
{
    /// <summary>TLS protects the connection; the secret is a word of the standard (RFC 6614 section 2.3).</summary>
    private static readonly SharedSecret RadSecSecret = new("radsec"u8);

    private volatile Proof? _proof;

    /// <param name="reveal">What it throws goes through.</param>
    public KnownRouter(NasFacts facts, Func<Secret, SharedSecret> reveal)
    {
        Facts = facts;
        CoaEndpoint = new IPEndPoint(facts.OrdersAddress, facts.CoaPort);
        Present = With(facts.Secret);
        Previous = facts.PreviousSecret is { } previous ? With(previous) : null;
        RadSec = new Nas(this, RadSecSecret, new RequestVerifier(RadSecSecret, MessageAuthenticatorMode.Off, isTrustedProxy: true));

        Nas With(Secret stored)
        {
            var secret = reveal(stored);
            return new Nas(this, secret, new RequestVerifier(secret, ModeOf(facts), facts.IsTrustedProxy));
        }
    }

    public NasFacts Facts { get; }
    public IPEndPoint CoaEndpoint { get; }
    public Nas Present { get; }
    public Nas? Previous { get; }
    public Nas RadSec { get; }

    public bool HasSentMessageAuthenticator
        => Present.Verifier.HasSentMessageAuthenticator || Previous?.Verifier.HasSentMessageAuthenticator == true;

    public bool IsChanging(DateTimeOffset now) => Previous is not null && now < Facts.PreviousSecretUntil;

    /// <summary>The one that the router has, as far as it was seen.</summary>
    public Nas InUse(DateTimeOffset now)
        => !IsChanging(now) ? Present : _proof?.Nas ?? (Facts.UsesPreviousSecret ? Previous! : Present);

    public void Proved(Nas nas, DateTimeOffset now) => _proof = new Proof(nas, now);

    /// <summary>What this worker saw itself: the stored secret, and when; nulls where it saw nothing.</summary>
    public (byte[]? Secret, DateTimeOffset? At) LastProof => _proof is { } proof
        ? ((proof.Nas == Present ? Facts.Secret : Facts.PreviousSecret)?.Protected, proof.At)
        : (null, null);

    private static MessageAuthenticatorMode ModeOf(NasFacts facts) => facts switch
    {
        // Only the Message-Authenticator tells which tenant's router an Access-Request came from.
        { IsAddressShared: true } => MessageAuthenticatorMode.Require,
        { Rule: MessageAuthenticatorRule.Required } => MessageAuthenticatorMode.Require,
        { Rule: MessageAuthenticatorRule.Off } => MessageAuthenticatorMode.Off,
        { HasSentMessageAuthenticator: true } => MessageAuthenticatorMode.Require,
        _ => MessageAuthenticatorMode.Auto,
    };

    private sealed record Proof(Nas Nas, DateTimeOffset At);
}
