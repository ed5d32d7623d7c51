using EasyIsp.Core.Hotspot;
using EasyIsp.Portal.Hotspot;
using EasyIsp.Portal.Languages;
using Microsoft.Extensions.Options;

namespace EasyIsp.Portal.Hosting;

/// <summary>What is known of the present request: whose portal, whose visit, which language. Filled by <see cref="TenantFromRoute"/>.</summary>
internal sealed class PortalRequest(PortalLanguages languages, IOptions<PortalOptions> options, TimeProvider clock)
{
    private VisitAddress _address;
    private string? _chosenLanguage;
    private HotspotVisit? _visit;

    public HotspotBrand? Brand { get; private set; }

    /// <summary>The router whose site was asked for.</summary>
    public Guid? RouterId { get; set; }

    public PortalText Text { get; private set; } = null!;

    /// <summary>Only where a tenant is known.</summary>
    public LocalFormats Formats { get; private set; } = null!;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <exception cref="InvalidOperationException">The address of the page names no visit.</exception>
    public HotspotVisit Visit => _visit ?? throw new InvalidOperationException("This page belongs to no visit.");

    public string VisitPath => $"/v/{_address}";

    /// <summary>Scheme, host and port of the visit's router, for the policy of forms.</summary>
    public string? RouterOrigin => _visit?.LinkLoginOnly is { } link ? new Uri(link).GetLeftPart(UriPartial.Authority) : null;

    public void Speak(HttpRequest request)
    {
        if (languages.Chosen(request) is { } chosen)
        {
            _chosenLanguage = chosen.Language;
            request.HttpContext.Response.Cookies.Append(PortalLanguages.Name, chosen.Language, new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Secure = request.IsHttps,
                MaxAge = TimeSpan.FromDays(365),
            });
        }

        Text = languages.Choose(request, Brand?.Language);
        if (Brand is not null)
            Formats = new LocalFormats(Text, Brand);
    }

    public void Serve(HotspotBrand brand, HttpRequest request)
    {
        Brand = brand;
        Speak(request);
    }

    public void Attend(HotspotVisit visit, VisitAddress address) => (_visit, _address) = (visit, address);

    /// <summary>An address of this visit. Captive browsers lose cookies, so a chosen language stays in it.</summary>
    public string Link(string path = "") => VisitPath + path + (_chosenLanguage is null ? "" : $"?{PortalLanguages.Name}={_chosenLanguage}");

    /// <summary>The same for somebody else to send the browser to.</summary>
    public string PublicLink(string path) => options.Value.PublicUrl.TrimEnd('/') + Link(path);

    /// <summary>The other languages, each with the present page in it.</summary>
    public IEnumerable<PortalText> OtherLanguages => languages.All.Where(text => text != Text);

    /// <summary>"18:40", "tomorrow 18:40", "Thu 5 Mar, 18:40".</summary>
    public string When(DateTimeOffset instant) => Formats.When(instant, Now);

    public string LeftUntil(DateTimeOffset instant) => Formats.Length(instant - Now);
}
