using System.Globalization;
using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Sessions;

/// <summary>What the address of the list of logins asks for.</summary>
internal static class LoginQueries
{
    public static IReadOnlyList<(string Value, string Word)> Spans { get; } = [("hour", "Last hour"), ("day", "24 hours"), ("week", "7 days")];

    public static LoginQuery Of(ListQuery query, Guid? upTo, DateTimeOffset now) => new(
        query.Search,
        Guid.TryParse(query["router"], out var router) ? router : null,
        query.Filter<LoginKind>("kind"),
        query["since"] switch
        {
            "hour" => now - TimeSpan.FromHours(1),
            "day" => now - TimeSpan.FromDays(1),
            "week" => now - TimeSpan.FromDays(7),
            _ => null,
        },
        Guid.TryParse(query.After, out var last) ? last : null,
        upTo,
        ListQuery.PageSize);

    public static string Milliseconds(TimeSpan length)
        => string.Create(CultureInfo.InvariantCulture, $"{length.TotalMilliseconds:0.#}\u00a0ms");
}
