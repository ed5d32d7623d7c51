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

    /// <param name="coloursAlone">Whether the colours are told apart; the rest is the same in light and dark.</param>
    public static async Task<IReadOnlyList<string>> OfAsync(IPage page, string where, bool coloursAlone = false)
    {
        var options = new AxeRunOptions { ResultTypes = [ResultType.Violations], Iframes = false };
        if (coloursAlone)
            options.RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast"] };
        var found = await page.RunAxe(options);
        List<string> faults = [.. found.Violations
            .Where(violation => violation.Impact is "serious" or "critical" || AlsoCounted.Contains(violation.Id))
            .SelectMany(violation => violation.Nodes.Take(3).Select(node => $"{where}: {violation.Id} ({violation.Impact}): {Short(node.Html)} {Short(node.Any.FirstOrDefault()?.Message)}"))];
        await Demonstration.NoteAsync("axe", faults);
        return faults;
    }

    private static string Short(string? text) => text is null ? "" : text.Length > 260 ? text[..260] : text;
}
