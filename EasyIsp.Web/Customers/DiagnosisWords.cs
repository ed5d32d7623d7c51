using EasyIsp.Core.Customers;
using EasyIsp.Core.Reports;
using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Web.Blocks;
using EasyIsp.Web.Sessions;

namespace EasyIsp.Web.Customers;

/// <summary>Why a customer cannot connect, and the next step, in words for staff.</summary>
internal sealed class DiagnosisWords(CustomerFacts facts, Diagnosis diagnosis, DateTimeOffset now, TimeZoneInfo zone)
{
    private LoginRow? Last => diagnosis.Logins is [var last, ..] ? last : null;

    /// <summary>Nothing stands in the way, as far as it can be known.</summary>
    public bool IsWell => diagnosis.Answer is Answer.IsOnline or Answer.WouldBeLetIn or Answer.LetIn;

    public string Verdict => diagnosis.Answer switch
    {
        Answer.Hindered => WhyHindered,
        Answer.IsOnline => $"Online at {facts.Online[0].Router} since {Ago(facts.Online[0].StartedAt)}.",
        Answer.NoRouter => "The customer and the package are for no router that there is.",
        Answer.RoutersSilent => diagnosis.Routers[0].LastHeardAt is { } at
            ? $"{Routers} not heard: {diagnosis.Routers[0].Name} was last heard {Ago(at)}."
            : $"{Routers} not heard yet.",
        Answer.NeverAsked => $"No request has come from any router for {Name} in the last {(int)diagnosis.LookedBack.TotalDays} days.",
        Answer.Refused => $"{LoginWords.Of(Last!.Refusal)}, {Ago(Last.LastAt)} at {Last.RouterName}.",
        Answer.WouldBeLetIn => $"Nothing stands in the way now. {LoginWords.Of(Last!.Refusal)} {Ago(Last.LastAt)}, and that has passed.",
        _ => $"Nothing stands in the way: let in {Ago(Last!.LastAt)} at {Last.RouterName}, and offline again.",
    };

    public string? NextStep => diagnosis.Answer switch
    {
        Answer.Hindered => facts.Hindrance switch
        {
            Hindrance.Suspended => "Resume the customer.",
            Hindrance.NothingBought or Hindrance.DataUsedUp => "Sell a package.",
            Hindrance.Expired => "Sell another package.",
            Hindrance.OutsideHours => "Wait for its hours, or sell another package.",
            Hindrance.NotBegun => "Wait for its beginning, or sell one that begins now.",
            _ => null,
        },
        Answer.IsOnline => facts.Hindrance is Hindrance.AllDevicesOnline
            ? "Every device that the package allows is online; one more is refused. End a session, or sell a package for more devices."
            : null,
        Answer.NoRouter => "Allow a router under Connection, or in the package.",
        Answer.RoutersSilent => "Check the router's power and its way to the Internet; its page tells how to set it up.",
        Answer.NeverAsked => NeverAskedStep,
        Answer.Refused => LoginWords.NextStepAfter(Last!.Refusal),
        Answer.WouldBeLetIn => "Connect again.",
        _ => "If it did not last: check the line and the power at the customer's place.",
    };

    public string Package => facts.Subscription is not { } package ? "none"
        : package.EndsAt <= now ? $"{package.Package}, ended {Ago(package.EndsAt)}"
        : package.StartsAt > now ? $"{package.Package}, begins {Ago(package.StartsAt)}"
        : $"{package.Package}, ends {Ago(package.EndsAt)}";

    public string Data => facts.Subscription?.DataLimitBytes is { } limit
        ? $"{Figures.Bytes(facts.UsedBytes)} of {Figures.Bytes(limit)} used"
        : "not limited";

    public string Places => $"{facts.Online.Count(session => !session.IsLimited)} of {facts.Subscription?.SimultaneousSessions ?? 0} online";

    public string Devices => diagnosis switch
    {
        { Devices: null } => "any",
        { Devices: [], DeviceLock: DeviceLock.BindOnFirstUse } => "the first that logs in",
        { Devices: [] } => "none is written down",
        _ => string.Join(", ", diagnosis.Devices),
    };

    private string Routers => diagnosis.Routers.Count == 1 ? "The router is" : "The customer's routers are";

    private string Name => facts.Username is { } name ? $"the user name {name}" : "this customer";

    private string NeverAskedStep => facts.AccessType is Core.Shared.AccessType.Pppoe
        ? $"Check the cable or the radio link, that the device dials PPPoE as {facts.Username}, and that the router asks RADIUS for PPP."
        : "Check that the phone is on the hotspot's Wi-Fi and sees the login page, and that the hotspot asks RADIUS.";

    private string WhyHindered => facts.Hindrance switch
    {
        Hindrance.Deleted => "The customer is deleted: there is no way in any more.",
        Hindrance.Suspended => $"Suspended {Ago(facts.SuspendedAt!.Value)}.",
        Hindrance.NothingBought => "Has never bought a package.",
        Hindrance.Expired => $"The package {facts.Subscription!.Package} ended {Ago(facts.Subscription.EndsAt)}.",
        Hindrance.NotBegun => $"The package {facts.Subscription!.Package} begins {Ago(facts.Subscription.StartsAt)}.",
        Hindrance.OutsideHours => facts.Subscription!.Hours!.OpensAt(now, zone) is { } opens
            ? $"Outside the hours of {facts.Subscription.Package}; they begin {Ago(opens)}."
            : $"Outside the hours of {facts.Subscription.Package}.",
        _ => $"The data of {facts.Subscription!.Package} is used up: {Data}.",
    };

    private string Ago(DateTimeOffset at) => Figures.Relative(at, now, zone);
}
