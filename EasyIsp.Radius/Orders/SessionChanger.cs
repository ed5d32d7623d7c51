using System.Text.Json;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Shared;
using EasyIsp.Radius.Policy;
using EasyIsp.Radius.Routers;

namespace EasyIsp.Radius.Orders;

/// <summary>
/// Brings a running session in line with what its customer now has: live where a CoA-Request can do it, else by an end and
/// a return. A router that does not do as it is told loses the session too: it comes back with the right terms.
/// </summary>
internal sealed class SessionChanger(
    PresentTerms present, SessionEnder ender, RouterTalk talk, CoaClient client, QueueCheck queues)
{
    /// <summary>So often a router is asked to change the session, before it is asked to end it.</summary>
    public const int TriesOfChange = 3;

    public async Task<OrderReport> CarryOutAsync(
        NetworkOrder order, Nas? nas, RunningSession session, RouterDoor.Place place, Resort resort, CancellationToken cancellationToken)
    {
        if (nas is null)
            return new OrderReport.Failed("the router is archived, or its secret cannot be read", MayRetry: false);

        var verdict = await present.OfAsync(nas, session, cancellationToken);
        if (verdict is not { Refusal: null, Terms: { } terms })
            return await EndAsync(ended => $"{ended}: {InWords(verdict.Refusal)}", returning: null);
        if (session.Told is { IsLease: true })
            return new OrderReport.Done("holds from the device's next lease");

        var returning = ReturningOf(session, verdict);
        var newLogin = NewLoginFor(session, verdict, terms);
        if (newLogin is not null && !(MayStay(session, verdict, terms) && returning is null))
            return await EndAsync(ended => $"{ended} to come back with its new {newLogin}", returning);

        var change = terms.ChangeFrom(session.Told, session.StartedAt);
        if (change.IsNothing)
            return new OrderReport.Done(newLogin is null ? SessionNote.NothingToChange : $"the new {newLogin} holds from the next login");
        if (resort is not Resort.Change)
            return await EndInsteadAsync(FirstPart(order.Outcome) ?? Silent(change));

        var answer = await talk.AskAsync(order, nas, place, known => client.ChangeAsync(known, session.AtRouter, change, cancellationToken));
        var told = newLogin is null ? terms : terms with { DataLimitBytes = session.Told?.DataLimitBytes };
        return answer switch
        {
            CoaAnswer.Acknowledged => await ConfirmAsync(order, session, change, told, cancellationToken),
            CoaAnswer.Refused { IsSessionUnknown: true } refused => await EndInsteadAsync(Refused(change, refused)),
            CoaAnswer.Refused refused => new OrderReport.Failed(Refused(change, refused), MayRetry: true),
            CoaAnswer.NotSent notSent => new OrderReport.Failed($"{change.InWords} change: {notSent.Why}", MayRetry: true),
            _ => new OrderReport.Failed(Silent(change), MayRetry: true),
        };

        Task<OrderReport> EndInsteadAsync(string why) => EndAsync(ended => $"{why}; {ended} instead", returning, $"{why}; ");

        async Task<OrderReport> EndAsync(Func<string, string> inWords, DeviceAtHotspot? returning, string before = "")
        {
            var ending = resort is Resort.Api
                ? await ender.ByApiAsync(session, cancellationToken)
                : await ender.ByRadiusAsync(order, nas, session, place, cancellationToken);
            return ending switch
            {
                { IsOver: true, InWords: Ending.WasGone } => new OrderReport.Done(Ending.WasGone),
                { IsOver: true } => new OrderReport.Done(inWords(ending.InWords), Returning: returning),
                _ => new OrderReport.Failed(before + ending.InWords, MayRetry: true),
            };
        }
    }

    /// <summary>A rate is believed when the router's own queue says it too, where its API reaches.</summary>
    private async Task<OrderReport> ConfirmAsync(
        NetworkOrder order, RunningSession session, SessionChange change, SessionTerms told, CancellationToken cancellationToken)
    {
        var done = new OrderReport.Done($"{change.InWords} changed", told.Write());
        if (change.RateLimit is not { } rate || !session.HasApi
            || await queues.OtherRateAsync(session, rate, cancellationToken) is not { } other)
            return done;

        var outcome = $"{change.InWords} change acknowledged by the router, whose queue still says {other}";
        return order.Tries + 1 < TriesOfChange ? new OrderReport.Failed(outcome, MayRetry: true) : done with { Outcome = outcome };
    }

    /// <summary>The next package is another session's: traffic counts for the subscription that the session began with.</summary>
    private static string? NewLoginFor(RunningSession session, Verdict verdict, SessionTerms terms)
        => IsOfAnother(session, verdict) ? "package" : terms.NewLoginFor(session.Told);

    private static bool MayStay(RunningSession session, Verdict verdict, SessionTerms terms)
        => !IsOfAnother(session, verdict) && verdict.AccessType is AccessType.Hotspot && terms.MayWaitSince(session.Told);

    /// <summary>One without a subscription is a refused customer's, who has paid now: it stands where he could do no more.</summary>
    private static bool IsOfAnother(RunningSession session, Verdict verdict) => session.SubscriptionId != verdict.SubscriptionId;

    /// <returns>Null where nobody has to be logged in again (homes dial by themselves), and where nobody can be.</returns>
    private static DeviceAtHotspot? ReturningOf(RunningSession session, Verdict verdict)
        => verdict.AccessType is AccessType.Hotspot
            && session is { HasApi: true, MacAddress: { } mac, AtRouter.Address: { } address }
                ? new DeviceAtHotspot(mac, address)
                : null;

    private static string Refused(SessionChange change, CoaAnswer.Refused refused)
        => $"{change.InWords} change refused by the router: {refused.CauseInWords}";

    private static string Silent(SessionChange change) => $"{change.InWords} change not answered by the router";

    /// <summary>Of what an earlier try left: why the change itself did not come about.</summary>
    private static string? FirstPart(string? outcome) => outcome?.Split("; ")[0];

    private static string InWords(Refusal? refusal)
        => JsonNamingPolicy.KebabCaseLower.ConvertName(refusal?.ToString() ?? "").Replace('-', ' ');
}

/// <summary>How far an order has come with its router.</summary>
internal enum Resort
{
    Change,
    Disconnect,

    /// <summary>RADIUS orders are not heard: the router's API is what is left.</summary>
    Api,
}
