using System.Diagnostics;
using EasyIsp.Core.Identity.SecondFactors;
using Microsoft.Playwright;
using Xunit;

namespace EasyIsp.EndToEnd.Account;

/// <summary>
/// A new member of staff, from the invitation to the end: password, passkey (a virtual authenticator of Chromium's, by the
/// DevTools protocol), authenticator app, lost phone, access that ends. Every screen is kept as a picture.
/// </summary>
[Collection<RunningProduct>]
public sealed class NewColleagueTests(Demonstration product)
{
    private const string Email = "achieng@savanna.example";
    private const string Password = "green goat climbing";

    /// <summary>Passkeys belong to a name, and an address of digits is none.</summary>
    private Uri Console => new UriBuilder(product.Console) { Host = "localhost" }.Uri;

    [Fact]
    public async Task A_new_colleague_is_invited_gets_in_in_every_way_and_is_out_within_two_seconds_when_it_ends()
    {
        var admin = await ConsoleUser.SignInAsync(product, ConsoleUser.Admin);
        var link = await InviteAsync(admin);

        var context = await product.Browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1280, Height = 820 } });
        var page = await context.NewPageAsync();
        List<string> complaints = [];
        page.Console += (_, message) =>
        {
            // The browser notes each answer that refuses, as that to a wrong password.
            if (message.Type == "error" && !message.Text.Contains("422", StringComparison.Ordinal))
                complaints.Add(message.Text);
        };
        await AcceptAsync(page, link);
        await SignInAsync(page);
        await AddPasskeyAsync(page);
        await SignInByPasskeyAsync(page);
        var codes = await SetUpAppAsync(page);
        await SignInByRecoveryCodeAsync(page, codes[0]);

        await page.GotoAsync(new Uri(Console, "/customers").AbsoluteUri);
        await page.Locator(".shell").WaitForAsync();
        var took = await EndAccessAsync(admin, page);
        Assert.True(took < TimeSpan.FromSeconds(2), $"It took {took}.");
        Assert.Empty(complaints);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 360)]
    [InlineData(ColorScheme.Dark, 360)]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    public async Task The_pages_before_the_door_fit_their_screen(ColorScheme scheme, int width)
    {
        var context = await product.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = scheme, ViewportSize = new ViewportSize { Width = width, Height = 740 },
        });
        var page = await context.NewPageAsync();
        foreach (var path in new[] { "/account/sign-in", "/account/forgot-password", "/account/new-password?key=none", "/account/invitation?key=none" })
        {
            await page.GoAsync(product, path);
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth") <= 0, $"{path} is wider than its screen");
            await Demonstration.ScreenshotAsync(page, $"door{path.Replace('/', '-').Replace('?', '-')}-{scheme}-{width}".ToLowerInvariant());
        }

        await context.CloseAsync();
    }

    private async Task<string> InviteAsync(IPage admin)
    {
        await admin.GoAsync(product, "/settings?tab=staff");
        await admin.GetByRole(AriaRole.Button, new() { Name = "Invite somebody" }).ClickAsync();
        var dialog = admin.Locator(".mud-dialog");
        await dialog.GetByLabel("Name").FillAsync("Achieng Ouma");
        await dialog.GetByLabel("E-mail address").FillAsync(Email);
        await dialog.GetByLabel("Role").SelectOptionAsync("Support");
        await Demonstration.ScreenshotAsync(admin, "colleague-invite");
        await admin.GetByRole(AriaRole.Button, new() { Name = "Invite", Exact = true }).ClickAsync();
        var link = await admin.Locator(".mud-dialog .secret").TextContentAsync();
        await Demonstration.ScreenshotAsync(admin, "colleague-link");
        await admin.GetByRole(AriaRole.Button, new() { Name = "I have copied it" }).ClickAsync();
        await admin.GetByText(Email).WaitForAsync();
        await Demonstration.ScreenshotAsync(admin, "colleague-staff");
        return link!;
    }

    private async Task AcceptAsync(IPage page, string link)
    {
        await page.GotoAsync(new Uri(Console, new Uri(link).PathAndQuery).AbsoluteUri);
        await page.GetByLabel("Choose a password").FillAsync("password1234");
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();
        await page.GetByText("among the first that are tried").WaitForAsync();
        await Demonstration.ScreenshotAsync(page, "colleague-invitation");
        await page.GetByLabel("Choose a password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();
        await page.GetByText("Welcome. Your password is set").WaitForAsync();
        await Demonstration.ScreenshotAsync(page, "colleague-welcome");
    }

    private async Task SignInAsync(IPage page)
    {
        await page.GotoAsync(new Uri(Console, "/account/sign-in?returnUrl=%2Fcustomers").AbsoluteUri);
        await page.GetByLabel("E-mail address").FillAsync(Email);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    private async Task AddPasskeyAsync(IPage page)
    {
        await page.Locator(".shell").WaitForAsync();
        var tools = await page.Context.NewCDPSessionAsync(page);
        await tools.SendAsync("WebAuthn.enable");
        await tools.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true,
                ["isUserVerified"] = true, ["automaticPresenceSimulation"] = true,
            },
        });

        await page.GotoAsync(new Uri(Console, "/account").AbsoluteUri);
        await page.Locator("#passkey-name").FillAsync("Achieng's laptop");
        await page.GetByLabel("Your password").FillAsync("not the password");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByText("The password is not right.").WaitForAsync();
        await page.GetByLabel("Your password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByText("The passkey is added").WaitForAsync();
        await Demonstration.ScreenshotAsync(page, "colleague-account");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out everywhere" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" }).WaitForAsync();
    }

    private static async Task SignInByPasskeyAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await page.Locator(".shell").WaitForAsync();
    }

    private async Task<string[]> SetUpAppAsync(IPage page)
    {
        await page.GotoAsync(new Uri(Console, "/account/second-factor").AbsoluteUri);
        var key = (await page.Locator("code.secret").TextContentAsync())!.Replace(" ", "", StringComparison.Ordinal);
        await Demonstration.ScreenshotAsync(page, "colleague-app");
        await page.GetByLabel("Enter the six digits").FillAsync(AuthenticatorCodes.CodeAt(key, TimeProvider.System.GetUtcNow()));
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn on" }).ClickAsync();
        var codes = (await page.Locator(".recovery-codes").TextContentAsync())!.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await Demonstration.ScreenshotAsync(page, "colleague-codes");
        await page.GotoAsync(new Uri(Console, "/account/second-factor").AbsoluteUri);
        await Demonstration.ScreenshotAsync(page, "colleague-app-on");
        return codes;
    }

    private async Task SignInByRecoveryCodeAsync(IPage page, string code)
    {
        await page.Context.ClearCookiesAsync();
        await SignInAsync(page);
        await page.GetByLabel("Code of your authenticator app").FillAsync("000000");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.GetByText("The code is not right.").WaitForAsync();
        await Demonstration.ScreenshotAsync(page, "colleague-code");
        await page.GetByLabel("Code of your authenticator app").FillAsync(code);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.Locator(".shell").WaitForAsync();
    }

    /// <returns>How long the open page stayed.</returns>
    private static async Task<TimeSpan> EndAccessAsync(IPage admin, IPage page)
    {
        await admin.GetByRole(AriaRole.Button, new() { Name = "More about Achieng Ouma" }).ClickAsync();
        await admin.GetByText("End access").ClickAsync();
        await admin.GetByRole(AriaRole.Button, new() { Name = "End access" }).WaitForAsync();
        await Demonstration.ScreenshotAsync(admin, "colleague-end");
        var gone = page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" }).WaitForAsync();
        var start = Stopwatch.GetTimestamp();
        await admin.GetByRole(AriaRole.Button, new() { Name = "End access" }).ClickAsync();
        await gone;
        return Stopwatch.GetElapsedTime(start);
    }
}
