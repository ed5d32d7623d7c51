using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Shared;
using EasyIsp.Radius.Policy;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Routers;
using EasyIsp.Radius.Subscribers;
using Microsoft.Extensions.Options;

namespace EasyIsp.Radius.Orders;

/// <summary>
/// What a running session would be told if it logged in now: by the login's own policy and welcome, so that both always
/// say the same. Asked of the database, never of the memory, which may not have heard of the change yet.
/// </summary>
internal sealed class PresentTerms(
    SubscriberReader subscribers, LoginFactsReader facts, AccessSettings access, IOptions<RadiusOptions> options, TimeProvider clock)
    : IDisposable
{
    /// <summary>Connections that thousands of orders at once share: logins need the database too.</summary>
    private const int ReadersAtOnce = 8;

    private readonly SemaphoreSlim _readers = new(ReadersAtOnce);

    public async Task<Verdict> OfAsync(Nas nas, RunningSession session, CancellationToken cancellationToken)
    {
        await _readers.WaitAsync(cancellationToken);
        try
        {
            return session.CustomerId is { } customerId
                && await subscribers.ReadAsync(SubscriberKey.ById(session.TenantId, customerId), cancellationToken) is { } subscriber
                    ? Judge(nas, session, subscriber, await UsedAsync(subscriber, cancellationToken))
                    : new Verdict(Refusal.UnknownUser);
        }
        finally
        {
            _readers.Release();
        }
    }

    public void Dispose() => _readers.Dispose();

    /// <returns>Null where nothing limits it.</returns>
    private async Task<long?> UsedAsync(Subscriber subscriber, CancellationToken cancellationToken)
        => subscriber.ActiveAt(clock.GetUtcNow()) is { DataLimitBytes: not null } limited
            ? await facts.UsedAsync(limited.Id, cancellationToken)
            : null;

    private Verdict Judge(Nas nas, RunningSession session, Subscriber subscriber, long? used)
    {
        var now = clock.GetUtcNow();
        var attempt = new LoginAttempt(
            session.TenantId,
            session.RouterId,
            session.AtRouter.UserName,
            AuthenticationMethod.None,
            subscriber.AccessType,
            session.MacAddress,
            session.Told is { IsLease: true });
        var decision = LoginPolicy.Decide(attempt, subscriber, nas.Facts.IsTenantSuspended, used, now);
        if (decision.Refusal is { } refusal)
            return new Verdict(refusal);

        var settings = options.Value;
        var welcome = Welcome.On(
            decision, subscriber.AccessType, session.Id, now, settings.InterimInterval, settings.HotspotIdleTimeout, longest: null,
            access.AttributesOf(session.RouterId));
        return new Verdict(
            null, SessionTerms.Of(decision, subscriber.AccessType, welcome), decision.Terms!.Id, subscriber.AccessType);
    }
}

/// <summary>Either why the session must end, or what it is to be.</summary>
/// <param name="SubscriptionId">Whose time it uses.</param>
internal sealed record Verdict(
    Refusal? Refusal, SessionTerms? Terms = null, Guid SubscriptionId = default, AccessType AccessType = default);
