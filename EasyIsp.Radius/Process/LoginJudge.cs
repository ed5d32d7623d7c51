using System.Security.Cryptography;
using EasyIsp.Core.Secrets;
using EasyIsp.Radius.Policy;
using EasyIsp.Radius.Sessions;
using EasyIsp.Radius.Subscribers;
using Npgsql;

namespace EasyIsp.Radius.Process;

/// <summary>
/// Lets one candidate in or not: proof first, so that nobody learns anything about an account that is not his, then
/// the policy, then a place, and at last the one-time password, which a refusal must not use up.
/// </summary>
internal sealed partial class LoginJudge(
    LoginFactsReader facts, GrantedLogins logins, SecretCodec codec, TimeProvider clock, ILogger<LoginJudge> logger)
{
    /// <exception cref="NpgsqlException">The database went away between the proof and the claim of a one-time password.</exception>
    public async Task<LoginOutcome> JudgeAsync(
        Exchange exchange, LoginAttempt attempt, LoginCandidate candidate, CancellationToken cancellationToken)
    {
        var subscriber = candidate.Subscriber;
        var known = await FactsAsync(subscriber, cancellationToken);
        var (refusal, token) = Prove(exchange, attempt, candidate, known);
        if (refusal is { } unproved)
            return LoginOutcome.Refused(unproved);

        var now = clock.GetUtcNow();
        var decision = LoginPolicy.Decide(attempt, subscriber, exchange.Nas.Facts.IsTenantSuspended, known.UsedBytes, now);
        if (decision.Refusal is { } refused)
            return LoginOutcome.Refused(refused);

        var login = Grant(attempt, candidate, decision, now);
        if (!logins.TryGrant(login, known.Online, decision.Terms!.SimultaneousSessions))
            return LoginOutcome.Refused(Refusal.TooManyDevices);
        if (token is null || await facts.ClaimAsync(subscriber.TenantId, token, cancellationToken))
            return new LoginOutcome(null, login, decision, subscriber.AccessType);

        logins.Release(login.SessionId);
        return LoginOutcome.Refused(Refusal.WrongPassword);
    }

    /// <summary>Without the database a customer gets on by what is remembered of him.</summary>
    private async Task<LoginFacts> FactsAsync(Subscriber subscriber, CancellationToken cancellationToken)
    {
        try
        {
            return await facts.ReadAsync(subscriber, cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            LogWithoutDatabase(exception.Message);
            return LoginFacts.Unknown;
        }
    }

    private (Refusal? Refusal, LiveToken? Token) Prove(
        Exchange exchange, LoginAttempt attempt, LoginCandidate candidate, LoginFacts known) => candidate switch
        {
            { Means: LoginMeans.Device } => (Knows(exchange, "") ? null : Refusal.WrongPassword, null),
            { Voucher: { } voucher } => (KnowsCode(exchange, attempt, voucher) ? null : Refusal.WrongPassword, null),
            { Subscriber.Password: { } password } when Knows(exchange, Reveal(attempt.TenantId, password)) => (null, null),
            _ => ProveByToken(exchange, attempt, known.Tokens),
        };

    private (Refusal? Refusal, LiveToken? Token) ProveByToken(
        Exchange exchange, LoginAttempt attempt, IReadOnlyList<LiveToken> tokens)
    {
        var token = tokens.FirstOrDefault(token => Knows(exchange, Reveal(attempt.TenantId, token.Password)));
        if (token is null)
            return (Refusal.WrongPassword, null);

        return token.MacAddress == attempt.MacAddress ? (null, token) : (Refusal.OtherDevice, null);
    }

    /// <summary>The login page's second field may be empty or hold the code again.</summary>
    public static bool KnowsCode(Exchange exchange, LoginAttempt attempt, TypedVoucher voucher)
        => Knows(exchange, "") || Knows(exchange, attempt.UserName) || Knows(exchange, voucher.Code);

    private static bool Knows(Exchange exchange, string? password)
        => password is not null && PasswordProof.IsGiven(exchange.Request, exchange.Nas.Secret, password);

    private string? Reveal(Guid tenantId, Secret password)
    {
        try
        {
            return codec.Reveal(tenantId, password);
        }
        catch (CryptographicException exception)
        {
            LogUnreadable(exception, tenantId);
            return null;
        }
    }

    private static GrantedLogin Grant(LoginAttempt attempt, LoginCandidate candidate, LoginDecision decision, DateTimeOffset now) => new(
        Guid.CreateVersion7(now),
        attempt.TenantId,
        attempt.RouterId,
        attempt.MacAddress,
        new SessionOwner(
            candidate.Voucher?.SessionUserName ?? attempt.UserName,
            candidate.Subscriber.CustomerId,
            decision.Terms!.Id,
            candidate.Voucher?.Id),
        now);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is away ({Reason}): a customer gets on by what is remembered of him")]
    private partial void LogWithoutDatabase(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A stored password of tenant {TenantId} cannot be read")]
    private partial void LogUnreadable(Exception exception, Guid tenantId);
}

/// <summary>Either why not, or the login that was granted.</summary>
internal sealed record LoginOutcome(
    Refusal? Refusal, GrantedLogin? Login, LoginDecision Decision, Core.Shared.AccessType AccessType)
{
    public static LoginOutcome Refused(Refusal refusal) => new(refusal, null, LoginDecision.Refuse(refusal), default);
}
