using Bunit;
using EasyIsp.Core.Identity;
using EasyIsp.Testing;
using EasyIsp.Web.Layout;
using MudBlazor;
using Xunit;

namespace EasyIsp.Web.Tests.Layout;

public sealed class SearchFieldTests(PostgresServer server)
{
    [Fact]
    public async Task What_is_chosen_is_opened()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var router = await browser.World.RouterAsync();
        var field = browser.Context.Render<SearchField>().FindComponent<MudAutocomplete<SearchResult>>();

        var found = Assert.Single(await field.Instance.SearchFunc!("town", Xunit.TestContext.Current.CancellationToken)!);
        await field.InvokeAsync(() => field.Instance.ValueChanged.InvokeAsync(found));

        Assert.Equal($"/routers/{router}", browser.Path);
    }

    [Fact]
    public async Task Each_role_finds_what_it_may_see()
    {
        await using var browser = await StaffBrowser.OpenAsync(server, StandardRoles.Technician);

        var findable = SearchResult.FindableBy(browser.Session);

        Assert.True(findable.HasFlag(Core.Reports.Findable.Routers));
        Assert.False(findable.HasFlag(Core.Reports.Findable.Payments));
    }
}
