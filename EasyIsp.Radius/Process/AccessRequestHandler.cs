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
            return await InTurnAsync(exchange, () => AskDatabaseAsync(exchange, attempt, cancellationToken));

        var outcome = judge.AsksDatabase(remembered)
            ? await InTurnAsync(exchange, () => judge.JudgeAsync(exchange, attempt, remembered, cancellationToken).AsTask())
            : await judge.JudgeAsync(exchange, attempt, remembered, cancellationToken);
        if (outcome is null or { Refusal: null })
            return outcome;

        // The memory may say yes; a no is asked of the database again, and stands while that is away.
        try
        {
            return await InTurnAsync(exchange, () => AskDatabaseAsync(exchange, attempt, cancellationToken));
        }
        catch (NpgsqlException exception)
        {
            LogDatabaseAway(exception.Message);
            return outcome;
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

    private async Task<LoginOutcome> AskDatabaseAsync(Exchange exchange, LoginAttempt attempt, CancellationToken cancellationToken)
    {
        if (await finder.FindAsync(attempt, cancellationToken) is { } candidate)
            return await judge.JudgeAsync(exchange, attempt, candidate, cancellationToken);
        if (await finder.FindVoucherAsync(attempt, cancellationToken) is not { } voucher)
            return LoginOutcome.Refused(Refusal.UnknownUser);
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
