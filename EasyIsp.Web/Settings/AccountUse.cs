using EasyIsp.Core.Payments;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Settings;

/// <summary>Which of one rail's accounts prompts go by, and where: at a router the newest of its own, elsewhere the newest that is no router's.</summary>
/// <param name="newestFirst">Those that are not disabled.</param>
internal sealed class AccountUse(IReadOnlyList<(Guid Id, string Name)> newestFirst, ILookup<Guid, AccountPlace> places)
{
    /// <summary>Of the places where no account is the router's own; null when there is none.</summary>
    public string? Elsewhere => newestFirst.FirstOrDefault(account => !places.Contains(account.Id)).Name;

    public bool AnyHasRouters => newestFirst.Any(account => places.Contains(account.Id));

    public State StateOf(Guid accountId)
    {
        if (newestFirst.All(account => account.Id != accountId))
            return State.Disabled;
        return IsUsed(accountId) ? State.Active : State.Available;
    }

    public string ReasonOf(Guid accountId) => StateOf(accountId) switch
    {
        State.Disabled => "Disabled: no new prompt goes by it.",
        State.Active => "Payments go by it.",
        _ when places[accountId].Any() && places[accountId].All(place => place.IsArchived) => "Its routers are archived: no prompt goes by it.",
        _ => "A newer account is used there; this one takes over when that is disabled.",
    };

    public string WhereOf(Guid accountId) => places[accountId].ToList() switch
    {
        [] => AnyHasRouters ? "Everywhere else" : "Everywhere",
        var own => string.Join(", ", own.Select(place => place.IsArchived ? $"{place.Router} (archived)" : place.Router)),
    };

    private bool IsUsed(Guid accountId)
    {
        if (!places.Contains(accountId))
            return newestFirst.First(account => !places.Contains(account.Id)).Id == accountId;

        return places[accountId].Any(place => !place.IsArchived
            && newestFirst.First(account => places[account.Id].Any(other => other.RouterId == place.RouterId)).Id == accountId);
    }
}
