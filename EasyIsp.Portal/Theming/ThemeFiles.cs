using System.Security.Cryptography;
using System.Text.Json;
using EasyIsp.Portal.Hosting;
using Microsoft.Extensions.Options;

namespace EasyIsp.Portal.Theming;

/// <summary>One folder of <c>wwwroot-themes</c>: stylesheet, scripts, and the sentences it says in its own way.</summary>
internal sealed class ThemeFiles
{
    private readonly string _version;

    public ThemeFiles(IOptions<PortalOptions> options)
    {
        var themes = options.Value.ThemesPath ?? Path.Combine(AppContext.BaseDirectory, "wwwroot-themes");
        Folder = Path.GetFullPath(Path.Combine(themes, options.Value.Theme));
        if (!File.Exists(Path.Combine(Folder, "theme.css")))
            throw new InvalidOperationException($"There is no theme '{options.Value.Theme}' in {themes}.");
        _version = VersionOf(Folder);
    }

    public string Folder { get; }

    /// <summary>An address that changes with the theme, so that phones may keep what it names for ever.</summary>
    public string Url(string file) => $"/theme/{file}?v={_version}";

    /// <summary>The sentences that the theme replaces.</summary>
    public IReadOnlyDictionary<string, string> Strings(string language)
    {
        var file = Path.Combine(Folder, $"strings.{language}.json");
        return File.Exists(file) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(file))! : new Dictionary<string, string>();
    }

    private static string VersionOf(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            hash.AppendData(File.ReadAllBytes(file));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 4));
    }
}
