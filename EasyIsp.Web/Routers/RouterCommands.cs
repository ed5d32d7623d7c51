using System.Globalization;
using System.Net;
using EasyIsp.Web.Blocks;
using Microsoft.Extensions.Options;

namespace EasyIsp.Web.Routers;

/// <summary>The <c>Routers</c> section: how routers reach this installation.</summary>
public sealed class RouterCommandOptions
{
    public const string Section = "Routers";

    /// <summary>
    /// The RADIUS worker's address as routers see it. Null: the one that it listens on (Radius:Address), and where that
    /// is a wildcard, a placeholder.
    /// </summary>
    public string? RadiusAddress { get; init; }
}

/// <summary>The RouterOS commands that make a router ask us (mikrotik.md, 4.1 and 5.6).</summary>
internal sealed class RouterCommands(IOptions<RouterCommandOptions> options, IConfiguration configuration)
{
    private const string UnknownAddress = "ADDRESS-OF-EASYISP";
    private const string HiddenSecret = "••••••••";

    /// <summary>RADIUS, Disconnect and CoA, and both kinds of login.</summary>
    /// <param name="secret">Null until it was revealed.</param>
    public string Radius(IPAddress routerAddress, int coaPort, string? secret)
    {
        var auth = configuration["Radius:AuthPort"] ?? "1812";
        var accounting = configuration["Radius:AcctPort"] ?? "1813";
        return string.Create(CultureInfo.InvariantCulture, $"""
            /radius add service=ppp,hotspot address={RadiusAddress} secret="{secret ?? HiddenSecret}" src-address={routerAddress} authentication-port={auth} accounting-port={accounting} timeout=3s comment=easyisp
            /radius incoming set accept=yes port={coaPort}
            /ppp aaa set use-radius=yes accounting=yes interim-update=5m
            /ip hotspot profile set [find] use-radius=yes radius-accounting=yes radius-interim-update=received login-by=http-chap,http-pap
            """);
    }

    /// <summary>For a router that has the commands above, and another secret.</summary>
    public static string NewSecret(string secret) => $"/radius set [find comment=easyisp] secret=\"{secret}\"";

    /// <summary>RADIUS over TLS instead (mikrotik.md, 4.9). RouterOS sets port and secret by itself.</summary>
    /// <param name="file">The PKCS #12 file, uploaded to the router.</param>
    public string RadSec(string file, string passphrase) => $"""
        /certificate import file-name={file} passphrase="{passphrase}" name=easyisp-radsec
        /radius remove [find comment=easyisp]
        /radius add service=ppp,hotspot address={RadiusAddress} protocol=radsec certificate=easyisp-radsec comment=easyisp
        /file remove [find name={file}]
        """;

    /// <summary>What a phone may reach before it has paid: the portal alone.</summary>
    /// <returns>Null where the installation does not say where its portal is.</returns>
    public string? WalledGarden() => configuration.PortalUrl() is { } portal
        ? $"""
          /ip hotspot walled-garden add action=allow dst-host={portal.Host} comment=easyisp
          /ip hotspot walled-garden ip add action=accept dst-host={portal.Host} comment=easyisp
          """
        : null;

    /// <summary>Where the hotspot's login page sends people.</summary>
    public string? PortalAddress(string siteCode) => configuration.PortalUrl() is { } portal ? new Uri(portal, $"/h/{siteCode}").ToString() : null;

    private string RadiusAddress => options.Value.RadiusAddress ?? ListenAddress() ?? UnknownAddress;

    private string? ListenAddress() => IPAddress.TryParse(configuration["Radius:Address"], out var address)
        && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) ? address.ToString() : null;
}

internal static class RoutersFeature
{
    public static IServiceCollection AddRouterPages(this IServiceCollection services, IConfiguration configuration)
        => services
            .Configure<RouterCommandOptions>(configuration.GetSection(RouterCommandOptions.Section))
            .AddSingleton<RouterCommands>();
}
