using EasyIsp.Core.Secrets;
using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Sessions.Trials;
using EasyIsp.Radius.Policy;
using EasyIsp.Radius.Process;
using EasyIsp.Radius.Sessions;
using EasyIsp.Radius.Subscribers;

namespace EasyIsp.Radius.Trials;

/// <summary>Of one trial: says what a login would find, does none of it, and remembers what it would have done.</summary>
/// <param name="oneTimePassword">As if the portal had just issued it to this very device; null where it has not.</param>
internal sealed class TrialEffects(
    LoginFactsReader facts, Places places, VoucherRehearsal vouchers, Secret? oneTimePassword, string? macAddress) : ILoginEffects
{
    private readonly SortedSet<LoginTestEffect> _effects = [];

    public TimeSpan RejectDelay => TimeSpan.Zero;

    public IReadOnlyCollection<LoginTestEffect> Effects => _effects;

    /// <summary>Null when no decision was made.</summary>
    public LoginOutcome? Outcome { get; private set; }

    public bool IsLimited { get; private set; }

    public async Task<IReadOnlyList<LiveToken>> TokensAsync(Subscriber subscriber, CancellationToken cancellationToken)
    {
        var issued = await facts.TokensAsync(subscriber, cancellationToken);
        return oneTimePassword is null ? issued : [.. issued, new LiveToken(Guid.Empty, oneTimePassword, macAddress)];
    }

    public Task<bool> UseAsync(Guid tenantId, LiveToken token, CancellationToken cancellationToken)
    {
        _effects.Add(LoginTestEffect.UsesOneTimePassword);
        return Task.FromResult(true);
    }

    public bool TryTake(Place place)
    {
        var hasRoom = places.HasRoom(place);
        if (!hasRoom && place.Limit is not { PushesOut: true })
            return false;

        _effects.Add(hasRoom ? LoginTestEffect.TakesPlace : LoginTestEffect.PushesOutOldest);
        return true;
    }

    public void Free(Place place) => _effects.ExceptWith([LoginTestEffect.TakesPlace, LoginTestEffect.PushesOutOldest]);

    public Task<bool> BindAsync(LoginAttempt attempt, Guid customerId, CancellationToken cancellationToken)
    {
        _effects.Add(LoginTestEffect.BindsDevice);
        return Task.FromResult(true);
    }

    public async Task<(LoginCandidate? Owner, Refusal? Refusal)> RedeemAsync(
        LoginAttempt attempt, TypedVoucher voucher, CancellationToken cancellationToken)
    {
        var found = await vouchers.RehearseAsync(attempt, voucher, cancellationToken);
        if (found.Refusal is null)
            _effects.Add(LoginTestEffect.RedeemsVoucher);
        return found;
    }

    public Task GuessedAsync(LoginAttempt attempt, CancellationToken cancellationToken) => Task.CompletedTask;

    public void Decided(Exchange exchange, LoginAttempt attempt, LoginOutcome outcome, bool isLimited) => (Outcome, IsLimited) = (outcome, isLimited);

    public void Welcomed(LoginAttempt attempt, LoginOutcome outcome, Welcome welcome)
    {
        // The session that it would be told of will never be.
    }
}
