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
    private const string Password = "green goat climbing";

    private ColorScheme _scheme;
    private int _width;

    private Uri Console => product.NamedConsole;

    /// <summary>Another person on each screen.</summary>
    private string Email => $"achieng.{_scheme}.{_width}@savanna.example".ToLowerInvariant();

    private string Name => $"Achieng {_scheme} {_width}";

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 360)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task A_new_colleague_is_invited_by_mail_gets_in_in_every_way_and_is_out_within_two_seconds_when_it_ends(ColorScheme scheme, int width)
    {
        (_scheme, _width) = (scheme, width);
        var screen = new BrowserNewContextOptions { ColorScheme = scheme, ViewportSize = new ViewportSize { Width = width, Height = width < 500 ? 740 : 820 } };
        var admin = await ConsoleUser.SignInAsync(product, ConsoleUser.Admin, screen);
        var link = await InviteAsync(admin);

        var context = await product.Browser.NewContextAsync(screen);
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
        await LookAtAddressAndPhoneAsync(page);
        await LookAtForgottenPasswordAsync();

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
        foreach (var path in new[] { "/account/sign-in", "/account/forgot-password", "/account/new-password?key=none", "/account/invitation?key=none", "/account/verify", "/account/address?key=none" })
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
        var texts = admin.GetByLabel("Codes by SMS");
        if (!await texts.IsCheckedAsync())
            await texts.ClickAsync();
        await admin.GetByRole(AriaRole.Button, new() { Name = "Invite somebody" }).ClickAsync();
        var dialog = admin.Locator(".mud-dialog");
        await dialog.GetByLabel("Name").FillAsync(Name);
        await dialog.GetByLabel("E-mail address").FillAsync(Email);
        await dialog.GetByLabel("Role").SelectOptionAsync("Support");
        await ShootAsync(admin, "colleague-invite");
        await admin.GetByRole(AriaRole.Button, new() { Name = "Invite", Exact = true }).ClickAsync();
        await admin.GetByText(Email, new() { Exact = true }).WaitForAsync();
        await ShootAsync(admin, "colleague-staff");
        return await LinkAsync(Email, "invites you to EasyISP");
    }

    /// <summary>The link in the mail that came to this address, as soon as it has come.</summary>
    private async Task<string> LinkAsync(string address, string subject)
    {
        for (var i = 0; i < 200; i++)
        {
            if (product.Mail.Mails.LastOrDefault(mail => mail.To.ToString() == address && mail.Subject?.Contains(subject, StringComparison.Ordinal) == true) is { TextBody: { } text })
                return text.Split(['\r', '\n', ' ']).First(word => word.StartsWith("http", StringComparison.Ordinal));
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"No mail about '{subject}' came to {address}.");
    }

    private async Task AcceptAsync(IPage page, string link)
    {
        await page.GotoAsync(link);
        await page.GetByLabel("Choose a password").FillAsync("password1234");
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();
        await page.GetByText("among the first that are tried").WaitForAsync();
        await ShootAsync(page, "colleague-invitation");
        await page.GetByLabel("Choose a password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();
        await page.GetByText("Welcome. Your password is set").WaitForAsync();
        await ShootAsync(page, "colleague-welcome");
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
        await page.Locator("#passkey-password").FillAsync("not the password");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByText("The password is not right.").WaitForAsync();
        await page.Locator("#passkey-password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByText("The passkey is added").WaitForAsync();
        await ShootAsync(page, "colleague-account");
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
        await ShootAsync(page, "colleague-app");
        await page.GetByLabel("Enter the six digits").FillAsync(AuthenticatorCodes.CodeAt(key, TimeProvider.System.GetUtcNow()));
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn on" }).ClickAsync();
        var codes = (await page.Locator(".recovery-codes").TextContentAsync())!.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await ShootAsync(page, "colleague-codes");
        await page.GotoAsync(new Uri(Console, "/account/second-factor").AbsoluteUri);
        await ShootAsync(page, "colleague-app-on");
        return codes;
    }

    private async Task SignInByRecoveryCodeAsync(IPage page, string code)
    {
        await page.Context.ClearCookiesAsync();
        await SignInAsync(page);
        await page.GetByLabel("Code of your authenticator app").FillAsync("000000");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.GetByText("The code is not right.").WaitForAsync();
        await ShootAsync(page, "colleague-code");
        await page.GetByLabel("Code of your authenticator app").FillAsync(code);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.Locator(".shell").WaitForAsync();
    }

    /// <summary>Another address, which its mailbox verifies, and a phone.</summary>
    private async Task LookAtAddressAndPhoneAsync(IPage page)
    {
        await page.GotoAsync(new Uri(Console, "/account").AbsoluteUri);
        await page.GetByText("Change the address").ClickAsync();
        await page.GetByLabel("New e-mail address").FillAsync($"new.{Email}");
        await page.Locator("#address-password").FillAsync("not the password");
        await page.GetByRole(AriaRole.Button, new() { Name = "Mail me a link" }).ClickAsync();
        await page.GetByText("The password is not right.").WaitForAsync();
        await page.Locator("#address-password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Mail me a link" }).ClickAsync();
        await page.GetByText("A mail is on its way to the new address").WaitForAsync();

        await page.GetByLabel("Phone number").FillAsync("0712 000 777");
        await page.Locator("#phone-password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Send me a code" }).ClickAsync();
        await page.GetByText("A code is on its way to that phone").WaitForAsync();
        await page.GetByLabel("Code that came to").FillAsync("00000000");
        await page.GetByRole(AriaRole.Button, new() { Name = "Verify the phone" }).ClickAsync();
        await page.GetByText("The code is not right, or good no more").WaitForAsync();
        await ShootAsync(page, "colleague-phone");

        await page.GotoAsync(await LinkAsync($"new.{Email}", "Is this your address"));
        await ShootAsync(page, "colleague-address");
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, it is mine" }).ClickAsync();
        await page.GetByText("The address is verified.").WaitForAsync();
    }

    /// <summary>A stranger's browser, which asks for a mail and for a text.</summary>
    private async Task LookAtForgottenPasswordAsync()
    {
        var context = await product.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = _scheme, ViewportSize = new ViewportSize { Width = _width, Height = 740 },
        });
        var page = await context.NewPageAsync();
        foreach (var (button, answer) in new[] { ("Text a code to my phone", "a code is on its way"), ("Mail me a link", "a mail is on its way") })
        {
            await page.GotoAsync(new Uri(Console, "/account/forgot-password").AbsoluteUri);
            await page.GetByLabel("E-mail address").FillAsync($"new.{Email}");
            await ShootAsync(page, "colleague-forgot");
            await page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
            await page.GetByText(answer).WaitForAsync();
            await ShootAsync(page, $"colleague-forgot-{(button[0] == 'T' ? "text" : "mail")}");
        }

        await page.GotoAsync(await LinkAsync($"new.{Email}", "A new password"));
        await ShootAsync(page, "colleague-new-password");
        await context.CloseAsync();
    }

    private async Task ShootAsync(IPage page, string name)
    {
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth") <= 0, $"{name} is wider than its screen");
        await Demonstration.ScreenshotAsync(page, $"{name}-{_scheme}-{_width}".ToLowerInvariant());
    }

    /// <returns>How long the open page stayed.</returns>
    private async Task<TimeSpan> EndAccessAsync(IPage admin, IPage page)
    {
        await admin.GetByRole(AriaRole.Button, new() { Name = $"More about {Name}" }).ClickAsync();
        await admin.GetByText("End access").ClickAsync();
        await admin.GetByRole(AriaRole.Button, new() { Name = "End access" }).WaitForAsync();
        await ShootAsync(admin, "colleague-end");
        var gone = page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" }).WaitForAsync();
        var start = Stopwatch.GetTimestamp();
        await admin.GetByRole(AriaRole.Button, new() { Name = "End access" }).ClickAsync();
        await gone;
        return Stopwatch.GetElapsedTime(start);
    }
}
