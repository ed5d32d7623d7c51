using System.Diagnostics;
using Microsoft.Playwright;
using Npgsql;
using Xunit;

namespace EasyIsp.EndToEnd.Hotspot;

/// <summary>The main job, on the real processes: a phone that pays is online, is seen, and is cut at its end.</summary>
[Collection<RunningProduct>]
public sealed class PurchaseTests(Demonstration product)
{
    private const string Phone = "0712 000555";

    [Fact]
    public async Task A_phone_that_pays_is_online_is_seen_in_the_console_and_is_cut_at_its_end()
    {
        var console = await ConsoleUser.SignInAsync(product, ConsoleUser.Admin);
        await OfferOneMinuteAsync(console);
        await console.GoAsync(product, $"/sessions?q={Uri.EscapeDataString(Phone)}");
        var phone = await ArriveAsync();

        await BuyAsync(phone);
        await phone.GetByText("You are online until").WaitForAsync(new() { Timeout = 30_000 });
        var watch = Stopwatch.StartNew();
        await console.GetByText(Phone).First.WaitForAsync(new() { Timeout = 10_000 });
        var seenAfter = watch.Elapsed;
        await Demonstration.ScreenshotAsync(phone, "portal-online");
        await Demonstration.ScreenshotAsync(console, "console-session-live");
        await ShowStoryAsync(console);

        var (letInAfter, cause, lastedSeconds) = await EndAsync();
        TestContext.Current.SendDiagnosticMessage(
            "callback to first accounting {0} ms, seen in the console {1} ms after the phone knew, cut after {2} s",
            letInAfter.TotalMilliseconds, seenAfter.TotalMilliseconds, lastedSeconds);
        Assert.True(letInAfter < TimeSpan.FromSeconds(10), $"It took {letInAfter} from the callback to the first accounting packet.");
        Assert.True(seenAfter < TimeSpan.FromSeconds(5), $"The console showed it only after {seenAfter}.");
        Assert.Equal(5, cause); // Session-Timeout (RFC 2866, 5.10)
        Assert.InRange(lastedSeconds, 40, 61);
    }

    [Fact]
    public async Task Who_cancels_the_prompt_is_told_so_and_may_try_again()
    {
        var phone = await ArriveAsync(new BrowserNewContextOptions { Locale = "sw", JavaScriptEnabled = false });

        await phone.Locator("a[href*='/buy/']").First.ClickAsync();
        // Ends in 032: this customer of the emulated M-Pesa cancels (mpesa.md, 3.11).
        await phone.Locator("input[type=tel]").FillAsync("0712000032");
        await phone.Locator("input[type=tel]").PressAsync("Enter");

        // Without script: the page comes again by itself.
        await phone.GetByText("Malipo hayakukamilika").WaitForAsync(new() { Timeout = 40_000 });
        Assert.True(await phone.GetByText("Jaribu tena").IsVisibleAsync());
    }

    private async Task<IPage> ArriveAsync(BrowserNewContextOptions? options = null)
    {
        options ??= new BrowserNewContextOptions { Locale = "en" };
        options.ViewportSize = new ViewportSize { Width = 360, Height = 740 };
        var context = await product.Browser.NewContextAsync(options);
        var phone = await context.NewPageAsync();
        await phone.GotoAsync(Demonstration.Hotspot.AbsoluteUri);
        if (options.JavaScriptEnabled == false)
            await phone.Locator("button, input[type=submit], a").First.ClickAsync();
        await phone.Locator("a[href*='/buy/']").First.WaitForAsync();
        return phone;
    }

    private static async Task BuyAsync(IPage phone)
    {
        await phone.Locator("a[href*='/buy/']", new() { HasText = "Ksh 7" }).ClickAsync();
        await phone.Locator("input[type=tel]").FillAsync(Phone);
        await phone.Locator("input[type=tel]").PressAsync("Enter");
        await phone.GetByText("Check your phone").WaitForAsync();
    }

    private async Task OfferOneMinuteAsync(IPage console)
    {
        await console.GoAsync(product, "/packages/new");
        await console.Locator("main").GetByLabel("Name").FillAsync("A minute");
        await console.Locator("main").GetByLabel("Price").FillAsync("7");
        await console.Locator("main").GetByLabel("Lasts").First.FillAsync("1");
        await console.Locator("select.unit").SelectOptionAsync(new SelectOptionValue { Label = "minutes" });
        await console.GetByRole(AriaRole.Button, new() { Name = "Create package" }).ClickAsync();
        await console.WaitForURLAsync(url => !url.EndsWith("/new", StringComparison.Ordinal));
    }

    private async Task ShowStoryAsync(IPage console)
    {
        await console.GoAsync(product, $"/payments?q={Uri.EscapeDataString(Phone)}");
        await console.GetByText(Phone).First.ClickAsync();
        await console.GetByText("Online: first accounting packet").WaitForAsync();
        await Demonstration.ScreenshotAsync(console, "console-payment-story");
    }

    /// <summary>Waits for the session to end by itself.</summary>
    private async Task<(TimeSpan LetInAfter, int Cause, long Seconds)> EndAsync()
    {
        var server = new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable("EASYISP_TEST_PG")!) { Database = product.Database };
        await using var database = NpgsqlDataSource.Create(server.ConnectionString);
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < TimeSpan.FromSeconds(120))
        {
            await using var ended = database.CreateCommand("""
                select s.started_at - m.received_at, s.terminate_cause, s.session_seconds
                from sessions s
                join customers c on c.id = s.customer_id and c.phone = '+254712000555'
                join payment_requests r on r.customer_id = c.id
                join provider_messages m on m.payment_request_id = r.id
                """);
            await using var reader = await ended.ExecuteReaderAsync();
            if (await reader.ReadAsync())
                return (reader.GetTimeSpan(0), reader.GetInt32(1), reader.GetInt64(2));
            await Task.Delay(500);
        }

        throw new TimeoutException("The session did not end.");
    }
}
