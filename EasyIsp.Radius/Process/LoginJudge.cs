using System.Security.Cryptography;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Shared;
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
    LoginFactsReader facts,
    ILoginEffects effects,
    PlacesReader placesReader,
    PatientDatabase patient,
    SecretCodec codec,
    TimeProvider clock,
    ILogger<LoginJudge> logger)
{
    /// <summary>Whether to judge him takes more than the memory: a one-time password, or a data limit.</summary>
    public bool AsksDatabase(LoginCandidate remembered)
        => remembered is { Means: LoginMeans.Password, Subscriber.Password: null }
            || remembered.Subscriber.ActiveAt(clock.GetUtcNow()) is { DataLimitBytes: not null };

    /// <summary>Of somebody who is remembered, by a password that is, and without a data limit: from memory alone.</summary>
    /// <exception cref="NpgsqlException">The database is away, and only that knows his one-time password.</exception>
    public async ValueTask<LoginOutcome> JudgeAsync(
        Exchange exchange, LoginAttempt attempt, LoginCandidate candidate, CancellationToken cancellationToken)
    {
        var (refusal, password, token) = await ProveAsync(exchange, attempt, candidate, cancellationToken);
        if (refusal is { } unproved)
            return LoginOutcome.Refused(unproved, candidate);

        var (subscriber, now) = (candidate.Subscriber, clock.GetUtcNow());
        var used = await UsedBytesAsync(subscriber, now, cancellationToken);
        var decision = LoginPolicy.Decide(attempt, subscriber, exchange.Nas.Facts.IsTenantSuspended, used, now);
        if (decision.Refusal is { } refused)
            return LoginOutcome.Refused(refused, candidate) with { Decision = decision, Password = password };

        var place = PlaceFor(attempt, candidate, decision.Terms!, now);
        if (!effects.TryTake(place) && !await TryTakeSurelyAsync(place, cancellationToken))
            return LoginOutcome.Refused(Refusal.TooManyDevices, candidate);
        if (decision.BindsDevice && !await effects.BindAsync(attempt, subscriber.CustomerId, cancellationToken))
        {
            effects.Free(place);
            return LoginOutcome.Refused(Refusal.WrongDevice, candidate) with { Password = password };
        }

        if (token is null || await effects.UseAsync(subscriber.TenantId, token, cancellationToken))
            return new LoginOutcome(null, place.SessionId, decision, subscriber.AccessType, password) { Candidate = candidate };

        effects.Free(place);
        return LoginOutcome.Refused(Refusal.WrongPassword, candidate);
    }

    private async ValueTask<Proof> ProveAsync(
        Exchange exchange, LoginAttempt attempt, LoginCandidate candidate, CancellationToken cancellationToken)
    {
        if (FindPassword(exchange, attempt, candidate) is { } password)
            return new Proof(null, password, null);
        if (candidate is not { Means: LoginMeans.Password, Voucher: null, Subscriber.AccessType: AccessType.Hotspot })
            return Proof.Failed(Refusal.WrongPassword);

        // Who has no other password is not refused for one that cannot be looked up: his router asks elsewhere, or again.
        var tokens = candidate.Subscriber.Password is null
            ? await effects.TokensAsync(candidate.Subscriber, cancellationToken)
            : await patient.AskAsync(() => effects.TokensAsync(candidate.Subscriber, cancellationToken), otherwise: []);
        return ProveByToken(exchange, attempt, tokens);
    }

    private KnownPassword? FindPassword(Exchange exchange, LoginAttempt attempt, LoginCandidate candidate) => candidate switch
    {
        { Means: LoginMeans.Device } => FindAddress(exchange, attempt),
        { Voucher: { } voucher } => FindCode(exchange, attempt, voucher),
        { Subscriber.Password: { } stored } => FindStored(exchange, attempt, stored),
        { Means: LoginMeans.OwnAddress } => FindAddress(exchange, attempt),
        _ => null,
    };

    private Proof ProveByToken(Exchange exchange, LoginAttempt attempt, IReadOnlyList<LiveToken> tokens)
    {
        foreach (var token in tokens)
        {
            if (FindStored(exchange, attempt, new StoredPassword(attempt.TenantId, token.Password)) is { } password)
                return token.MacAddress == attempt.MacAddress ? new Proof(null, password, token) : Proof.Failed(Refusal.OtherDevice);
        }

        return Proof.Failed(Refusal.WrongPassword);
    }

    /// <returns>Null where nothing limits them, or they cannot be known now.</returns>
    private async ValueTask<long?> UsedBytesAsync(Subscriber subscriber, DateTimeOffset now, CancellationToken cancellationToken)
        => subscriber.ActiveAt(now) is { DataLimitBytes: not null } limited
            ? await patient.AskAsync(() => facts.UsedAsync(limited.Id, cancellationToken), otherwise: null)
            : null;

    /// <summary>The memory counts sessions that only the database knows to be silent; without it they count.</summary>
    private async Task<bool> TryTakeSurelyAsync(Place place, CancellationToken cancellationToken)
    {
        await patient.AskAsync(() => placesReader.CorrectAsync(place.CustomerId, cancellationToken), otherwise: []);
        return effects.TryTake(place);
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

    private static Place PlaceFor(LoginAttempt attempt, LoginCandidate candidate, SubscriptionTerms terms, DateTimeOffset now) => new(
        attempt.TenantId, candidate.Subscriber.CustomerId, SessionIds.New(now), attempt.RouterId, attempt.MacAddress, now)
    {
        Owner = candidate.Subscriber.Habits.Share(new SessionOwner(
            candidate.Voucher?.SessionUserName ?? attempt.UserName, candidate.Subscriber.CustomerId, terms.Id, candidate.Voucher?.Id)),
        Limit = new PlaceLimit(terms.SimultaneousSessions, PushesOut: terms.WhenFull is WhenFull.PushOutOldest),
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "A stored password of tenant {TenantId} cannot be read")]
    private partial void LogUnreadable(Exception exception, Guid tenantId);

    /// <summary>Either why not, or the password that was proved, and the one-time password where it was one.</summary>
    private readonly record struct Proof(Refusal? Refusal, KnownPassword? Password, LiveToken? Token)
    {
        public static Proof Failed(Refusal refusal) => new(refusal, null, null);
    }
}

/// <summary>Either why not, or the login that was granted.</summary>
/// <param name="SessionId">The Class of the Accept.</param>
/// <param name="Password">
/// The one that was proved, though he may have been refused for something else: an answer to MS-CHAPv2 is made of it.
/// </param>
internal sealed record LoginOutcome(
    Refusal? Refusal, Guid SessionId, LoginDecision Decision, AccessType AccessType, KnownPassword? Password)
{
    /// <summary>Whom the name meant, whether he proved it or not; null where it means nobody.</summary>
    public LoginCandidate? Candidate { get; init; }

    /// <summary>Whose code was typed.</summary>
    public TypedVoucher? Voucher { get => field ?? Candidate?.Voucher; init; }

    public static LoginOutcome Refused(Refusal refusal, LoginCandidate? candidate = null)
        => new(refusal, default, LoginDecision.Refuse(refusal), default, null) { Candidate = candidate };

    /// <summary>A voucher that is nobody's yet.</summary>
    public static LoginOutcome Refused(Refusal refusal, TypedVoucher voucher) => Refused(refusal) with { Voucher = voucher };
}
