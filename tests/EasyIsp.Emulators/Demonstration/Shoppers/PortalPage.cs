using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace EasyIsp.Emulators.Demonstration.Shoppers;

/// <summary>A package on the portal's shelf.</summary>
internal sealed record PortalOffer(Uri Link, decimal Price);

/// <param name="Fields">Every named input with the value that it came with.</param>
internal sealed record PortalForm(Uri Action, IReadOnlyDictionary<string, string> Fields, string? PhoneField)
{
    /// <summary>The form that signs a device in at its router (mikrotik.md, 5.3, variant A).</summary>
    public bool IsForRouter => Fields.ContainsKey("username") && Fields.ContainsKey("password");
}

/// <summary>The page comes again by itself, here or elsewhere.</summary>
internal sealed record PageRefresh(TimeSpan After, Uri Address);

/// <summary>What a person without script can do on a page of the portal: links, forms, waiting. Its words do not matter.</summary>
internal sealed partial record PortalPage(
    IReadOnlyList<PortalOffer> Offers, Uri? ConnectLink, IReadOnlyList<PortalForm> Forms, PageRefresh? Refresh)
{
    /// <summary>Where one types the number that pays; null on every page but that of one package.</summary>
    public PortalForm? PayingForm => Forms.FirstOrDefault(form => form.PhoneField is not null);

    public PortalForm? RouterForm => Forms.FirstOrDefault(form => form.IsForRouter);

    /// <param name="address">Where the page was found, for links that do not say it.</param>
    public static PortalPage Read(Uri address, string html)
    {
        var links = Links().Matches(html).Select(link => (
            Address: new Uri(address, AttributesOf(link.Groups["tag"].Value).GetValueOrDefault("href", "")),
            Price: PriceIn(link.Groups["inner"].Value))).ToList();
        return new PortalPage(
            [.. links.Where(link => link.Price is not null).Select(link => new PortalOffer(link.Address, link.Price!.Value))],
            links.Select(link => link.Address).FirstOrDefault(link => link.AbsolutePath.EndsWith("/connect", StringComparison.Ordinal)),
            [.. FormTags().Matches(html).Select(form => FormOf(address, form))],
            Refreshes().Match(html) is { Success: true } refresh ? RefreshOf(address, refresh.Groups["content"].Value) : null);
    }

    private static PortalForm FormOf(Uri address, Match form)
    {
        var inputs = Inputs().Matches(form.Groups["inner"].Value).Select(input => AttributesOf(input.Value)).Where(input => input.ContainsKey("name")).ToList();
        return new PortalForm(
            new Uri(address, AttributesOf(form.Groups["tag"].Value).GetValueOrDefault("action", "")),
            inputs.ToDictionary(input => input["name"], input => input.GetValueOrDefault("value", ""), StringComparer.Ordinal),
            inputs.FirstOrDefault(input => input.GetValueOrDefault("type") == "tel")?["name"]);
    }

    private static PageRefresh? RefreshOf(Uri address, string content)
    {
        var parts = WebUtility.HtmlDecode(content).Split(";url=", 2);
        return int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? new PageRefresh(TimeSpan.FromSeconds(seconds), parts.Length == 2 ? new Uri(address, parts[1]) : address)
            : null;
    }

    /// <summary>"Ksh 1,500": the currency and the grouping are nobody's business here.</summary>
    private static decimal? PriceIn(string html)
    {
        var digits = string.Concat(Prices().Match(html).Groups["text"].Value.Where(c => char.IsAsciiDigit(c) || c == '.'));
        return decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price) ? price : null;
    }

    private static Dictionary<string, string> AttributesOf(string tag) => Attributes().Matches(tag)
        .DistinctBy(one => one.Groups["name"].Value, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(one => one.Groups["name"].Value, one => WebUtility.HtmlDecode(one.Groups["value"].Value), StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex("<a\\s(?<tag>[^>]*)>(?<inner>.*?)</a>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Links();

    [GeneratedRegex("<form\\s(?<tag>[^>]*)>(?<inner>.*?)</form>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FormTags();

    [GeneratedRegex("<input\\s[^>]*>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Inputs();

    [GeneratedRegex("(?<name>[\\w-]+)=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Attributes();

    [GeneratedRegex("<meta\\s+http-equiv=\"refresh\"\\s+content=\"(?<content>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Refreshes();

    [GeneratedRegex("class=\"price\"[^>]*>(?<text>[^<]*)<", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Prices();
}
