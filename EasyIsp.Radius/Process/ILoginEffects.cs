using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Radius.Policy;
using EasyIsp.Radius.Sessions;
using EasyIsp.Radius.Subscribers;

namespace EasyIsp.Radius.Process;

/// <summary>
/// What a login uses up, changes and leaves behind while it is decided: a router's really, a trial's only in thought.
/// </summary>
internal interface ILoginEffects
{
    /// <summary>From a request's arrival to its refusal.</summary>
    TimeSpan RejectDelay { get; }

    /// <exception cref="Npgsql.NpgsqlException">The database is away.</exception>
    Task<IReadOnlyList<LiveToken>> TokensAsync(Subscriber subscriber, CancellationToken cancellationToken);

    /// <summary>Uses a one-time password up.</summary>
    /// <returns>False when somebody else was first.</returns>
    Task<bool> UseAsync(Guid tenantId, LiveToken token, CancellationToken cancellationToken);

    /// <returns>False when other devices have all of the customer's places.</returns>
    bool TryTake(Place place);

    void Free(Place place);

    /// <summary>The device becomes the customer's.</summary>
    /// <returns>False when another device was first.</returns>
    Task<bool> BindAsync(LoginAttempt attempt, Guid customerId, CancellationToken cancellationToken);

    /// <summary>A voucher that is nobody's yet.</summary>
    /// <returns>The new owner, or why there is none.</returns>
    Task<(LoginCandidate? Owner, Refusal? Refusal)> RedeemAsync(LoginAttempt attempt, TypedVoucher voucher, CancellationToken cancellationToken);

    /// <summary>What was typed could have been a voucher's code, and is none.</summary>
    Task GuessedAsync(LoginAttempt attempt, CancellationToken cancellationToken);

    /// <summary>While the request is still there to be read.</summary>
    void Decided(Exchange exchange, LoginAttempt attempt, LoginOutcome outcome, bool isLimited);

    /// <summary>What the router is told of who was let in without limits.</summary>
    void Welcomed(LoginAttempt attempt, LoginOutcome outcome, Welcome welcome);
}
