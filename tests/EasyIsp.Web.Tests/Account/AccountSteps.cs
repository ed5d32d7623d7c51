using System.Text.RegularExpressions;
using EasyIsp.Core.Identity.SecondFactors;
using EasyIsp.Core.Mail;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tests.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Xunit;

namespace EasyIsp.Web.Tests.Account;

/// <summary>What people do with their accounts, by the pages and the mails they do it with.</summary>
internal static partial class AccountSteps
{
    public const string Console = "https://console.example/";

    /// <summary>The settings of an installation whose mail this server takes.</summary>
    public static IReadOnlyDictionary<string, string> Settings(this SmtpServer server)
    {
        var options = server.Options();
        return new Dictionary<string, string>
        {
            ["Mail:Host"] = options.Host!, ["Mail:Port"] = $"{options.Port}", ["Mail:From"] = options.From!, ["Mail:Security"] = $"{MailSecurity.None}",
            ["Console:PublicUrl"] = Console,
        };
    }

    /// <summary>The mail with this subject, as soon as it has come.</summary>
    public static async Task<MimeMessage> MailAsync(this SmtpServer server, string subject, int count = 1)
    {
        await Eventually.TrueAsync(() => Task.FromResult(server.Mails.Count(mail => mail.Subject == subject) >= count));
        return server.Mails.Where(mail => mail.Subject == subject).OrderBy(mail => mail.Date).Last();
    }

    /// <summary>The link in a mail, as a path of the console.</summary>
    public static string LinkIn(MimeMessage mail)
    {
        var text = mail.TextBody ?? "";
        var link = Link().Match(text);
        Assert.True(link.Success, text);
        return link.Value[(Console.Length - 1)..].Trim();
    }

    public static Task<HttpResponseMessage> SubmitAsync(this HttpClient browser, string page, string form, params (string Name, string Value)[] fields)
        => browser.PostFormAsync(page, page, [("_handler", form), .. fields]);

    public static Task<HttpResponseMessage> SetPasswordAsync(this HttpClient browser, string link, string password)
        => browser.SubmitAsync(link, "new-password", ("Form.Key", link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..]), ("Form.Password", password));

    /// <summary>Presses the button of the page that a mailed link opens.</summary>
    public static Task<HttpResponseMessage> VerifyAsync(this HttpClient browser, string link)
        => browser.SubmitAsync(link, "address", ("Form.Key", link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..]));

    /// <summary>What was done, in the log of a company or of the platform, by the alphabet: a clock that stands still gives no order.</summary>
    public static async Task<List<string>> DeedsAsync(this ConsoleHost host, Guid tenantId)
    {
        await using var db = await host.Services.GetRequiredService<PlatformDatabase>().OpenAsync(TestContext.Current.CancellationToken);
        return await db.AuditEvents.IgnoreQueryFilters([QueryFilters.Tenant]).Where(deed => deed.TenantId == tenantId)
            .Select(deed => deed.Action).Order().ToListAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Sets up an authenticator app, as the page tells.</summary>
    /// <returns>The key that the app has, and the recovery codes that were shown.</returns>
    public static async Task<(string Key, IReadOnlyList<string> Codes)> SetUpAppAsync(this HttpClient browser, DateTimeOffset now)
    {
        var page = await browser.ReadAsync("/account/second-factor");
        var key = Key().Match(page).Groups["key"].Value.Replace(" ", "", StringComparison.Ordinal);
        var answer = await browser.SubmitAsync("/account/second-factor", "turn-on", ("On.Code", AuthenticatorCodes.CodeAt(key, now)));
        return (key, [.. RecoveryCodes().Matches(await answer.TextAsync()).Select(code => code.Value).Distinct()]);
    }

    [GeneratedRegex(@"https://console\.example/\S+", RegexOptions.None, 1000)]
    private static partial Regex Link();

    [GeneratedRegex("<code class=\"secret\">(?<key>[A-Z2-7 ]+)</code>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();

    [GeneratedRegex(@"\b[2-9A-Z]{5}-[2-9A-Z]{5}\b", RegexOptions.None, 1000)]
    private static partial Regex RecoveryCodes();
}
