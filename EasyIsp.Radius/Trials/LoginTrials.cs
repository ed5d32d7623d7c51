using System.Security.Cryptography;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Sessions.Trials;
using EasyIsp.Radius.Attempts;
using EasyIsp.Radius.Policy;
using EasyIsp.Radius.Process;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Routers;
using EasyIsp.Radius.Sessions;
using EasyIsp.Radius.Subscribers;

namespace EasyIsp.Radius.Trials;

/// <summary>
/// Runs logins as trials: by the same handler and the same judge that answer routers, with <see cref="TrialEffects"/> in the
/// place of what a login does.
/// </summary>
internal sealed class LoginTrials(
    IServiceProvider services,
    NasDirectory directory,
    LoginFactsReader facts,
    Places places,
    VoucherRehearsal vouchers,
    SecretCodec codec,
    TimeProvider clock)
{
    private const string UserNameLine = "\n  User-Name = ";

    /// <exception cref="CryptographicException">What was typed, or the stored password, cannot be read.</exception>
    public async Task<LoginTestResult> RunAsync(TakenLoginTest taken, CancellationToken cancellationToken)
    {
        var test = taken.Test;
        if (directory.Find(test.TenantId, test.RouterId) is not { } nas)
            return LoginTestResult.NotTried(LoginTestAnswer.RouterUnknown);
        if (test.Credentials is not { } secret)
            return LoginTestResult.NotTried(LoginTestAnswer.NoPassword);

        var typed = LoginTestCredentials.Reveal(codec, test.TenantId, secret);
        var stored = taken.StoredPassword is { } kept ? codec.Reveal(test.TenantId, kept) : null;
        var oneTime = test.UsesStoredPassword && stored is null ? RandomNumberGenerator.GetHexString(16) : null;
        var effects = new TrialEffects(
            facts, places, vouchers, oneTime is null ? null : codec.Protect(test.TenantId, oneTime), test.MacAddress);
        var exchange = new TrialExchange(TrialRequest.Write(test, typed.UserName, typed.Password ?? stored ?? oneTime ?? "", nas), nas, clock);
        await HandlerOf(effects).HandleAsync(exchange, cancellationToken);
        return ResultOf(test, exchange, effects);
    }

    private AccessRequestHandler HandlerOf(TrialEffects effects)
    {
        var judge = ActivatorUtilities.CreateInstance<LoginJudge>(services, effects);
        return ActivatorUtilities.CreateInstance<AccessRequestHandler>(services, effects, judge);
    }

    private static LoginTestResult ResultOf(LoginTest test, TrialExchange exchange, TrialEffects effects)
    {
        var answer = exchange.Answer is null ? LoginTestAnswer.Unanswered
            : effects.IsLimited ? LoginTestAnswer.Limited
            : effects.Outcome?.Refusal is null ? LoginTestAnswer.Accepted
            : LoginTestAnswer.Refused;
        var attempt = LoginAttempt.Read(exchange.Request, test.TenantId, test.RouterId);
        var name = effects.Outcome is { } outcome ? LoggedName.Of(attempt, outcome) : test.UserName;
        return new LoginTestResult(
            answer,
            effects.Outcome?.Refusal,
            exchange.Answer is null ? null : MessageIn(exchange.Answer),
            WithName(PacketText.Of(exchange.Request), name),
            exchange.Answer is null ? null : TextOf(exchange.Answer),
            [.. effects.Effects],
            exchange.Took);
    }

    private static string TextOf(byte[] packet) => PacketText.Of(Read(packet));

    private static string? MessageIn(byte[] packet) => WireText.Read(Read(packet), AttributeType.ReplyMessage);

    private static RadiusPacket Read(byte[] packet)
        => RadiusPacket.TryRead(packet, out var read, out _) ? read : throw new ArgumentException("It is no packet.", nameof(packet));

    /// <summary>The name may be a voucher's code, which is money.</summary>
    private static string WithName(string text, string name)
    {
        var from = text.IndexOf(UserNameLine, StringComparison.Ordinal);
        if (from < 0)
            return text;

        from += UserNameLine.Length;
        var to = text.IndexOf('\n', from);
        return $"{text[..from]}\"{name}\"{(to < 0 ? "" : text[to..])}";
    }
}
