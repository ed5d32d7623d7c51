using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using EasyIsp.Portal.Theming;
using Microsoft.Net.Http.Headers;

namespace EasyIsp.Portal.Languages;

/// <summary>The languages the portal speaks, and which of them a browser is answered in.</summary>
internal sealed class PortalLanguages(ThemeFiles theme)
{
    /// <summary>In the query of an address and as the name of the cookie.</summary>
    public const string Name = "lang";

    private readonly FrozenDictionary<string, PortalText> _texts = new[] { "en", "sw" }
        .ToFrozenDictionary(language => language, language => Read(language, theme), StringComparer.Ordinal);

    public IEnumerable<PortalText> All => _texts.Values.OrderBy(text => text.Language, StringComparer.Ordinal);

    /// <summary>What the person chose in the address, else his cookie, else his browser's wish, else the tenant's language.</summary>
    public PortalText Choose(HttpRequest request, string? tenantLanguage)
        => Chosen(request)
            ?? Find(request.Cookies[Name])
            ?? Wished(request)
            ?? Find(tenantLanguage)
            ?? _texts["en"];

    /// <returns>Null when the address names no language that we have.</returns>
    public PortalText? Chosen(HttpRequest request) => Find(request.Query[Name]);

    private PortalText? Find(string? language) => language is null ? null : _texts.GetValueOrDefault(language);

    private PortalText? Wished(HttpRequest request)
        => request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(wish => wish, StringWithQualityHeaderValueComparer.QualityComparer)
            .Select(wish => wish.Value is { Length: >= 2 } value ? Find(value.Value![..2].ToLowerInvariant()) : null)
            .FirstOrDefault(text => text is not null);

    private static PortalText Read(string language, ThemeFiles theme)
    {
        var name = $"{typeof(PortalLanguages).Namespace}.{language}.json";
        using var own = typeof(PortalLanguages).Assembly.GetManifestResourceStream(name)!;
        var sentences = JsonSerializer.Deserialize<Dictionary<string, string>>(own)!;
        foreach (var (key, sentence) in theme.Strings(language))
            sentences[key] = sentence;
        return new PortalText(CultureInfo.GetCultureInfo(language), sentences.ToFrozenDictionary(StringComparer.Ordinal));
    }
}
