using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Policy;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Subscribers;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EasyIsp.Radius.Process;

/// <summary>Answers who may come in (RFC 2865).</summary>
internal sealed partial class AccessRequestHandler(
    LoginFinder finder,
    LoginJudge judge,
    ILoginEffects effects,
    PatientDatabase patient,
    FairLine line,
    AccessSettings settings,
    IOptions<RadiusOptions> options,
    TimeProvider clock,
    ILogger<AccessRequestHandler> logger) : IRequestHandler
{
    public PacketCode Code => PacketCode.AccessRequest;

    public async Task HandleAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        var attempt = LoginAttempt.Read(exchange.Request, exchange.Nas.TenantId, exchange.Nas.RouterId);
        LoginOutcome? outcome;
        try
        {
            outcome = await DecideAsync(exchange, attempt, cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            LogDatabaseAway(exception.Message);
            exchange.Abandon(DropReason.DatabaseUnavailable);
            return;
        }

        if (outcome is null)
        {
            exchange.Abandon(DropReason.TooLate);
            return;
        }

        var limited = outcome.Refusal is { } why ? settings.LimitedFor(attempt, why) : null;
        effects.Decided(exchange, attempt, outcome, isLimited: limited is not null);
        if (outcome.Refusal is null)
            Accept(exchange, attempt, outcome);
        else if (limited is not null)
            AcceptLimited(exchange, attempt, outcome, limited);
        else
            await RejectAsync(exchange, outcome, cancellationToken);
    }

    /// <returns>Null when the database was so busy that the answer would come too late.</returns>
    private async ValueTask<LoginOutcome?> DecideAsync(Exchange exchange, LoginAttempt attempt, CancellationToken cancellationToken)
    {
        if (attempt.Method is AuthenticationMethod.MsChapV1)
            return LoginOutcome.Refused(Refusal.MsChapV1);
        if (attempt.Method is not (AuthenticationMethod.Pap or AuthenticationMethod.Chap or AuthenticationMethod.MsChapV2))
            return LoginOutcome.Refused(Refusal.UnsupportedMethod);
        if (finder.Recall(attempt) is not { } remembered)
            return await AskInTurnAsync(exchange, attempt, cancellationToken);
        if (!patient.IsSilent && (remembered.IsInDoubt || judge.AsksDatabase(remembered)))
            return await AskInTurnAsync(exchange, attempt, remembered, cancellationToken);

        var outcome = await judge.JudgeAsync(exchange, attempt, remembered, cancellationToken);
        return outcome.Refusal is null ? outcome : await AskInTurnAsync(exchange, attempt, outcome, cancellationToken);
    }

    /// <summary>Of somebody of whom nothing is remembered.</summary>
    private Task<LoginOutcome?> AskInTurnAsync(Exchange exchange, LoginAttempt attempt, CancellationToken cancellationToken)
        => InTurnAsync(exchange, async () =>
            await JudgeFoundAsync(exchange, attempt, await finder.FindAsync(attempt, cancellationToken), cancellationToken));

    /// <summary>Of somebody who is remembered, and of whom the database must say more.</summary>
    private Task<LoginOutcome?> AskInTurnAsync(
        Exchange exchange, LoginAttempt attempt, LoginCandidate remembered, CancellationToken cancellationToken)
        => InTurnAsync(exchange, async () =>
        {
            Task<LoginOutcome> ByMemoryAsync() => judge.JudgeAsync(exchange, attempt, remembered, cancellationToken).AsTask();
            var outcome = remembered.IsInDoubt ? null : await ByMemoryAsync();
            if (outcome is { Refusal: null })
                return outcome;

            var asked = await AskAgainAsync(exchange, attempt, cancellationToken);
            return asked ?? outcome ?? await ByMemoryAsync();
        });

    /// <summary>The memory may say yes; a no is asked of the database again, and stands while that is away.</summary>
    private Task<LoginOutcome?> AskInTurnAsync(
        Exchange exchange, LoginAttempt attempt, LoginOutcome refused, CancellationToken cancellationToken)
        => InTurnAsync(exchange, async () => await AskAgainAsync(exchange, attempt, cancellationToken) ?? refused);

    /// <returns>Null when the database does not answer.</returns>
    private async Task<LoginOutcome?> AskAgainAsync(Exchange exchange, LoginAttempt attempt, CancellationToken cancellationToken)
    {
        var found = await patient.AskAsync(
            async () => (HasAnswered: true, Candidate: await finder.FindAsync(attempt, cancellationToken)), (false, null), evenIfSilent: true);
        if (!found.HasAnswered)
            return null;

        try
        {
            return await JudgeFoundAsync(exchange, attempt, found.Candidate, cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            LogDatabaseAway(exception.Message);
            return null;
        }
    }

    /// <returns>Null when the turn came too late.</returns>
    private async Task<LoginOutcome?> InTurnAsync(Exchange exchange, Func<Task<LoginOutcome>> work)
    {
        if (!await line.EnterAsync(exchange.Nas.TenantId, exchange.Nas.RouterId))
            return null;

        try
        {
            return await work();
        }
        finally
        {
            line.Leave();
        }
    }

    /// <param name="found">Null where the user name is no customer's: it may be a voucher's code.</param>
    private async Task<LoginOutcome> JudgeFoundAsync(
        Exchange exchange, LoginAttempt attempt, LoginCandidate? found, CancellationToken cancellationToken)
    {
        if (found is not null)
            return await judge.JudgeAsync(exchange, attempt, found, cancellationToken);
        if (await finder.FindVoucherAsync(attempt, cancellationToken) is not { } voucher)
        {
            await effects.GuessedAsync(attempt, cancellationToken);
            return LoginOutcome.Refused(Refusal.UnknownUser);
        }

        if (!LoginJudge.KnowsCode(exchange, attempt, voucher))
            return LoginOutcome.Refused(Refusal.WrongPassword, voucher);

        if (voucher.RedeemedBy is null && exchange.Nas.Facts.IsTenantSuspended)
            return LoginOutcome.Refused(Refusal.TenantSuspended, voucher);

        var (owner, refusal) = voucher.RedeemedBy is { } ownerId
            ? (await finder.FindOwnerAsync(voucher, attempt.TenantId, ownerId, cancellationToken), null)
            : await effects.RedeemAsync(attempt, voucher, cancellationToken);
        return owner is not null
            ? await judge.JudgeAsync(exchange, attempt, owner, cancellationToken)
            : LoginOutcome.Refused(refusal ?? Refusal.UnknownUser, voucher);
    }

    private void Accept(Exchange exchange, LoginAttempt attempt, LoginOutcome outcome)
    {
        var ours = options.Value;
        var welcome = Welcome.On(
            outcome.Decision,
            outcome.AccessType,
            outcome.SessionId,
            clock.GetUtcNow(),
            ours.InterimInterval,
            ours.HotspotIdleTimeout,
            LongestFor(attempt),
            settings.AttributesOf(attempt.RouterId));
        effects.Welcomed(attempt, outcome, welcome);
        Accept(exchange, welcome, outcome);
    }

    /// <summary>No place is taken and nothing is used up: the session is told by its Class alone.</summary>
    private void AcceptLimited(Exchange exchange, LoginAttempt attempt, LoginOutcome outcome, LimitedTerms limited)
    {
        var welcome = Welcome.Limited(
            limited,
            Guid.CreateVersion7(clock.GetUtcNow()),
            options.Value.InterimInterval,
            LongestFor(attempt),
            settings.AttributesOf(attempt.RouterId));
        Accept(exchange, welcome, outcome);
    }

    private TimeSpan? LongestFor(LoginAttempt attempt) => attempt.IsDhcp ? options.Value.DhcpLease : null;

    private static void Accept(Exchange exchange, Welcome welcome, LoginOutcome outcome)
    {
        Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
        var reply = PacketWriter.Reply(buffer, PacketCode.AccessAccept, exchange.Request);
        welcome.WriteTo(ref reply);
        MsChapAnswer.AddSuccess(ref reply, exchange.Request, outcome.Password!, exchange.Nas.Secret);
        exchange.Reply(reply.Sign(exchange.Nas.Secret));
    }

    /// <summary>Counted from the arrival, so that the time it took says nothing about the reason.</summary>
    private async Task RejectAsync(Exchange exchange, LoginOutcome outcome, CancellationToken cancellationToken)
    {
        var refusal = outcome.Refusal!.Value;
        var pause = effects.RejectDelay - exchange.Elapsed;
        if (pause > TimeSpan.Zero)
            await Task.Delay(pause, clock, cancellationToken);

        Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
        var reply = PacketWriter.Reply(buffer, PacketCode.AccessReject, exchange.Request);
        var message = RefusalTexts.In(exchange.Nas.Facts.Language, refusal, clock.GetUtcNow(), outcome.Decision.OpensAt);
        reply.AddText(AttributeType.ReplyMessage, message);
        MsChapAnswer.AddError(ref reply, exchange.Request, refusal, message);
        exchange.Reply(reply.Sign(exchange.Nas.Secret));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A login could not be looked up: the database is away ({Reason})")]
    private partial void LogDatabaseAway(string reason);
}
