using System.Text.RegularExpressions;
using System.Web;
using Microsoft.AspNetCore.Components;
using Microsoft.Playwright;
using Xunit;

namespace EasyIsp.EndToEnd;

/// <summary>
/// Every page of the console: the list comes from its routes. What an address names (a customer, a router) is what the links of
/// other pages lead to; a page that no link leads to fails whoever asks for the list.
/// </summary>
internal static partial class ConsolePages
{
    /// <summary>Pages that nobody is to open by himself, and why.</summary>
    private static readonly Dictionary<string, string> NotVisited = new(StringComparer.Ordinal)
    {
        ["/error"] = "shown in place of a page that failed",
        ["/account/denied"] = "shown in place of a page that the role does not open",
        ["/account/tenant"] = "sends who works for one company to it",
        ["/account/code"] = "sends away who has not just shown his password",
        ["/payments/sms/{Id:guid}"] = "the demonstration may have no such message; it is looked at where there is one",
        ["/settings/paystack/{Id:guid}"] = "the demonstration has no account there; it is looked at where there is one",
        ["/settings/sms-templates/{Id:guid}"] = "the demonstration has no template of its own; it is looked at where there is one",
    };

    public static IReadOnlyList<string> Templates { get; } =
    [
        .. typeof(EasyIsp.Web.Blocks.ListQuery).Assembly.GetTypes()
            .SelectMany(type => type.GetCustomAttributes(typeof(RouteAttribute), inherit: false).Cast<RouteAttribute>())
            .Select(route => route.Template).Order(StringComparer.Ordinal),
    ];

    /// <summary>Those that need nobody to be signed in.</summary>
    public static IReadOnlyList<string> OfStrangers { get; } =
    [
        .. typeof(EasyIsp.Web.Blocks.ListQuery).Assembly.GetTypes()
            .Where(type => type.IsDefined(typeof(Microsoft.AspNetCore.Authorization.AllowAnonymousAttribute), inherit: false))
            .SelectMany(type => type.GetCustomAttributes(typeof(RouteAttribute), inherit: false).Cast<RouteAttribute>())
            .Select(route => route.Template).Where(template => !NotVisited.ContainsKey(template)).Order(StringComparer.Ordinal),
    ];

    /// <summary>Walks from page to page by their links; of what differs in what it names alone, one is taken.</summary>
    /// <param name="page">Of somebody who is signed in.</param>
    /// <param name="ofPlatform">The platform's area, or all but that.</param>
    /// <param name="lookAsync">At each.</param>
    /// <returns>The addresses, in the order of the walk.</returns>
    public static async Task<IReadOnlyList<string>> WalkAsync(
        IPage page, Demonstration product, bool ofPlatform, Func<string, Task>? lookAsync = null)
    {
        var waiting = new Queue<string>(Templates.Where(template => !template.Contains('{', StringComparison.Ordinal) && !NotVisited.ContainsKey(template) && IsOf(template)));
        var shapes = waiting.Select(ShapeOf).ToHashSet(StringComparer.Ordinal);
        List<string> walked = [];
        while (waiting.TryDequeue(out var address))
        {
            await page.OpenAsync(product, address);
            walked.Add(address);
            if (lookAsync is not null)
                await lookAsync(address);
            foreach (var link in await page.EvaluateAsync<string[]>("[...document.querySelectorAll('a[href]')].filter(a => a.origin === location.origin && !a.hasAttribute('download')).map(a => a.pathname + a.search)"))
            {
                foreach (var next in Below(link).Prepend(link))
                {
                    if (IsOf(next) && !File().IsMatch(next) && shapes.Add(ShapeOf(next)))
                        waiting.Enqueue(next);
                }
            }
        }

        var reached = walked.Select(ShapeOf).Select(shape => shape.Split('?')[0]).ToHashSet(StringComparer.Ordinal);
        var missed = Templates.Where(template => IsOf(template) && !NotVisited.ContainsKey(template) && !reached.Contains(ShapeOf(template))).ToList();
        Assert.True(missed.Count == 0, $"No link leads to {string.Join(", ", missed)}.");
        return walked;

        bool IsOf(string path) => path.StartsWith("/platform", StringComparison.Ordinal) == ofPlatform && !path.StartsWith("/platform/jobs", StringComparison.Ordinal)
            && !OfStrangers.Contains(path.Split('?')[0]);
    }

    /// <summary>What is reached by a menu of a page, whose items are no links before it is opened.</summary>
    private static IEnumerable<string> Below(string link)
    {
        var path = link.Split('?')[0];
        return Templates.Select(ShapeOf).Where(shape => Named().IsMatch(path) && shape.StartsWith($"{ShapeOf(path)}/", StringComparison.Ordinal))
            .Select(shape => path + shape[ShapeOf(path).Length..]);
    }

    /// <summary>Opens it, and waits until it has read what it shows.</summary>
    public static async Task OpenAsync(this IPage page, Demonstration product, string address)
    {
        await page.GotoAsync(new Uri(product.Console, address).AbsoluteUri, new PageGotoOptions { WaitUntil = WaitUntilState.DOMContentLoaded });
        await page.SettleAsync();
    }

    /// <summary>Nothing has changed for a while, and nothing says that it is busy.</summary>
    public static Task SettleAsync(this IPage page) => page.EvaluateAsync("""
        () => new Promise(done => {
          const start = performance.now();
          let last = start;
          const watch = new MutationObserver(() => last = performance.now());
          watch.observe(document.documentElement, { subtree: true, childList: true, attributes: true, characterData: true });
          const look = () => {
            const now = performance.now();
            const waits = document.querySelector('#boot:not([hidden])')?.offsetParent || document.querySelector('[aria-busy=true]') || !document.querySelector('h1');
            if (now - start > 8000 || (!waits && now - last > 150)) { watch.disconnect(); done(); } else setTimeout(look, 30);
          };
          look();
        })
        """);

    /// <summary>What an address has in common with those that only name other things; of its query the tab counts alone.</summary>
    private static string ShapeOf(string address)
    {
        var parts = address.Split('?', 2);
        var tab = parts.Length == 2 ? HttpUtility.ParseQueryString(parts[1])["tab"] : null;
        return Named().Replace(parts[0], "ID") + (tab is null ? "" : $"?tab={tab}");
    }

    [GeneratedRegex(@"[0-9a-f]{8}-[0-9a-f-]{27}|\{\w+:guid\}", RegexOptions.None, 1000)]
    private static partial Regex Named();

    [GeneratedRegex(@"\.(csv|rsc|txt|pdf|svg|png)(\?|$)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex File();
}
