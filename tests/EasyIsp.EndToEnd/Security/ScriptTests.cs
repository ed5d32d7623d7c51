using EasyIsp.Testing.Security;
using Microsoft.Playwright;
using Xunit;

namespace EasyIsp.EndToEnd.Security;

/// <summary>What people write is text, wherever it stands: no script of a name runs in any page, not even where the browser's policy is off.</summary>
public sealed class ScriptTests(PoisonedProduct product) : IClassFixture<PoisonedProduct>
{
    /// <summary>Became part of a page, ran, or would run at a click.</summary>
    private const string Injected = """
        () => [...document.querySelectorAll('#xss')].map(part => part.outerHTML)
          .concat(window.__xss ? ['a script ran'] : [])
          .concat([...document.querySelectorAll('a[href], form[action], iframe[src], [formaction]')]
            .map(part => part.getAttribute('href') || part.getAttribute('action') || part.getAttribute('src') || part.getAttribute('formaction') || '')
            .filter(address => /^\s*(javascript|vbscript):/i.test(address)))
        """;

    [Fact]
    public void Every_text_of_the_database_holds_a_script()
    {
        Assert.Empty(product.Clean);
        Assert.InRange(TextFields.All.Count, 80, int.MaxValue);
    }

    [Fact]
    public async Task No_page_of_the_console_runs_what_somebody_wrote()
    {
        List<string> faults = [];
        var texts = 0;
        foreach (var (email, ofPlatform) in new[] { (ConsoleUser.Admin, false), (ConsoleUser.SuperAdmin, true) })
        {
            // The policy would stop scripts; here the encoding alone is on trial.
            var page = await ConsoleUser.SignInAsync(product, email, new BrowserNewContextOptions { BypassCSP = true });
            page.Dialog += (_, dialog) =>
            {
                faults.Add($"{page.Url}: a box of a script, {dialog.Message}");
                _ = dialog.DismissAsync();
            };
            await ConsolePages.WalkAsync(page, product, ofPlatform, async address =>
            {
                faults.AddRange((await page.EvaluateAsync<string[]>(Injected)).Select(fault => $"{address}: {fault}"));
                if (await page.GetByText("This page failed").CountAsync() > 0 || await page.GetByText("The list could not be loaded").CountAsync() > 0)
                    faults.Add($"{address} failed");
                texts += await page.EvaluateAsync<int>("(document.body.innerHTML.match(/id=xss/g) || []).length");
            });
            await page.Context.CloseAsync();
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults.Distinct().Take(60)));
        // It was there to be seen.
        Assert.InRange(texts, 200, int.MaxValue);
    }
}
