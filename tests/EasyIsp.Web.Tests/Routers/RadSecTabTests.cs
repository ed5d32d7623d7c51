using System.Security.Cryptography.X509Certificates;
using Bunit;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Routers.RadSec;
using EasyIsp.Testing;
using EasyIsp.Web.Routers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Xunit;

namespace EasyIsp.Web.Tests.Routers;

public sealed class RadSecTabTests(PostgresServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_certificate_is_handed_over_once_and_revoked_after_a_question()
    {
        await using var browser = await OpenAsync();
        var dialogs = browser.Context.Render<MudDialogProvider>();
        var router = await browser.World.RouterAsync("Town mast №1");
        var tab = Tab(browser.Context, router);
        tab.WaitForElement(".notice", Patience);

        await tab.ClickAsync("button", "Issue certificate");
        dialogs.WaitForElement(".secret", Patience);
        var passphrase = dialogs.Find(".secret").TextContent;
        var file = dialogs.Find("a[download='easyisp-town-mast-1.p12']").GetAttribute("href")!;
        using var taken = X509CertificateLoader.LoadPkcs12Collection(Convert.FromBase64String(file[(file.IndexOf(',') + 1)..]), passphrase)
            .Single(certificate => certificate.HasPrivateKey);
        Assert.Contains($"CN={router}", taken.Subject, StringComparison.Ordinal);
        Assert.Contains($"passphrase=\"{passphrase}\"", dialogs.Find(".commands").TextContent, StringComparison.Ordinal);
        await dialogs.ClickAsync("button", "I have it");
        tab.WaitForAssertion(() => Assert.Contains("active", tab.Find("tbody tr").TextContent, StringComparison.Ordinal), Patience);
        Assert.DoesNotContain(passphrase, tab.Markup, StringComparison.Ordinal);

        await tab.ClickAsync("button", "Revoke");
        dialogs.WaitForAssertion(() => Assert.Contains("can no longer connect", dialogs.Find("p").TextContent, StringComparison.Ordinal), Patience);
        await dialogs.ClickAsync("button", "Revoke");

        tab.WaitForAssertion(() => Assert.Contains("revoked", tab.Find("tbody tr").TextContent, StringComparison.Ordinal), Patience);
        Assert.Equal(
            ["router.issue-certificate", "router.revoke-certificate"],
            await browser.World.ReadAsync(db => db.AuditEvents.Where(a => a.Action.EndsWith("certificate")).OrderBy(a => a.Action).Select(a => a.Action).ToListAsync()));
    }

    [Fact]
    public async Task Who_may_only_look_sees_the_certificates_and_takes_the_authoritys()
    {
        await using var browser = await OpenAsync();
        var router = await browser.World.RouterAsync();
        await browser.World.AsTenantAsync<RadSecDesk, IssuedCertificate?>(desk => desk.IssueAsync(router, CancellationToken.None));
        await using var looker = await ConsoleUi.OpenAsync(browser.World, Permission.RoutersView);

        var tab = Tab(looker, router, mayManage: false);

        tab.WaitForElement("tbody tr", Patience);
        Assert.Empty(tab.FindAll("button"));
        Assert.StartsWith("data:application/x-pem-file;base64,", tab.Find("a[download='easyisp-radsec-ca.pem']").GetAttribute("href"), StringComparison.Ordinal);
    }

    private static IRenderedComponent<RadSecTab> Tab(BunitContext ui, Guid router, bool mayManage = true)
        => ui.Render<RadSecTab>(parameters => parameters.Add(t => t.RouterId, router).Add(t => t.RouterName, "Town mast №1").Add(t => t.MayManage, mayManage));

    private async Task<StaffBrowser> OpenAsync()
    {
        var browser = await StaffBrowser.OpenAsync(server);
        await browser.World.Services.GetRequiredService<CertificateAuthority>().EnsureAsync(CancellationToken.None);
        return browser;
    }
}
