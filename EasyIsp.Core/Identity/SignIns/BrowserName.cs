namespace EasyIsp.Core.Identity.SignIns;

/// <summary>A browser's description of itself in the words that people use: Firefox on Windows.</summary>
public static class BrowserName
{
    /// <summary>In this order: most of them claim to be one of the later ones too.</summary>
    private static readonly (string Sign, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Sign, string Name)[] Systems =
    [
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS X", "Mac"), ("Linux", "Linux"),
    ];

    public static string Of(string agent) => (NameIn(agent, Browsers), NameIn(agent, Systems)) switch
    {
        ({ } browser, { } system) => $"{browser} on {system}",
        ({ } browser, null) => browser,
        (null, { } system) => $"A browser on {system}",
        _ => "An unknown browser",
    };

    private static string? NameIn(string agent, (string Sign, string Name)[] known)
        => known.Where(one => agent.Contains(one.Sign, StringComparison.Ordinal)).Select(one => one.Name).FirstOrDefault();
}
