using System.Net;
using System.Net.Mime;
using System.Security.Cryptography;
using EasyIsp.Emulators.Routers.Radius;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace EasyIsp.Emulators.Routers.Hotspot;

/// <summary>
/// The captive pages of one router (mikrotik.md 5). On loopback every client has the same address, so the device is
/// chosen by <c>?device=MAC</c> on any page, which a cookie then remembers; a browser with neither becomes a new phone.
/// A form that the portal posts comes from another site, where browsers hold the cookie back: without it the form is
/// taken to be from the device that was handed to the portal last.
/// Every path but /login, /status and /logout stands for the Internet.
/// </summary>
internal sealed class HotspotServlet : IAsyncDisposable
{
    private const string DeviceField = "device";

    // errors.txt, chap-missing (5.2, [D]; the wording is [K]).
    private const string ChapMissing = "web browser did not send challenge response (try again, enable JavaScript)";

    private readonly EmulatedRouter _router;
    private readonly TimeProvider _clock;
    private readonly ChapChallenges _challenges;
    private readonly WebApplication _web;
    private volatile string? _lastHandedOver;

    public HotspotServlet(EmulatedRouter router, TimeProvider clock)
    {
        (_router, _clock) = (router, clock);
        _challenges = new ChapChallenges(router.Options, clock);

        // An empty builder: the emulators' own configuration must not reach a router's pages.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Parse(router.Options.Address), router.Options.HotspotPort));
        _web = builder.Build();
        _web.Run(AnswerAsync);
    }

    public string Url { get; private set; } = "";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _web.StartAsync(cancellationToken);
        Url = _web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        if (DeviceOf(http) is not { } host)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        http.Response.Headers.CacheControl = "no-store";
        var answer = http.Request.Path.Value switch
        {
            "/login" => LoginAsync(http, host),
            "/status" => StatusAsync(http, host),
            "/logout" => LogoutAsync(http, host),
            _ => BrowseAsync(http, host),
        };
        await answer;
    }

    /// <summary>Null when the device's name is no MAC address.</summary>
    private EmulatedHost? DeviceOf(HttpContext http)
    {
        var mac = http.Request.Query[DeviceField].FirstOrDefault()
            ?? http.Request.Cookies[DeviceField]
            ?? (HttpMethods.IsPost(http.Request.Method) ? _lastHandedOver : null)
            ?? EmulatedRouter.MacFrom(RandomNumberGenerator.GetBytes(6));
        var digits = mac.ToUpperInvariant().Split(':', '-');
        if (digits.Length != 6 || !digits.All(d => d.Length == 2 && d.All(char.IsAsciiHexDigit)))
            return null;

        var host = _router.AddHost(string.Join(':', digits));
        http.Response.Cookies.Append(DeviceField, host.Mac, new CookieOptions { Path = "/", IsEssential = true });
        return host;
    }

    private Task BrowseAsync(HttpContext http, EmulatedHost host)
    {
        var url = $"{Url}{http.Request.Path}";
        if (host.Session is null)
            return RedirectAsync(http, Handover.LinkLogin(_router, url));

        _router.GenerateTraffic(host.Session, bytesUp: 2_000, bytesDown: 60_000);
        return HtmlAsync(http, HotspotPages.Internet(url));
    }

    private async Task LoginAsync(HttpContext http, EmulatedHost host)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : null;
        string? Field(string name) => form?[name].FirstOrDefault() ?? http.Request.Query[name].FirstOrDefault();

        var destination = Field("dst") ?? "";
        if (host.Session is null && Field("username") is { Length: > 0 } user)
        {
            var error = await SignInAsync(host, user, Field("password") ?? "", http.RequestAborted);
            if (error is not null)
            {
                await HandOverAsync(http, host, user, error, destination);
                return;
            }
        }

        if (host.Session is null)
            await HandOverAsync(http, host, "", "", destination);
        else if (IsWebAddress(destination))
            await RedirectAsync(http, destination);
        else
            await HtmlAsync(http, HotspotPages.SignedIn(host));
    }

    /// <returns>The text for the login page, or null when the device is online.</returns>
    private async Task<string?> SignInAsync(EmulatedHost host, string user, string password, CancellationToken cancellationToken)
    {
        if (ProofOf(host, password) is not { } proof)
            return ChapMissing;

        return (await _router.LoginAsync(host, user, proof, cancellationToken)).Error;
    }

    /// <summary>
    /// A page with a challenge sends 32 hex digits, which go to RADIUS as they are; a plain password is taken where
    /// http-pap is on (5.3). How a router tells the two apart is [K].
    /// </summary>
    private PasswordProof? ProofOf(EmulatedHost host, string password)
    {
        var methods = _router.Options.HotspotLoginBy;
        var challenge = _challenges.Take(host);
        if (methods.HasFlag(HotspotLoginMethods.HttpChap) && password.Length == 32 && password.All(char.IsAsciiHexDigit))
            return challenge is null ? null : new ChapProof(challenge.Identifier, challenge.Value, Convert.FromHexString(password));

        return methods.HasFlag(HotspotLoginMethods.HttpPap) ? new PapProof(password) : null;
    }

    private Task HandOverAsync(HttpContext http, EmulatedHost host, string user, string error, string destination)
    {
        var options = _router.Options;
        _lastHandedOver = host.Mac;
        var challenge = options.HotspotLoginBy.HasFlag(HotspotLoginMethods.HttpChap) ? _challenges.Issue(host) : null;
        var words = Handover.WordsOf(_router, host, destination, user, error, challenge);
        return HtmlAsync(http, HotspotPages.Handover(options.PortalUrl, options.PortalHandoverByPost, words));
    }

    private Task StatusAsync(HttpContext http, EmulatedHost host) => host.Session is { } session
        ? HtmlAsync(http, HotspotPages.Status(session, _clock.GetUtcNow()))
        : RedirectAsync(http, $"{Url}/login");

    private Task LogoutAsync(HttpContext http, EmulatedHost host)
    {
        if (host.Session is not { } session)
            return RedirectAsync(http, $"{Url}/login");

        _router.Disconnect(session);
        return HtmlAsync(http, HotspotPages.SignedOut());
    }

    private static bool IsWebAddress(string destination)
        => Uri.TryCreate(destination, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    private static Task RedirectAsync(HttpContext http, string url)
    {
        http.Response.Redirect(url);
        return Task.CompletedTask;
    }

    private static Task HtmlAsync(HttpContext http, string page)
    {
        http.Response.ContentType = $"{MediaTypeNames.Text.Html}; charset=utf-8";
        return http.Response.WriteAsync(page, http.RequestAborted);
    }
}
