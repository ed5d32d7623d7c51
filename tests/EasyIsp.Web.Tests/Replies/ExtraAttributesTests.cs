using Bunit;
using EasyIsp.Core.Replies;
using EasyIsp.Testing;
using EasyIsp.Web.Replies;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Web.Tests.Replies;

public sealed class ExtraAttributesTests(PostgresServer server)
{
    [Fact]
    public async Task What_the_server_computes_itself_is_refused_with_its_reason()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var card = await OpenAsync(browser);

        await TypeAsync(card, "Mikrotik-Rate-Limit", "1M/1M");

        Assert.Contains("The server sends this one itself", card.Find(".field-fault").TextContent);
        Assert.Equal(0, await browser.World.ReadAsync(db => db.ReplyAttributes.CountAsync()));
    }

    [Fact]
    public async Task A_value_that_does_not_fit_says_what_would()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var card = await OpenAsync(browser);

        await TypeAsync(card, "Framed-MTU", "large");
        Assert.Contains("A number is needed", card.Find(".field-fault").TextContent);

        await TypeAsync(card, "Framed-MTU", "1480");
        Assert.Equal("Framed-MTU=1480", await browser.World.ReadAsync(db => db.ReplyAttributes.Select(a => a.Name + "=" + a.Value).SingleAsync()));
    }

    private static async Task<IRenderedComponent<ExtraAttributes>> OpenAsync(StaffBrowser browser)
    {
        var packageId = await browser.World.PackageAsync();
        var card = browser.Context.Render<ExtraAttributes>(parameters => parameters
            .Add(p => p.Owner, new ReplyOwner(ReplyOwnerKind.Package, packageId))
            .Add(p => p.MayManage, true));
        card.WaitForElement("form", TimeSpan.FromSeconds(10));
        await card.InvokeAsync(() => card.FindAll("button").Single(button => button.TextContent.Contains("Add an attribute")).ClickAsync());
        return card;
    }

    private static async Task TypeAsync(IRenderedComponent<ExtraAttributes> card, string name, string value)
    {
        await card.InvokeAsync(() => card.FindAll("input")[0].InputAsync(name));
        await card.InvokeAsync(() => card.FindAll("input")[0].BlurAsync());
        await card.InvokeAsync(() => card.FindAll("input")[1].ChangeAsync(value));
        await card.InvokeAsync(() => card.Find("form").SubmitAsync());
    }
}
