using System.Globalization;
using System.Net;
using System.Text;
using EasyIsp.Emulators.Demonstration.Shoppers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EasyIsp.Emulators.Control;

/// <summary>Who is shopping at the hotspots by himself, and the buttons that pause them or bring one more.</summary>
internal static class ShoppersSection
{
    public static void MapShoppers(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/shoppers/invite", (DemoShoppers shoppers) => Done(shoppers.Invite));
        endpoints.MapPost("/shoppers/pause", (DemoShoppers shoppers) => Done(() => shoppers.IsPaused = true));
        endpoints.MapPost("/shoppers/resume", (DemoShoppers shoppers) => Done(() => shoppers.IsPaused = false));
    }

    public static string Render(DemoShoppers shoppers)
    {
        var present = shoppers.Present;
        var section = new StringBuilder($"<h2>People</h2><p>{present.Count.ToString(CultureInfo.InvariantCulture)} at the hotspots.");
        section.Append(Button("invite", "Bring one more"));
        if (shoppers.ComeByThemselves)
            section.Append(shoppers.IsPaused ? Button("resume", "Let others come") : Button("pause", "Let nobody else come"));

        section.Append("</p><table><tr><th>Router</th><th>Phone</th><th>Doing</th></tr>");
        foreach (var one in present)
            section.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(one.Router)}</td><td>{Text(one.Phone)}</td><td>{Text(one.Doing)}</td></tr>");
        return section.Append("</table>").ToString();
    }

    private static RedirectHttpResult Done(Action act)
    {
        act();
        return TypedResults.LocalRedirect("~/");
    }

    private static string Button(string action, string text)
        => $""" <form action="/shoppers/{action}" method="post" style="display:inline"><button>{text}</button></form>""";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
