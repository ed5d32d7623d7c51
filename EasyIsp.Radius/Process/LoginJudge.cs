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
    LoginFactsReader facts, DeviceBinder binder, GrantedLogins logins, SecretCodec codec, TimeProvider clock, ILogger<LoginJudge> logger)
{
    /// <exception cref="NpgsqlException">The database went away between the proof and the claim of a one-time password.</exception>
    public async Task<LoginOutcome> JudgeAsync(
        Exchange exchange, LoginAttempt attempt, LoginCandidate candidate, CancellationToken cancellationToken)
    {
        var subscriber = candidate.Subscriber;
        var known = await FactsAsync(subscriber, cancellationToken);
        var (refusal, password, token) = Prove(exchange, attempt, candidate, known);
        if (refusal is { } unproved)
            return LoginOutcome.Refused(unproved);

        var now = clock.GetUtcNow();
        var decision = LoginPolicy.Decide(attempt, subscriber, exchange.Nas.Facts.IsTenantSuspended, known.UsedBytes, now);
        if (decision.Refusal is { } refused)
            return LoginOutcome.Refused(refused) with { Decision = decision, Password = password };

        var login = Grant(attempt, candidate, decision, now);
        if (!logins.TryGrant(login, known.Online, decision.Terms!.SimultaneousSessions))
            return LoginOutcome.Refused(Refusal.TooManyDevices);
        if (decision.BindsDevice && !await binder.BindAsync(attempt, subscriber.CustomerId, cancellationToken))
        {
            logins.Release(login.SessionId);
            return LoginOutcome.Refused(Refusal.WrongDevice) with { Password = password };
        }

        if (token is null || await facts.ClaimAsync(subscriber.TenantId, token, cancellationToken))
            return new LoginOutcome(null, login, decision, subscriber.AccessType, password);

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

    private Proof Prove(Exchange exchange, LoginAttempt attempt, LoginCandidate candidate, LoginFacts known)
    {
        var password = candidate switch
        {
            { Means: LoginMeans.Device } => FindAddress(exchange, attempt),
            { Voucher: { } voucher } => FindCode(exchange, attempt, voucher),
            { Subscriber.Password: { } stored } => FindStored(exchange, attempt, stored),
            { Means: LoginMeans.OwnAddress } => FindAddress(exchange, attempt),
            _ => null,
        };
        if (password is not null)
            return new Proof(null, password, null);

        return candidate is { Means: LoginMeans.Password, Voucher: null }
            ? ProveByToken(exchange, attempt, known.Tokens)
            : Proof.Failed(Refusal.WrongPassword);
    }

    private Proof ProveByToken(Exchange exchange, LoginAttempt attempt, IReadOnlyList<LiveToken> tokens)
    {
        foreach (var token in tokens)
        {
            if (FindStored(exchange, attempt, new StoredPassword(attempt.TenantId, token.Password)) is { } password)
                return token.MacAddress == attempt.MacAddress ? new Proof(null, password, token) : Proof.Failed(Refusal.OtherDevice);
        }

        return Proof.Failed(Refusal.WrongPassword);
    }

    /// <summary>The login page's second field may be empty or hold the code again.</summary>
    public static bool KnowsCode(Exchange exchange, LoginAttempt attempt, TypedVoucher voucher)
        => FindCode(exchange, attempt, voucher) is not null;

    private static KnownPassword? FindCode(Exchange exchange, LoginAttempt attempt, TypedVoucher voucher)
        => FindAmong(exchange, "", attempt.UserName, voucher.Code);

    /// <summary>RouterOS: nothing, or the address in the spelling of the user name (mac-as-username-and-password).</summary>
    private static KnownPassword? FindAddress(Exchange exchange, LoginAttempt attempt) => FindAmong(exchange, "", attempt.UserName);

    private static KnownPassword? FindAmong(Exchange exchange, params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            var password = text.Length == 0 ? KnownPassword.Empty : new KnownPassword(text);
            if (PasswordProof.IsGiven(exchange.Request, exchange.Nas.Secret, password))
                return password;
        }

        return null;
    }

    private KnownPassword? FindStored(Exchange exchange, LoginAttempt attempt, StoredPassword stored)
    {
        try
        {
            var password = stored.Reveal(codec);
            return PasswordProof.IsGiven(exchange.Request, exchange.Nas.Secret, password) ? password : null;
        }
        catch (CryptographicException exception)
        {
            LogUnreadable(exception, attempt.TenantId);
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

    /// <summary>Either why not, or the password that was proved, and the one-time password where it was one.</summary>
    private readonly record struct Proof(Refusal? Refusal, KnownPassword? Password, LiveToken? Token)
    {
        public static Proof Failed(Refusal refusal) => new(refusal, null, null);
    }
}

/// <summary>Either why not, or the login that was granted.</summary>
/// <param name="Password">
/// The one that was proved, though he may have been refused for something else: an answer to MS-CHAPv2 is made of it.
/// </param>
internal sealed record LoginOutcome(
    Refusal? Refusal, GrantedLogin? Login, LoginDecision Decision, Core.Shared.AccessType AccessType, KnownPassword? Password)
{
    public static LoginOutcome Refused(Refusal refusal) => new(refusal, null, LoginDecision.Refuse(refusal), default, null);
}
