using System.Net;
using System.Security.Cryptography;
using EasyIsp.Emulators.Routers.Radius;

namespace EasyIsp.Emulators.Routers;

/// <summary>Lets customers in as RADIUS says, accounts for them, and ends their sessions when it is time.</summary>
internal sealed class SessionKeeper(
    EmulatedRouterOptions options,
    RouterFaults faults,
    RouterTable table,
    RadiusClient radius,
    BackgroundWork background,
    TimeProvider clock)
{
    // The router's errors.txt (mikrotik.md 5.2); the wording of the last is [K], of the one before our own.
    public const string NoAnswer = "RADIUS server is not responding";
    public const string Refused = "invalid username or password";
    public const string NotProved = "the server did not prove that it knows the password";
    public const string InProgress = "already authorizing, retry later";

    private readonly NasIdentity _pppoe = new(
        options.Name, NasIp(options), options.PppoeService, options.PppoeInterface);

    /// <summary>The hotspot's own address, which is known once its port is.</summary>
    public required Func<string> HotspotUrl { get; init; }

    public async Task<LoginOutcome> LoginHotspotAsync(
        EmulatedHost host, string user, PasswordProof proof, CancellationToken cancellationToken)
    {
        if (host.Session is { } online)
            return new LoginOutcome(online, null);
        if (!table.TryBeginAuthorizing(host))
            return new LoginOutcome(null, InProgress);

        try
        {
            var (id, port) = table.NextSession(SessionService.Hotspot);
            var nas = new NasIdentity(
                options.Name, NasIp(options), options.HotspotServer, options.HotspotInterface, $"{HotspotUrl()}/logout");
            var call = new RadiusCall(nas, user, host.Mac, id, port, host.Address, host.Address);
            return await AskAsync(SessionService.Hotspot, call, proof, cancellationToken);
        }
        finally
        {
            table.EndAuthorizing(host);
        }
    }

    public async Task<LoginOutcome> DialPppoeAsync(string user, string password, string mac, CancellationToken cancellationToken)
    {
        PasswordProof proof = options.PppoeAuthentication switch
        {
            PppoeAuthentication.MsChap2 => new MsChap2Proof(user, password),
            PppoeAuthentication.Chap => PasswordProof.ByChap(password, identifier: 1, RandomNumberGenerator.GetBytes(16)),
            _ => new PapProof(password),
        };
        var (id, port) = table.NextSession(SessionService.Pppoe);
        var outcome = await AskAsync(SessionService.Pppoe, new RadiusCall(_pppoe, user, mac, id, port), proof, cancellationToken);
        if (outcome.Session is { } session)
            session.Redial = () => DialPppoeAsync(user, password, mac, background.Ending);
        return outcome;
    }

    /// <returns>False when it had ended before.</returns>
    public bool End(EmulatedSession session, TerminateCause cause)
    {
        if (!session.TryEnd(cause))
            return false;

        table.Remove(session);
        var now = clock.GetUtcNow();
        Account(session, session.Record(AcctStatus.Stop, now));
        if (faults.InterimAfterStop)
            Account(session, session.LastInterim ?? session.Record(AcctStatus.Interim, now));
        if (cause is not TerminateCause.UserRequest && session.Redial is { } redial && options.PppoeRedialsAfter is { } pause)
            background.Track(RedialAsync(redial, pause));
        return true;
    }

    public void Change(EmulatedSession session, RadiusPacket order)
        => session.Grant = session.Grant.ChangedBy(
            order, options.CountsChangedTimeFromOrder ? clock.GetUtcNow() - session.StartedAt : TimeSpan.Zero);

    /// <summary>Once a second: timeouts, limits and interim updates.</summary>
    public void Tick()
    {
        var now = clock.GetUtcNow();
        foreach (var session in table.Sessions)
        {
            if (CauseToEnd(session, now) is { } cause)
                End(session, cause);
            else if (session.NextInterimAt <= now)
                Report(session, now);
        }
    }

    private async Task RedialAsync(Func<Task<LoginOutcome>> redial, TimeSpan pause)
    {
        await Task.Delay(pause, clock, background.Ending);
        await redial();
    }

    private static IPAddress NasIp(EmulatedRouterOptions options) => IPAddress.Parse(options.NasIpAddress ?? options.Address);

    private TerminateCause? CauseToEnd(EmulatedSession session, DateTimeOffset now)
    {
        if (session.EndsAt <= now)
            return TerminateCause.SessionTimeout;
        if (session.LastTrafficAt + session.Grant.IdleTimeout <= now)
            return TerminateCause.IdleTimeout;

        var limited = session.Service is SessionService.Hotspot || options.TotalLimitAppliesToPppoe;
        return limited && session.BytesUp + session.BytesDown >= session.Grant.TotalLimitBytes
            ? TerminateCause.NasRequest
            : null;
    }

    private async Task<LoginOutcome> AskAsync(
        SessionService service, RadiusCall call, PasswordProof proof, CancellationToken cancellationToken)
    {
        var answer = service is SessionService.Hotspot
            ? await radius.AuthenticateAsync(AccessRequests.Hotspot, call, proof, cancellationToken)
            : await radius.AuthenticateAsync(AccessRequests.Pppoe, call, proof, cancellationToken);
        return answer switch
        {
            null => new LoginOutcome(null, NoAnswer),
            { Code: Code.AccessReject } => new LoginOutcome(null, answer.Text(Attr.ReplyMessage) ?? Refused),
            _ when !proof.Believes(answer) => new LoginOutcome(null, NotProved),
            _ => new LoginOutcome(Begin(service, call, SessionGrant.From(answer)), null),
        };
    }

    private EmulatedSession Begin(SessionService service, RadiusCall call, SessionGrant grant)
    {
        var now = clock.GetUtcNow();
        var address = grant.FramedAddress ?? call.Address ?? table.NextPppAddress();
        var session = new EmulatedSession(service, table.NextRow(), call with { Address = address }, grant, now)
        {
            NextInterimAt = now + InterimInterval(service, grant),
        };
        table.Add(session);
        Account(session, session.Record(AcctStatus.Start, now));
        return session;
    }

    private TimeSpan? InterimInterval(SessionService service, SessionGrant grant) => service switch
    {
        SessionService.Pppoe => grant.InterimInterval ?? options.PppoeInterimUpdate,
        _ => options.HotspotInterimAsReceived ? grant.InterimInterval : null,
    };

    private void Report(EmulatedSession session, DateTimeOffset now)
    {
        session.NextInterimAt = now + InterimInterval(session.Service, session.Grant);
        session.LastInterim = session.Record(AcctStatus.Interim, now);
        Account(session, session.LastInterim);
    }

    private void Account(EmulatedSession session, AcctRecord record)
        => background.Track(session.Service is SessionService.Hotspot
            ? radius.AccountAsync(AccountingRequests.Hotspot, session.Call, record, background.Ending)
            : radius.AccountAsync(AccountingRequests.Pppoe, session.Call, record, background.Ending));
}
