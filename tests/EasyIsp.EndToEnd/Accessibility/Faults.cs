using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace EasyIsp.EndToEnd.Accessibility;

/// <summary>What axe finds on a page.</summary>
internal static class Faults
{
    /// <summary>Moderate to axe, and asked for here: where one is on a page is told by these.</summary>
    private static readonly HashSet<string> AlsoCounted = new(StringComparer.Ordinal)
    {
        "heading-order", "landmark-one-main", "landmark-unique", "landmark-main-is-top-level", "page-has-heading-one", "region", "skip-link", "tabindex",
    };

    /// <summary>What another width changes; the rest of a page is the same.</summary>
    public static readonly IReadOnlyList<string> OfWidth = ["color-contrast", "scrollable-region-focusable", "link-in-text-block", "button-name", "link-name"];

    /// <summary>What dark changes.</summary>
    public static readonly IReadOnlyList<string> OfColours = ["color-contrast", "link-in-text-block"];

    /// <param name="rules">Null for all.</param>
    public static async Task<IReadOnlyList<string>> OfAsync(IPage page, string where, IReadOnlyList<string>? rules = null)
    {
        var options = new AxeRunOptions { ResultTypes = [ResultType.Violations], Iframes = false };
        if (rules is not null)
            options.RunOnly = new RunOnlyOptions { Type = "rule", Values = [.. rules] };
        var found = await page.RunAxe(options);
        List<string> faults = [.. found.Violations
            .Where(violation => violation.Impact is "serious" or "critical" || AlsoCounted.Contains(violation.Id))
            .SelectMany(violation => violation.Nodes.Take(3).Select(node => $"{where}: {violation.Id} ({violation.Impact}): {Short(node.Html)} {Short(node.Any.FirstOrDefault()?.Message)}"))];
        await Demonstration.NoteAsync("axe", faults);
        return faults;
    }

    private static string Short(string? text) => text is null ? "" : text.Length > 260 ? text[..260] : text;
}
