using Microsoft.Playwright;

namespace EasyIsp.EndToEnd;

/// <summary>A member of staff before a browser.</summary>
internal static class ConsoleUser
{
    public const string Admin = "admin@savanna.example";
    public const string SuperAdmin = "platform@easyisp.example";

    public static async Task<IPage> SignInAsync(Demonstration product, string email, BrowserNewContextOptions? options = null)
    {
        var context = await product.Browser.NewContextAsync(options ?? new BrowserNewContextOptions());
        var page = await context.NewPageAsync();
        await page.GotoAsync(product.Console.AbsoluteUri);
        await page.GetByLabel("E-mail address").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(product.PasswordOf(email));
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.Locator(".shell").WaitForAsync();
        return page;
    }

    public static Task GoAsync(this IPage page, Demonstration product, string path)
        => page.GotoAsync(new Uri(product.Console, path).AbsoluteUri, new PageGotoOptions { WaitUntil = WaitUntilState.NetworkIdle });
}
