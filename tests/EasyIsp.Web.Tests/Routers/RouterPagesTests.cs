using System.Net;
using Bunit;
using EasyIsp.Testing;
using EasyIsp.Web.Routers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Xunit;

namespace EasyIsp.Web.Tests.Routers;

public sealed class RouterPagesTests(PostgresServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task The_secret_stands_in_the_commands_only_after_an_audited_click()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var router = await browser.World.RouterAsync();
        var page = browser.Context.Render<RouterPage>(parameters => parameters.Add(p => p.Id, router));
        page.WaitForAssertion(() => Assert.Contains("••••", page.Find(".commands").TextContent), Patience);
        Assert.Contains("src-address=10.255.0.2", page.Find(".commands").TextContent);

        await page.InvokeAsync(() => page.FindAll("button").Single(button => button.TextContent.Contains("Show with secret", StringComparison.Ordinal)).ClickAsync());

        page.WaitForAssertion(() => Assert.DoesNotContain("••••", page.Find(".commands").TextContent), Patience);
        Assert.Equal(1, await browser.World.ReadAsync(db => db.AuditEvents.CountAsync(a => a.Action == "router.reveal-secret")));
    }

    [Theory]
    [InlineData(null, "197.248.0.10", "197.248.0.10")]
    [InlineData("radius.savanna.net", "197.248.0.10", "radius.savanna.net")]
    [InlineData(null, "0.0.0.0", "ADDRESS-OF-EASYISP")]
    [InlineData(null, null, "ADDRESS-OF-EASYISP")]
    public void Routers_are_sent_to_the_named_address_or_to_the_one_that_radius_listens_on(string? named, string? listening, string expected)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Radius:Address", listening)]).Build();
        var commands = new RouterCommands(Options.Create(new RouterCommandOptions { RadiusAddress = named }), configuration);

        Assert.Contains($" address={expected} ", commands.Radius(IPAddress.Parse("10.255.0.2"), 3799, null));
    }

    [Fact]
    public async Task An_address_that_is_none_is_refused_at_its_field()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var page = browser.Context.Render<NewRouterPage>();
        await page.InvokeAsync(() => page.FindAll("input")[0].ChangeAsync("Town mast"));
        await page.InvokeAsync(() => page.FindAll("input")[1].ChangeAsync("10.255"));

        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        Assert.Contains("An IP address is needed", Assert.Single(page.FindAll(".field-fault")).TextContent);
        Assert.Equal(0, await browser.World.ReadAsync(db => db.Routers.CountAsync()));
    }
}
