using Microsoft.Playwright;
using Xunit;

namespace EasyIsp.EndToEnd.Accessibility;

/// <summary>Everything can be done without a mouse: on each page the tab key comes by all that can be used, says which it is, and shows where it is.</summary>
[Collection<RunningProduct>]
public sealed class KeyboardTests(Demonstration product)
{
    private const int MostStops = 400;

    /// <summary>Marks what can be used, and is not one of several that share a stop (arrows go between them).</summary>
    private const string Prepare = """
        () => {
          const style = document.createElement('style');
          style.textContent = '*, *::before, *::after { transition: none !important; animation: none !important; }';
          document.head.append(style);
          const seen = part => part.checkVisibility({ checkOpacity: false, checkVisibilityCSS: true }) && part.getClientRects().length > 0;
          const parts = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')];
          const shared = part => part.getAttribute('tabindex') === '-1'
            && part.closest('[role=tablist], [role=radiogroup], [role=menu], [role=toolbar], [role=listbox], .list-grid tr, [aria-hidden=true]');
          const radio = part => part.type === 'radio' && [...document.querySelectorAll(`input[type=radio][name="${part.name}"]`)].some(other => other !== part);
          const at = document.createElement('a');
          let n = 0;
          for (const part of parts)
            if (seen(part) && !part.disabled && !part.closest('[inert]') && !shared(part) && !radio(part)) part.dataset.stop = ++n;
          document.activeElement?.blur();
          window.getSelection()?.removeAllRanges();
          return [...document.querySelectorAll('[tabindex]')].filter(part => part.tabIndex > 0).map(part => part.outerHTML.slice(0, 120));
        }
        """;

    /// <summary>What has the focus now: whether it shows it, and what it is called.</summary>
    private const string Here = """
        () => {
          const part = document.activeElement;
          if (!part || part === document.body || part === document.documentElement) return null;
          const looks = () => {
            const chain = [];
            for (let at = part, up = 0; at && up < 5; at = at.parentElement, up++) chain.push(at);
            const near = [...chain, ...(part.parentElement?.children ?? []), ...(part.closest('.mud-input-control, .mud-input, label')?.querySelectorAll('*') ?? [])];
            return near.flatMap(at => [null, '::before', '::after'].map(pseudo => {
              const s = getComputedStyle(at, pseudo);
              return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor, s.borderWidth, s.backgroundColor, s.textDecorationLine, s.color, s.opacity, s.transform].join();
            })).join('|');
          };
          const name = (() => {
            const by = part.getAttribute('aria-labelledby');
            const words = [part.getAttribute('aria-label'), by && by.split(/\s+/).map(id => document.getElementById(id)?.textContent).join(' '),
              part.labels && [...part.labels].map(label => label.textContent).join(' '), part.textContent, part.title, part.querySelector('[aria-label]')?.getAttribute('aria-label'),
              part.querySelector('img')?.alt, part.type === 'submit' && part.value, part.placeholder];
            return (words.find(word => word && word.trim()) || '').trim();
          })();
          const box = part.getBoundingClientRect();
          const on = looks();
          part.blur();
          const off = looks();
          part.focus({ preventScroll: true, focusVisible: true });
          return {
            stop: part.dataset.stop ?? '', name, shows: on !== off, html: part.outerHTML.slice(0, 160),
            isAway: !part.matches('.skip') && (box.width === 0 || box.right <= 0 || box.left >= innerWidth),
          };
        }
        """;

    [Fact]
    public async Task The_tab_key_comes_by_all_that_can_be_used_on_every_page()
    {
        List<string> faults = [];
        foreach (var (email, ofPlatform) in new[] { (ConsoleUser.Admin, false), (ConsoleUser.SuperAdmin, true) })
        {
            var page = await ConsoleUser.SignInAsync(product, email, new BrowserNewContextOptions { ReducedMotion = ReducedMotion.Reduce, ViewportSize = new ViewportSize { Width = 1280, Height = 820 } });
            await ConsolePages.WalkAsync(page, product, ofPlatform, address => TabAsync(page, address, faults));
            await page.Context.CloseAsync();
        }

        await using var stranger = await product.Browser.NewContextAsync();
        var door = await stranger.NewPageAsync();
        foreach (var address in ConsolePages.OfStrangers)
        {
            await door.OpenAsync(product, address);
            await TabAsync(door, address, faults);
        }

        await PortalPages.WalkAsync(door, product, address => TabAsync(door, address, faults));
        Assert.True(faults.Count == 0, string.Join('\n', faults.Distinct().Take(120)));
    }

    [Fact]
    public async Task The_first_stop_leads_past_the_places_to_the_page()
    {
        var page = await ConsoleUser.SignInAsync(product, ConsoleUser.Admin);
        await page.OpenAsync(product, "/customers");
        await page.EvaluateAsync("document.activeElement?.blur()");
        await page.Keyboard.PressAsync("Tab");
        var skip = page.Locator("a.skip");
        Assert.True(await skip.EvaluateAsync<bool>("link => link === document.activeElement && link.getBoundingClientRect().top >= 0"));

        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");

        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('main').contains(document.activeElement)"));
    }

    [Fact]
    public async Task The_menu_of_the_person_opens_by_a_key()
    {
        var page = await ConsoleUser.SignInAsync(product, ConsoleUser.Admin);
        await page.OpenAsync(product, "/packages");
        await page.GetByRole(AriaRole.Button, new() { Name = "Menu of" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        await page.GetByText("Your account").WaitForAsync();
    }

    [Theory]
    [InlineData("/vouchers", "New vouchers")]
    [InlineData("/vouchers", "Check a code")]
    [InlineData("/payments", "Record payment")]
    [InlineData("/payments", "Look up receipt")]
    [InlineData("/platform", "New tenant")]
    public async Task A_dialog_keeps_the_focus_and_gives_it_back(string address, string button)
    {
        var page = await ConsoleUser.SignInAsync(product, address == "/platform" ? ConsoleUser.SuperAdmin : ConsoleUser.Admin);
        await page.OpenAsync(product, address);
        var opener = page.GetByRole(AriaRole.Button, new() { Name = button }).First;
        await opener.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.WaitForAsync();
        await Assertions.Expect(dialog.Locator(":focus")).ToHaveCountAsync(1);

        for (var i = 0; i < 25; i++)
        {
            await page.Keyboard.PressAsync(i < 20 ? "Tab" : "Shift+Tab");
            Assert.True(await page.EvaluateAsync<bool>("!!document.activeElement.closest('[role=dialog], .mud-dialog-container')"), $"The focus left the dialog at step {i}.");
        }

        await page.Keyboard.PressAsync("Escape");
        await dialog.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });
        await Assertions.Expect(opener).ToBeFocusedAsync();
    }

    private static async Task TabAsync(IPage page, string address, List<string> faults)
    {
        faults.AddRange((await page.EvaluateAsync<string[]>(Prepare)).Select(html => $"{address}: a positive tabindex, {html}"));
        HashSet<string> stops = [];
        for (var i = 0; i < MostStops; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<Place?>(Here) is not { } here)
                break;
            if (here.IsAway)
                faults.Add($"{address}: off the screen, {here.Html}");
            if (!here.Shows)
                faults.Add($"{address}: does not show the focus, {here.Html}");
            if (here.Name.Length == 0)
                faults.Add($"{address}: has no name, {here.Html}");
            if (here.Stop.Length > 0 && !stops.Add(here.Stop))
                break;
        }

        var all = await page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('[data-stop]')].filter(part => part.checkVisibility()).map(part => part.dataset.stop + ' ' + part.outerHTML.slice(0, 160))");
        faults.AddRange(all.Select(part => part.Split(' ', 2)).Where(part => !stops.Contains(part[0])).Select(part => $"{address}: not reached, {part[1]}"));
        await Demonstration.NoteAsync("keyboard", [.. faults.Where(fault => fault.StartsWith($"{address}:", StringComparison.Ordinal))]);
    }

    private sealed record Place
    {
        public string Stop { get; init; } = "";
        public string Name { get; init; } = "";
        public bool Shows { get; init; }
        public bool IsAway { get; init; }
        public string Html { get; init; } = "";
    }
}
