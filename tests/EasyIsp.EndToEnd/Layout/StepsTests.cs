using System.Globalization;
using System.Text;
using Microsoft.Playwright;
using Xunit;

namespace EasyIsp.EndToEnd.Layout;

/// <summary>What pages show only once somebody has begun something, in light and dark, on a phone and on a desk.</summary>
[Collection<RunningProduct>]
public sealed class StepsTests(Demonstration product)
{
    private const string Head = "Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Reason Type,Other Party Info,A/C No.\n";

    /// <summary>What sticks out of its card to the right.</summary>
    private const string BeyondCards = """
        [...document.querySelectorAll('.card *')]
          .filter(part => !part.closest('.scroll') && part.getBoundingClientRect().right > part.closest('.card').getBoundingClientRect().right + 0.5)
          .map(part => `${part.tagName} ${part.textContent.trim()}`)
        """;

    public static TheoryData<ColorScheme, int> Screens => new()
    {
        { ColorScheme.Light, 1280 }, { ColorScheme.Dark, 1280 }, { ColorScheme.Light, 360 }, { ColorScheme.Dark, 360 },
    };

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_statement_on_its_way_fits_the_screen(ColorScheme scheme, int width)
    {
        var page = await OpenAsync(scheme, width, "/payments/reconciliation/upload");
        var file = page.Locator("input[type=file]");

        await file.SetInputFilesAsync(FileOf("holiday plans"));
        await SeenAsync(page, "It has no row with the columns", "upload-fault", scheme, width);
        await file.SetInputFilesAsync(FileOf(Head + Row(1, "-60.00") + Row(2, "60.00")));
        await SeenAsync(page, "would prove nothing", "upload-unread", scheme, width);
        await file.SetInputFilesAsync(FileOf(Head + string.Concat(Enumerable.Range(100, 12).Select(i => Row(i, "1250.00"))) + Row(3, "", "-8.25")));
        await SeenAsync(page, "Other movements, not compared", "upload-chosen", scheme, width);
        await page.Locator("input[type=date]").First.FillAsync("2026-01-01");
        await page.Locator("input[type=date]").Last.FillAsync("2026-01-02");
        await page.GetByRole(AriaRole.Button, new() { Name = "Take it" }).ClickAsync();
        await SeenAsync(page, "Choose days that hold them all", "upload-refused", scheme, width);
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_shilling_on_its_way_fits_the_screen(ColorScheme scheme, int width)
    {
        var page = await OpenAsync(scheme, width, "/settings?tab=mpesa");
        await page.Locator("a[href^='/settings/mpesa/']").First.ClickAsync();
        var card = page.Locator("section", new() { HasText = "Push one shilling" }).First;
        await card.GetByRole(AriaRole.Textbox).FillAsync("12");
        await card.GetByRole(AriaRole.Button).ClickAsync();
        await SeenAsync(page, "A Kenyan mobile number", "shilling-fault", scheme, width);

        // Ends in 032: this customer of the emulated M-Pesa cancels (mpesa.md, 3.11).
        await card.GetByRole(AriaRole.Textbox).FillAsync("0712000032");
        await card.GetByRole(AriaRole.Button).ClickAsync();
        await page.WaitForURLAsync(url => url.Contains("/payments/", StringComparison.Ordinal));
        await SeenAsync(page, "What happened", "shilling-running", scheme, width);
        await SeenAsync(page, "cancelled", "shilling-over", scheme, width);
    }

    [Fact]
    public async Task What_was_explained_before_fits_the_screen()
    {
        var page = await OpenAsync(ColorScheme.Light, 1280, "/payments/reconciliation");
        await TakenAsync(page, Row(9, "100.00"));
        await TakenAsync(page, Row(9, "130.00"));
        var line = page.Locator(".line", new() { HasText = "UZ99K40009" });
        await line.GetByRole(AriaRole.Button, new() { Name = "Explain" }).ClickAsync();
        await page.Locator("#reason input").FillAsync("The export was made while M-Pesa corrected the amount, says their help line");
        await page.Locator("#reason input").PressAsync("Enter");
        await line.GetByText("Explained: The export").WaitForAsync();
        await TakenAsync(page, Row(9, "150.00"));

        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach (var width in new[] { 1280, 360 })
                await SeenAsync(await OpenAsync(scheme, width, "/payments/reconciliation"), "explained before, when M-Pesa said", "explained-before", scheme, width);
        }
    }

    private async Task TakenAsync(IPage page, string row)
    {
        await page.GoAsync(product, "/payments/reconciliation/upload");
        await page.Locator("input[type=file]").SetInputFilesAsync(FileOf(Head + row));
        await page.GetByRole(AriaRole.Button, new() { Name = "Take it" }).ClickAsync();
        await page.WaitForURLAsync(url => url.Contains("period=dates", StringComparison.Ordinal));
    }

    private async Task<IPage> OpenAsync(ColorScheme scheme, int width, string path)
    {
        var page = await ConsoleUser.SignInAsync(product, ConsoleUser.Admin, new BrowserNewContextOptions
        {
            ColorScheme = scheme, ViewportSize = new ViewportSize { Width = width, Height = width < 500 ? 740 : 820 },
        });
        await page.GoAsync(product, path);
        return page;
    }

    private static async Task SeenAsync(IPage page, string words, string name, ColorScheme scheme, int width)
    {
        await page.GetByText(words).First.WaitForAsync(new() { Timeout = 30_000 });
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth") <= 0, $"{name} is wider than its screen");
        Assert.Empty(await page.EvaluateAsync<string[]>(BeyondCards));
        await Demonstration.ScreenshotAsync(page, $"step-{name}-{scheme}-{width}".ToLowerInvariant());
    }

    private static string Row(int number, string paidIn, string withdrawn = "")
    {
        var time = TimeProvider.System.GetUtcNow().AddHours(-2).ToOffset(TimeSpan.FromHours(3));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"UZ99K4{number:D4},{time:yyyy-MM-dd HH:mm:ss},Pay Bill,Completed,{paidIn},{withdrawn},Pay Bill Online,2547…678 - JANE WANJIKU,nobody's\n");
    }

    private static FilePayload FileOf(string text) => new() { Name = "statement.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(text) };
}
