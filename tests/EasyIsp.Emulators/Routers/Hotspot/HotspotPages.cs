using System.Text.Encodings.Web;

namespace EasyIsp.Emulators.Routers.Hotspot;

/// <summary>The pages of the router's <c>hotspot</c> directory, as onboarding sets them (mikrotik.md 5.1 to 5.3).</summary>
internal static class HotspotPages
{
    /// <summary>
    /// <c>login.html</c>: hands the device over to the portal with all it needs to come back. Unlike a router's templates
    /// it escapes what the user typed.
    /// </summary>
    public static string Handover(string portal, bool post, IEnumerable<KeyValuePair<string, string>> variables)
    {
        var fields = string.Concat(variables.Select(v => $"""<input type="hidden" name="{Html(v.Key)}" value="{Html(v.Value)}">"""));
        return Page(
            "Please wait",
            $"""
            <form action="{Html(portal)}" method="{(post ? "post" : "get")}">{fields}<button>Continue</button></form>
            <script>document.forms[0].submit()</script>
            """);
    }

    public static string SignedIn(EmulatedHost host) => Page(
        "You are logged in",
        $"""<p>Welcome, {Html(host.Session?.User ?? host.Mac)}.</p><p><a href="/status">Status</a></p>""");

    public static string Status(EmulatedSession session, DateTimeOffset now) => Page(
        "Status",
        $"""
        <dl>
        <dt>User</dt><dd>{Html(session.User)}</dd>
        <dt>IP address</dt><dd>{session.Address}</dd>
        <dt>MAC address</dt><dd>{session.Mac}</dd>
        <dt>Connected</dt><dd>{Api.ApiMenus.Duration(now - session.StartedAt)}</dd>
        <dt>Time left</dt><dd>{(session.EndsAt is { } end ? Api.ApiMenus.Duration(end - now) : "---")}</dd>
        <dt>Bytes up/down</dt><dd>{session.BytesUp} / {session.BytesDown}</dd>
        </dl>
        <form action="/logout" method="post"><button>Log out</button></form>
        """);

    public static string SignedOut() => Page("You have just logged out", """<p><a href="/login">Log in</a></p>""");

    /// <summary>The Internet, seen by a device that is let through: any address it asks for.</summary>
    public static string Internet(string url) => Page("The Internet", $"""<p>{Html(url)}</p><p><a href="/status">Status</a></p>""");

    private static string Page(string title, string body)
        => $"""<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>{body}</html>""";

    private static string Html(string text) => HtmlEncoder.Default.Encode(text);
}
