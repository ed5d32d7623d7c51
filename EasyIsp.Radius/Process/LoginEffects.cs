using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Radius.Attempts;
using EasyIsp.Radius.Policy;
using EasyIsp.Radius.Sessions;
using EasyIsp.Radius.Subscribers;
using Microsoft.Extensions.Options;

namespace EasyIsp.Radius.Process;

/// <summary>Of a router's requests.</summary>
internal sealed partial class LoginEffects(
    LoginFactsReader facts,
    Places places,
    DeviceBinder binder,
    VoucherRedeemer redeemer,
    LoginFinder finder,
    LoginMetrics metrics,
    LoginLog log,
    IOptions<RadiusOptions> options,
    ILogger<LoginEffects> logger) : ILoginEffects
{
    public TimeSpan RejectDelay => options.Value.RejectDelay;

    public Task<IReadOnlyList<LiveToken>> TokensAsync(Subscriber subscriber, CancellationToken cancellationToken)
        => facts.TokensAsync(subscriber, cancellationToken);

    public Task<bool> UseAsync(Guid tenantId, LiveToken token, CancellationToken cancellationToken)
        => facts.ClaimAsync(tenantId, token, cancellationToken);

    public bool TryTake(Place place) => places.TryTake(place);

    public void Free(Place place) => places.Free(place.TenantId, place.SessionId);

    public Task<bool> BindAsync(LoginAttempt attempt, Guid customerId, CancellationToken cancellationToken)
        => binder.BindAsync(attempt, customerId, cancellationToken);

    public async Task<(LoginCandidate? Owner, Refusal? Refusal)> RedeemAsync(
        LoginAttempt attempt, TypedVoucher voucher, CancellationToken cancellationToken)
    {
        var (ownerId, refusal) = await redeemer.RedeemAsync(attempt, voucher, cancellationToken);
        return ownerId is { } id ? (await finder.FindOwnerAsync(voucher, attempt.TenantId, id, cancellationToken), null) : (null, refusal);
    }

    public Task GuessedAsync(LoginAttempt attempt, CancellationToken cancellationToken) => redeemer.GuessedAsync(attempt, cancellationToken);

    public void Decided(Exchange exchange, LoginAttempt attempt, LoginOutcome outcome, bool isLimited)
    {
        metrics.Decided(outcome.Refusal, isLimited);
        log.Note(exchange, attempt, outcome, isLimited);
        if (outcome.Refusal is not { } refusal)
            return;

        if (isLimited)
            LogLimited(attempt.RouterId, refusal);
        else
            LogRefused(attempt.RouterId, refusal);
    }

    public void Welcomed(LoginAttempt attempt, LoginOutcome outcome, Welcome welcome)
    {
        if (outcome.Candidate is not { } candidate || places.Find(attempt.TenantId, welcome.SessionId) is not { } place)
            return;

        place.Told = candidate.Subscriber.Habits.Share(SessionTerms.Of(outcome.Decision, outcome.AccessType, welcome, attempt.IsDhcp));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Router {RouterId}: a login was refused, {Refusal}")]
    private partial void LogRefused(Guid routerId, Refusal refusal);

    [LoggerMessage(Level = LogLevel.Information, Message = "Router {RouterId}: a login was refused, {Refusal}, and let in with limits")]
    private partial void LogLimited(Guid routerId, Refusal refusal);
}
